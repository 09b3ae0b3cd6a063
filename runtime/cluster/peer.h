// What a node knows of one peer, linked or away. Plain state; the cluster's files work on it.
// Bounded: at most kPeersMax of them, each by its view's spool and its lane.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "base/node_id.h"
#include "base/time.h"
#include "compiler/ir/plan.h"
#include "runtime/broker/event.h"
#include "runtime/broker/message.h"
#include "runtime/cluster/ack_watch.h"
#include "runtime/cluster/inbound.h"
#include "runtime/cluster/peer_link.h"
#include "runtime/cluster/retained_sync.h"
#include "runtime/cluster/view.h"

namespace lotmesh::cluster {

// QoS 0: while the link takes bytes it is empty at the end of each turn.
struct BestEffortLane {
    std::deque<broker::MessageRef> waiting;
    std::size_t bytes = 0;
    std::uint64_t sent = 0;
    std::uint64_t dropped_away = 0;      // the peer was unreachable
    std::uint64_t dropped_overflow = 0;  // the link did not take them

    // `messages_max`: 0 for no bound of its own.
    void push(const broker::MessageRef& message, std::size_t bytes_max, std::size_t messages_max) {
        waiting.push_back(message);
        bytes += message->memory_bytes();
        const auto too_many = [&] { return messages_max != 0 && waiting.size() > messages_max; };
        while (waiting.size() > 1 && (bytes > bytes_max || too_many())) {
            pop();
            ++dropped_overflow;
        }
    }
    broker::MessageRef pop() {
        broker::MessageRef message = std::move(waiting.front());
        waiting.pop_front();
        bytes -= message->memory_bytes();
        return message;
    }
    void drop_all() {
        dropped_away += waiting.size();
        waiting.clear();
        bytes = 0;
    }
};

// From one live link to a better one, without a loss: what was sent on the old one has arrived when
// the heartbeat with this number is answered; nothing is sent until then.
struct LinkSwitch {
    broker::ConnId to;
    std::uint32_t probe = 0;
};

struct ReachedAt {
    std::string address;
    std::uint16_t port = 0;
    bool operator==(const ReachedAt&) const = default;
};

// Another node that claims the same uuid. It tries again as long as it is there.
struct CloneSeen {
    std::string text;
    Instant at;
};

struct Peer {
    NodeId id;
    std::size_t slot = 0;  // its bit in the interest table
    PeerHello hello;       // the last

    // Links that are up, oldest first; `sending` is one of them, or none: then the peer is away.
    std::vector<broker::ConnId> links;
    broker::ConnId sending;
    std::optional<LinkSwitch> switching;
    Instant away_since;
    Instant sweep_at;
    std::optional<Instant> full_looked_at;
    // Away and not coming back, as far as we can know: nothing waits for it, it is not judged.
    std::optional<Instant> leaving_since;
    ReachedAt reached_at;   // by the last route of ours that led there
    bool dials_us = false;  // it has, in this life, and has not said goodbye
    // As whom the policy knows it; nothing while it has not dialled us.
    std::optional<std::string> user_name;

    // Ours to it.
    View view;
    View interest_view;
    AckWatch ack_watch;
    AckWatch interest_ack_watch;
    std::uint64_t first_interest_base = 0;  // of that view, when it was started
    bool views_started = false;    // they hold, or have brought, a snapshot for this incarnation
    bool snapshot_due = false;     // interest was dropped from the view; to be made good at link-up
    bool snapshot_wanted = false;  // it asked for one
    std::uint64_t snapshot_first_lsn = 0;  // of the last one, its BEGIN
    std::uint64_t snapshot_last_lsn = 0;   // its END
    bool resume_owed = false;
    bool settled_owed = false;            // a heartbeat when it has all of our interest
    std::optional<Instant> paused_since;  // it asks to hold back messages
    BestEffortLane lane;
    ir::Overload overload;  // of our route to it
    std::optional<std::uint32_t> announced_validity_sec;

    // Its to us.
    Inbound inbound{Lane::Messages};
    Inbound interest_inbound{Lane::Interest};
    bool interest_known = false;  // a whole snapshot has come in this life of it
    bool snapshot_building = false;
    std::vector<Bytes> snapshot_lists;
    std::size_t snapshot_filters = 0;
    std::size_t snapshot_bytes = 0;
    std::uint64_t expired_for_us = 0;
    std::uint32_t digest_mismatches = 0;
    std::optional<bool> interest_equal;
    bool snapshot_request_owed = false;
    std::uint64_t snapshot_requests = 0;

    RetainedSync sync;
    std::uint64_t barrier_late = 0;
    bool barrier_late_logged = false;
    std::int64_t skew_ms = 0;
    std::uint64_t link_losses = 0;
    std::optional<CloneSeen> clone;
    std::uint64_t certificate_changes = 0;
    std::string label_logged;  // the last warning about its CLIENT_ID
    // Whom it said that it is linked with; nothing from an older node.
    std::optional<std::vector<NodeId>> linked_with;

    bool reachable() const { return static_cast<bool>(sending); }
    View& view_of(Lane which) { return which == Lane::Messages ? view : interest_view; }
    Inbound& inbound_of(Lane which) { return which == Lane::Messages ? inbound : interest_inbound; }
    void repeat_acks() {
        inbound.repeat();
        interest_inbound.repeat();
    }
    std::size_t lag_records() const { return view.size() + interest_view.size(); }
};

}  // namespace lotmesh::cluster
