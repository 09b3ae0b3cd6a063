// What the broker counts, in one struct of plain numbers; sys_topics publishes them.
#pragma once

#include <cstdint>

namespace lotmesh::broker {

// Messages that did not reach a session (or, for the first two, anybody), by reason.
struct Drops {
    std::uint64_t quota = 0;          // a peer's spool was full: refused or not forwarded
    std::uint64_t not_allowed = 0;    // a topic that clients may not write
    std::uint64_t congested = 0;      // QoS 0 for a connection that does not take its bytes
    std::uint64_t qos0_queue = 0;     // QoS 0 beyond what is held for a SUBACK
    std::uint64_t queue_full = 0;     // QoS > 0 for a connected session
    std::uint64_t offline_full = 0;   // QoS > 0 for a session without a connection
    std::uint64_t expired = 0;        // message expiry interval
    std::uint64_t too_large = 0;      // above the client's maximum packet size
    std::uint64_t retained_full = 0;  // delivered, but not kept as retained
    std::uint64_t session_ended = 0;  // was waiting for a session that ended
    std::uint64_t memory = 0;         // QoS 0 while memory is short

    std::uint64_t total() const {
        return quota + not_allowed + congested + qos0_queue + queue_full + offline_full + expired +
               too_large + session_ended + memory;
    }
};

// What was not allowed, by what it was.
struct Denied {
    std::uint64_t connects = 0;  // also of peers, for whatever reason
    std::uint64_t publishes = 0;
    std::uint64_t subscribes = 0;             // filters of SUBSCRIBE
    std::uint64_t subscriptions_removed = 0;  // that were allowed once
    std::uint64_t receives = 0;               // messages for one session
    std::uint64_t retained_sources = 0;       // whose writer may not write them any more
    std::uint64_t wills = 0;                  // at the moment that they were due
};

// What was beyond a limit and refused, by which (limits.h).
struct Refused {
    std::uint64_t sessions = 0;         // CONNECTs
    std::uint64_t packets = 0;          // too large ones
    std::uint64_t user_properties = 0;  // packets with too many
    std::uint64_t topics = 0;           // too long or too deep, in PUBLISH, SUBSCRIBE and wills
    std::uint64_t subscriptions = 0;    // filters of SUBSCRIBE
    std::uint64_t receive_maximum = 0;
    std::uint64_t topic_aliases = 0;
    std::uint64_t input = 0;     // of clients that go on sending although they are not read from
    std::uint64_t retained = 0;  // PUBLISH
};

struct Counters {
    std::uint64_t bytes_received = 0;
    std::uint64_t bytes_sent = 0;
    std::uint64_t messages_received = 0;  // MQTT packets of any type
    std::uint64_t messages_sent = 0;
    std::uint64_t publish_received = 0;
    std::uint64_t publish_sent = 0;
    std::uint64_t publish_heads_encoded = 0;   // few for each message, not one for each receiver
    std::uint64_t publish_bytes_received = 0;  // payloads
    std::uint64_t publish_bytes_sent = 0;
    std::uint64_t sockets_opened = 0;
    std::uint64_t connections_opened = 0;  // with a successful CONNECT
    std::uint64_t clients_maximum = 0;     // connected at the same time
    std::uint64_t clients_expired = 0;
    std::uint64_t strangers_closed = 0;      // for others to come, before they said CONNECT
    std::uint64_t shared_subscriptions = 0;  // at the moment, one for each member of a group
    std::uint64_t shared_moves = 0;          // of messages from a member that went to another one
    std::uint64_t source_pauses = 0;
    std::uint64_t rate_pauses = 0;  // of clients that publish more than they may in a second
    std::uint64_t stalled_disconnects = 0;
    Drops drops;
    Denied denied;
    Refused refused;
};

}  // namespace lotmesh::broker
