// Everything that a Core keeps, as one struct that the handlers share, and the Turn in which they
// run. Only files of runtime/broker include it; from outside there is core.h.
//
// Core thread; owned by Core. Handlers are free functions over a Turn: parents decide, leaves
// compute. What a handler finds out on its way but may not do there (a message in the middle of a
// fan-out must not end a session that the fan-out is about to visit) is noted under "to settle" and
// done by settle() when the packet is finished.
#pragma once

#include <array>
#include <deque>
#include <map>
#include <optional>
#include <vector>

#include "base/deadline_queue.h"
#include "base/hlc.h"
#include "base/keyed_hash.h"
#include "runtime/broker/connection.h"
#include "runtime/broker/core.h"
#include "runtime/broker/publish_heads.h"
#include "runtime/broker/retained.h"
#include "runtime/broker/session_table.h"
#include "runtime/broker/shared_group.h"
#include "runtime/broker/subscription_index.h"
#include "runtime/broker/sys_topics.h"

namespace lotmesh::broker {

struct DeadlineKey {
    enum class Kind : std::uint8_t { Connection, Session };
    Kind kind = Kind::Connection;
    SlotHandle handle;
};

// A SUBACK that waits for the peers.
struct PendingSuback {
    ConnId conn;
    mqtt::PacketId packet_id = 0;
    std::vector<mqtt::ReasonCode> reasons;
};

// Of a shared subscription, when the member that had it went for good.
struct Orphan {
    MessageRef message;
    GroupId group;
};

struct State {
    State(CoreConfig core_config, ClusterPort& cluster_port, Policy& policy_port);

    CoreConfig config;
    ClusterPort& cluster;
    Policy& policy;
    Hlc hlc;
    // Assigned client ids are seen by strangers: they are made by a one-way function of a counter.
    HashKey client_id_key;
    std::uint64_t client_ids_made = 0;

    ConnectionTable connections;
    SessionTable sessions;
    SubscriptionIndex index;
    SharedGroups shared;
    RetainedStore retained;
    RetainedStore sys_retained;  // below $SYS: of this node only, never replicated
    std::uint64_t sys_versions = 0;
    SysTopics sys;
    Counters counters;
    std::size_t connected_clients = 0;
    std::size_t persistent_sessions = 0;  // whose expiry is not 0 (set_expiry)
    bool shutting_down = false;
    Pressure pressure = Pressure::None;
    DiskSpace disk = DiskSpace::Enough;
    // Whose CONNECT has not come, oldest first, and some whose has:
    // unauthenticated_connections_max.
    std::deque<ConnId> strangers;
    std::uint64_t policy_changes = 0;
    // Who waits for which answer of the policy: a connection has one at most.
    std::map<AuthTicket, ConnId> awaited;

    std::multimap<BarrierTicket, PendingSuback> pending_subacks;  // pending_subacks_max per session

    // One entry for each connection and session, rarely two, and those of some that are gone: in
    // all twice what there is and a thousand (expiry.cpp).
    DeadlineQueue<DeadlineKey> deadlines;
    std::optional<Instant> housekeeping_at;

    // Backpressure.
    std::vector<ConnId> paused;         // sources, in the order of their pauses
    std::vector<SessionId> above_high;  // connected subscribers, some perhaps not any more
    // Connections with more to send than one turn should carry.
    std::vector<ConnId> continuing;
    Instant continue_at;  // where there are any

    // To settle.
    std::vector<StoredWill> wills_due;
    std::vector<SessionId> stalled_full;  // to be disconnected
    bool shared_unsettled = false;        // there is something in the next two
    std::vector<Orphan> orphans;
    std::vector<SessionId> moving;  // whose queues have messages that other members should get
    std::vector<SessionId> moving_later;  // the same, with the next housekeeping
    bool resume_wanted = false;
    bool settling = false;

    PublishHeads heads{counters};  // scratch of a fan-out
};

struct Turn {
    State& state;
    Now now;
    Effects& effects;
};

}  // namespace lotmesh::broker
