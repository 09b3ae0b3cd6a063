// Every bound on what a client, a peer or time can make the broker keep. Values, so that a test or
// a configuration can make them small; what is above a bound is refused, dropped or paused as each
// line says, and counted (counters.h).
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/time.h"
#include "base/topic.h"
#include "runtime/mqtt/types.h"

namespace lotmesh::broker {

// For the shell: a connection is Congested when more than this waits to be written, and Writable
// again below the lower one.
inline constexpr std::size_t kCongestedBytes = 1024 * 1024;
inline constexpr std::size_t kWritableBytes = kCongestedBytes / 2;

// For the shell: how long CloseConnection waits for the last output to be taken.
inline constexpr Duration kCloseGrace = Duration::seconds(2);

// Of a longer topic the receivers are not remembered.
inline constexpr std::size_t kCachedTopicBytesMax = 256;

// One session's queue of messages that wait to be sent. Above `high` its sources are paused, until
// it is below `low`; at `max` the newest is dropped. A retained snapshot is not counted here.
struct QueueLimits {
    std::size_t messages_max = 100'000;
    std::size_t bytes_max = 64 * 1024 * 1024;
    std::size_t messages_high = 10'000;
    std::size_t bytes_high = 16 * 1024 * 1024;

    std::size_t messages_low() const { return messages_high / 2; }
    std::size_t bytes_low() const { return bytes_high / 2; }
};

struct Limits {
    // Packets. A longer one is DISCONNECT 0x95.
    std::uint32_t packet_bytes_max = 2 * 1024 * 1024;
    // Of the first packet, before we know who it is: five fields of 64 KiB each, and properties.
    std::uint32_t connect_bytes_max = 512 * 1024;

    // Populations. One more connection is closed at once, by the shell before anything is read; one
    // more session is CONNACK 0x97 (3.x: 3), and so is one more that would outlive its connection.
    std::size_t connections_max = 10'000;
    std::size_t sessions_max = 1'000'000;
    std::size_t persistent_sessions_max = 100'000;
    // For the shell, before anything is read: of one address other than loopback, or of one network
    // of 64 bits of IPv6. Closed without a word; 0: any.
    std::size_t connections_per_address_max = 500;
    std::uint32_t new_connections_per_address_per_sec = 50;

    // Connections that have not sent their CONNECT. For one more the oldest is closed.
    std::size_t unauthenticated_connections_max = 500;

    // A longer client id is CONNACK 0x85 (3.x: 2).
    std::size_t client_id_bytes_max = 1024;

    // A longer user name is CONNACK 0x86 (3.x: 4).
    std::size_t user_name_bytes_max = 1024;

    // Sockets that send no CONNECT are closed after this, and those of which nobody can say in time
    // who they are.
    Duration connect_timeout = Duration::seconds(10);

    // A longer keep alive, or none, is answered with this as Server Keep Alive; 0: any is taken. A
    // 3.x client cannot be told, and its own value holds.
    std::uint16_t keep_alive_sec_max = 0;
    // A longer session expiry becomes this, and a 5.0 client is told.
    std::uint32_t session_expiry_sec_max = 30 * 24 * 3600;

    // Names of topics, also in filters: 0x90, 0x8F. The standard's and our own bounds are in
    // base/topic.h.
    std::size_t topic_bytes_max = 4096;
    std::size_t topic_levels_max = 128;
    std::size_t user_properties_max = 64;  // of one packet; one more is 0x97

    // What a client may publish in a second, and as much at once; 0: any. Whoever has done more is
    // not read from until it is his time again. Of bytes, those of the PUBLISH packets.
    std::uint64_t publishes_per_sec = 0;
    std::uint64_t publish_bytes_per_sec = 10'000'000;

    // Windows. One more inbound is DISCONNECT 0x93; outbound waits in the queue.
    std::uint16_t receive_maximum = 1024;
    std::uint16_t inflight_max = 1000;
    std::size_t inflight_bytes_max = 16 * 1024 * 1024;
    std::size_t inflight_entries_max = 2000;   // with those that earlier connections left behind
    std::uint16_t topic_alias_maximum = 32;    // DISCONNECT 0x94
    std::uint16_t topic_aliases_out_max = 32;  // that we give to one client

    // A longer command to the node is answered with that.
    std::size_t command_bytes_max = 8 * 1024 * 1024;

    // Subscriptions. The levels of a topic are bounded in base/topic.h.
    std::size_t subscriptions_per_session_max = 1000;             // SUBACK 0x97
    std::size_t shared_groups_max = 100'000;                      // the same
    std::size_t shared_members_max = 10'000;                      // of one group; the same
    std::size_t filters_per_subscribe_max = 100;                  // of one packet; the rest 0x97
    std::size_t filter_bytes_per_session_max = 64 * 1024 * 1024;  // the same, see filter_bytes()
    std::size_t match_cache_topics_max = 131'072;                 // forgotten all at once
    std::size_t match_cache_receivers_max = 4'000'000;            // with identifiers and groups

    // What the node does not offer. A 5.0 client is told in its CONNACK.
    mqtt::QoS maximum_qos = mqtt::QoS::ExactlyOnce;  // above: 0x9B; subscriptions are granted this
    bool retain_available = true;                    // 0x9A
    bool wildcard_subscription_available = true;     // SUBACK 0xA2
    bool shared_subscription_available = true;       // SUBACK 0x9E
    bool subscription_identifier_available = true;   // 0xA1
    // A retained message is not delivered any more when who wrote it here may not do so any more.
    bool retained_checks_source = true;

    // Queues of sessions. What a full one has no room for is dropped; or refused, where its
    // publisher can be told (PUBACK 0x97) or made to wait (3.x).
    bool queue_refuses = false;
    QueueLimits queue = {};
    std::size_t qos0_messages_max = 10'000;  // held for a SUBACK or behind retained messages
    std::size_t qos0_bytes_max = 4 * 1024 * 1024;
    std::size_t offline_messages_max = 10'000;  // of a session without a connection
    std::size_t offline_bytes_max = 16 * 1024 * 1024;
    std::uint32_t pending_subacks_max = 1024;      // of a session; SUBACK 0x97
    Duration stall_after = Duration::seconds(10);  // above high, never below low: pauses nobody

    // Input kept of a connection whose reading is paused, beyond one packet. DISCONNECT 0x96.
    std::size_t held_input_bytes_max = 1024 * 1024;

    // Retained. One more is 0x97; tombstones are collected early,
    // and held beyond their age while a node is away (ClusterPort::keeps_tombstones).
    std::size_t retained_max = 1'000'000;
    std::size_t retained_bytes_max = 1024 * 1024 * 1024;
    std::size_t tombstones_max = 100'000;
    std::size_t tombstone_bytes_max = 64 * 1024 * 1024;
    Duration tombstone_age = Duration::seconds(3600);
};

// Whether a topic name or filter keeps to the limits.
inline bool is_within(std::string_view topic, const Limits& limits) {
    return topic.size() <= limits.topic_bytes_max &&
           static_cast<std::size_t>(std::ranges::count(topic, '/')) < limits.topic_levels_max;
}

}  // namespace lotmesh::broker
