// What a node says about its cluster: three retained JSON documents below $SYS/broker/cluster/.
// Pure: a report (plain values, filled by the cluster) in, text out. No secrets, no client ids of
// clients.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/node_id.h"
#include "runtime/broker/ports.h"
#include "runtime/cluster/limits.h"
#include "runtime/cluster/route.h"

namespace lotmesh::cluster {

// Address, port and label from references are shown as those (ir::shown).
struct RouteReport {
    std::string name;
    std::string address;
    std::uint16_t port = 0;
    std::string shown_port;  // instead of the number; empty: the number
    std::string label;
    RouteState state = RouteState::Connecting;
    std::string reason;
    std::optional<LinkFailure> pending;  // a changed address that does not work yet
    bool red = false;
    std::uint32_t failed_attempts = 0;
    std::optional<NodeId> peer;
};

struct LinkReport {
    bool dialled = false;  // by us
    bool primary = false;  // we send on it
    std::string remote_address;
    std::string route;       // ours, where dialled
    bool tls = false;        // dialled, with TLS
    bool cleartext = false;  // dialled without it, to another machine
    std::string label;       // the dialler's CLIENT_ID
    std::optional<Duration> round_trip;
};

struct PeerReport {
    NodeId id;
    std::string name;
    std::string version;
    std::uint64_t incarnation = 0;
    bool reachable = false;
    bool leaving = false;  // not coming back, soon forgotten: not judged
    std::vector<LinkReport> links;
    std::int64_t skew_ms = 0;
    std::string certificate;  // that it showed when we dialled it, last; empty: none yet
    std::uint64_t certificate_changes = 0;
    std::string label_warning;                       // its CLIENT_ID is another one's too
    std::string clone;                               // another node claims its uuid
    std::optional<std::vector<NodeId>> linked_with;  // as it says; an older node does not

    std::uint64_t lag_records = 0;
    std::uint64_t lag_bytes = 0;
    std::int64_t oldest_ms = 0;
    std::uint64_t spool_limit = 0;
    std::uint64_t resent = 0;
    std::uint64_t applied = 0;
    std::uint64_t dup_suppressed = 0;
    std::uint64_t gaps = 0;
    std::uint64_t expired_validity = 0;
    std::uint64_t expired_message = 0;
    std::uint64_t dropped_spool = 0;
    std::uint64_t expired_for_us = 0;
    std::uint64_t best_effort_sent = 0;
    std::uint64_t best_effort_away = 0;
    std::uint64_t best_effort_overflow = 0;
    std::uint64_t best_effort_late = 0;
    std::uint64_t filters = 0;
    std::optional<bool> interest_equal;
    std::uint64_t interest_lag = 0;
    std::uint64_t snapshot_requests = 0;
    std::optional<bool> retained_equal;
    std::uint64_t retained_sent = 0;
    std::uint64_t retained_merged = 0;
    std::uint64_t retained_refused = 0;
    std::uint64_t barrier_late = 0;
    std::uint64_t link_losses = 0;
    bool paused = false;
};

struct Report {
    NodeId id;
    std::string name;
    std::string version;
    std::uint64_t incarnation = 0;
    std::uint64_t lsn = 0;
    std::string clone;  // another node claims our uuid
    broker::Tombstones tombstones;
    std::uint64_t forgotten_peers = 0;
    std::uint64_t forgotten_messages = 0;  // waited for those, and expired with them
    std::vector<RouteReport> routes;
    std::vector<PeerReport> peers;
};

enum class Health : std::uint8_t { Healthy, Degraded, Partitioned, Isolated, Single };
std::string_view name(Health health);

struct Verdict {
    Health health = Health::Single;
    std::vector<std::string> reasons;  // empty where healthy or single
    bool operator==(const Verdict&) const = default;
};

Verdict judge(const Report& report, const Limits& limits);

std::string status_json(const Report& report, const Verdict& verdict, std::int64_t since_ms);
std::string nodes_json(const Report& report, const Limits& limits);
std::string sync_json(const Report& report);

}  // namespace lotmesh::cluster
