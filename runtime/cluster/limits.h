// Every bound on what a peer, a route file or time can make the cluster keep. Values, so that a
// test can make them small; what happens at a bound stands at each line and is counted.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/time.h"

namespace lotmesh::cluster {

// Peers are bits of one word in the interest table. One more is refused (CONNACK 0x97).
inline constexpr std::size_t kPeersMax = 64;

// Peers whose certificates are remembered, also while they are away; the oldest one is forgotten.
inline constexpr std::size_t kPinsMax = 4 * kPeersMax;

struct Limits {
    // Frames. A frame grows to `frame_bytes_max`, beyond it only with one single record.
    std::size_t frame_bytes_max = 1024 * 1024;
    // Packets from a peer; a longer one ends the link. Before it is up a stranger may be there.
    std::uint32_t packet_bytes_max = 32 * 1024 * 1024;
    std::uint32_t hello_packet_bytes_max = 16 * 1024;
    // A message that fits no packet is refused by forward().
    std::size_t message_bytes_max = 31 * 1024 * 1024;

    // Views. An unreachable peer's is its spool: full means QuotaFull. A reachable peer's pauses
    // the sources above `high`, until below half of that; at `spool_bytes_max` it refuses too.
    std::size_t spool_bytes_max = 128 * 1024 * 1024;
    std::size_t view_bytes_high = 16 * 1024 * 1024;
    // Interest records for an unreachable peer; above it they become one snapshot.
    std::size_t control_records_max = 65'536;
    // Interest records that a linked peer has not acked; above it its link ends, and then the line
    // above holds.
    std::size_t interest_lag_max = 1'000'000;
    // Records sent and not yet acked, in each lane of each peer.
    std::size_t window_bytes_max = 4 * 1024 * 1024;

    // QoS 0 that waits for a congested link. The oldest is dropped.
    std::size_t best_effort_bytes_max = 4 * 1024 * 1024;

    // Filters that one peer may announce, and what they take in memory, about; more ends the link.
    std::size_t filters_per_peer_max = 1'000'000;
    std::size_t filter_bytes_per_peer_max = 512 * 1024 * 1024;
    // Topics whose peers are remembered; a new one takes the place of an old one.
    std::size_t match_cache_topics = 8'192;
    // SUBACKs that wait for peers; one more does not wait.
    std::size_t barriers_max = 100'000;

    // Connections from peers that are not linked yet. One more is refused (CONNACK 0x97).
    std::size_t handshakes_max = 64;
    // Links to one peer, standbys and those about to be replaced among them. One more is ended.
    std::size_t links_per_peer_max = 16;

    // Retained synchronisation: bytes of one chunk, of which one is on its way at a time.
    std::size_t sync_chunk_bytes = 128 * 1024;

    Duration hello_timeout = Duration::seconds(5);
    Duration heartbeat_interval = Duration::seconds(1);
    Duration dead_after = Duration::seconds(3);
    // A record that has arrived and is not acked ends the link after so long.
    Duration ack_timeout = Duration::seconds(30);
    Duration nack_again_after = Duration::seconds(1);
    // A peer that asks us to hold back messages is obeyed for so long, then its own bounds decide:
    // a publisher here does not wait for a slow subscriber there without end.
    Duration pause_max = Duration::seconds(10);
    Duration barrier_timeout = Duration::seconds(1);
    Duration drain_timeout = Duration::seconds(5);
    // Starting: publishers wait so long for routes that neither link nor fail, and so long for the
    // interest of peers that are linked. Then what they send goes to those who are known.
    Duration start_link_max = Duration::seconds(1);
    Duration start_interest_max = Duration::seconds(10);
    // Shutting down: what publishers were promised is brought to linked peers, for so long. Below
    // the five seconds that the daemon waits for its connections.
    Duration shutdown_max = Duration::milliseconds(4'500);
    Duration forget_after = Duration::seconds(3'600);
    Duration forget_leaving_after = Duration::seconds(5);
    Duration sync_interval = Duration::seconds(30);
    Duration sync_again_after = Duration::seconds(1);
    Duration expiry_sweep_interval = Duration::seconds(5);
    Duration status_interval = Duration::seconds(10);
    Duration status_change_interval = Duration::seconds(1);
    Duration status_soon_interval = Duration::milliseconds(100);

    // Back-off: doubling with jitter. A peer that does not answer may be back at any moment, so
    // its maximum is short; what only a person can repair is tried seldom.
    Duration backoff_first = Duration::milliseconds(100);
    Duration backoff_max = Duration::seconds(4);
    Duration backoff_slow = Duration::seconds(30);
    // A link that was up for this long resets the back-off.
    Duration stable_after = Duration::seconds(5);

    std::int64_t skew_alarm_ms = 500;
    std::int64_t lag_alarm_ms = 1'000;
};

}  // namespace lotmesh::cluster
