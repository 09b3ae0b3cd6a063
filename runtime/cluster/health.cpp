#include "runtime/cluster/health.h"

#include <algorithm>
#include <cstdlib>

#include "base/assert.h"
#include "runtime/cluster/json_writer.h"

namespace lotmesh::cluster {

namespace {

std::string label_of(const PeerReport& peer) {
    const std::string id = peer.id.text();
    return peer.name.empty() ? id : peer.name + " (" + id.substr(0, 8) + ")";
}

void judge_peer(const PeerReport& peer, const Limits& limits, std::vector<std::string>& reasons) {
    const std::string who = "peer " + label_of(peer);
    if (!peer.clone.empty()) reasons.push_back(who + ": " + peer.clone);
    if (!peer.reachable) {
        reasons.push_back(who + " is away");
        return;
    }
    if (peer.oldest_ms > limits.lag_alarm_ms)
        reasons.push_back(who + " lags " + std::to_string(peer.oldest_ms) + " ms");
    if (!peer.interest_equal.value_or(false))
        reasons.push_back(
            who + (peer.interest_equal ? ": interest differs" : ": interest not compared yet"));
    if (!peer.retained_equal.value_or(false))
        reasons.push_back(who + (peer.retained_equal ? ": retained messages differ"
                                                     : ": retained messages not compared yet"));
    if (std::abs(peer.skew_ms) > limits.skew_alarm_ms)
        reasons.push_back(who + ": its clock is " + std::to_string(peer.skew_ms) + " ms off");
}

bool contains(const std::vector<NodeId>& ids, const NodeId& id) {
    return std::find(ids.begin(), ids.end(), id) != ids.end();
}

// Both see it, one may see it later; one that does not say whom it is linked with is no witness.
bool see_each_other(const PeerReport& one, const PeerReport& other) {
    return (!one.linked_with || contains(*one.linked_with, other.id)) &&
           (!other.linked_with || contains(*other.linked_with, one.id));
}

// Messages go from a node to its peers and no further: who is not linked with all gets not all.
void judge_mesh(const Report& report, std::vector<std::string>& reasons) {
    constexpr std::size_t kHolesShown = 8;
    std::vector<std::string> holes;
    std::vector<NodeId> known{report.id};
    for (const PeerReport& peer : report.peers)
        if (!peer.leaving) known.push_back(peer.id);
    for (const PeerReport& peer : report.peers) {
        if (!peer.reachable) continue;
        for (const NodeId& id : peer.linked_with.value_or(std::vector<NodeId>{})) {
            if (contains(known, id)) continue;
            known.push_back(id);
            holes.push_back("node " + id.text() + " is linked with peer " + label_of(peer) +
                            " and not with us");
        }
        for (const PeerReport* other = &peer + 1; other <= &report.peers.back(); ++other)
            if (other->reachable && !see_each_other(peer, *other))
                holes.push_back("peers " + label_of(peer) + " and " + label_of(*other) +
                                " are not linked with each other");
    }
    const std::size_t shown = std::min(holes.size(), kHolesShown);
    const std::size_t hidden = holes.size() - shown;
    reasons.insert(reasons.end(), holes.begin(),
                   holes.begin() + static_cast<std::ptrdiff_t>(shown));
    if (hidden > 0)
        reasons.push_back(std::to_string(hidden) + " more pairs of nodes are not linked");
}

void write_optional(JsonWriter& json, std::string_view key, const std::optional<bool>& value) {
    json.key(key);
    if (value) {
        json.value(*value);
    } else {
        json.null();
    }
}

void write_route(JsonWriter& json, const RouteReport& route) {
    json.begin_object();
    json.field("route", route.name);
    json.field("address", route.address).key("port");
    if (route.shown_port.empty()) {
        json.value(std::uint64_t{route.port});
    } else {
        json.value(route.shown_port);
    }
    json.field("client_id", route.label);
    json.field("state", name(route.state)).field("reason", route.reason);
    if (route.pending) {
        json.key("pending").begin_object();
        json.field("state", name(route.pending->state)).field("reason", route.pending->reason);
        json.end_object();
    }
    json.field("red", route.red);
    json.field("failed_attempts", std::uint64_t{route.failed_attempts});
    json.key("peer");
    if (route.peer) {
        json.value(route.peer->text());
    } else {
        json.null();
    }
    json.end_object();
}

void write_link(JsonWriter& json, const LinkReport& link) {
    json.begin_object();
    json.field("direction", link.dialled ? "out" : "in");
    json.field("state", name(link.primary ? RouteState::UpPrimary : RouteState::UpStandby));
    json.field("address", link.remote_address);
    json.field("client_id", link.label);
    if (link.dialled) json.field("route", link.route).field("tls", link.tls);
    if (link.cleartext) json.field("cleartext", true);
    if (link.round_trip) json.field("rtt_us", link.round_trip->us);
    json.end_object();
}

void write_node(JsonWriter& json, const PeerReport& peer, const Limits& limits) {
    json.begin_object();
    json.field("uuid", peer.id.text()).field("name", peer.name).field("version", peer.version);
    json.field("incarnation", peer.incarnation);
    if (!peer.certificate.empty())
        json.field("certificate", peer.certificate)
            .field("certificate_changes", peer.certificate_changes);
    json.field("state", peer.reachable ? "up" : peer.leaving ? "leaving" : "away");
    json.field("hops", std::uint64_t{1});
    json.key("links").begin_array();
    for (const LinkReport& link : peer.links)
        write_link(json, link);
    json.end_array();
    json.key("linked_with").begin_array();
    for (const NodeId& id : peer.linked_with.value_or(std::vector<NodeId>{}))
        json.value(id.text());
    json.end_array();
    json.field("skew_ms", peer.skew_ms);
    json.key("warnings").begin_array();
    if (!peer.label_warning.empty()) json.value(peer.label_warning);
    if (!peer.clone.empty()) json.value(peer.clone);
    if (std::abs(peer.skew_ms) > limits.skew_alarm_ms)
        json.value("its clock is " + std::to_string(peer.skew_ms) + " ms off");
    if (peer.retained_refused > 0)
        json.value("retained messages were refused, their clock is too far ahead");
    json.end_array();
    json.end_object();
}

void write_sync(JsonWriter& json, const PeerReport& peer) {
    json.begin_object();
    json.field("uuid", peer.id.text()).field("name", peer.name).field("reachable", peer.reachable);
    json.field("lag_records", peer.lag_records).field("lag_bytes", peer.lag_bytes);
    json.field("oldest_ms", peer.oldest_ms);
    json.field("spool_bytes", peer.lag_bytes).field("spool_limit", peer.spool_limit);
    json.field("paused", peer.paused).field("link_losses", peer.link_losses);
    json.field("applied", peer.applied).field("resent", peer.resent);
    json.field("dup_suppressed", peer.dup_suppressed).field("gaps", peer.gaps);
    json.key("expired").begin_object();
    json.field("validity", peer.expired_validity).field("message_expiry", peer.expired_message);
    json.field("spool", peer.dropped_spool).end_object();
    json.field("expired_for_us", peer.expired_for_us);
    json.key("best_effort").begin_object();
    json.field("sent", peer.best_effort_sent).field("dropped_away", peer.best_effort_away);
    json.field("dropped_overflow", peer.best_effort_overflow);
    json.field("dropped_late", peer.best_effort_late).end_object();
    json.key("interest").begin_object();
    json.field("filters", peer.filters).field("lag", peer.interest_lag);
    write_optional(json, "digest_equal", peer.interest_equal);
    json.field("snapshot_requests", peer.snapshot_requests).end_object();
    json.key("retained").begin_object();
    write_optional(json, "digest_equal", peer.retained_equal);
    json.field("sent", peer.retained_sent).field("merged", peer.retained_merged);
    json.field("refused", peer.retained_refused).end_object();
    json.field("barrier_late", peer.barrier_late);
    json.end_object();
}

}  // namespace

std::string_view name(Health health) {
    switch (health) {
        case Health::Healthy: return "healthy";
        case Health::Degraded: return "degraded";
        case Health::Partitioned: return "partitioned";
        case Health::Isolated: return "isolated";
        case Health::Single: return "single";
    }
    UNREACHABLE();
}

Verdict judge(const Report& report, const Limits& limits) {
    Verdict verdict;
    const auto stays = [](const PeerReport& peer) { return !peer.leaving; };
    const auto gone = [](const PeerReport& peer) { return peer.leaving || !peer.reachable; };
    const bool alone = std::none_of(report.peers.begin(), report.peers.end(), stays);
    if (report.routes.empty() && alone) return verdict;
    for (const RouteReport& route : report.routes) {
        if (is_up(route.state) && !route.pending) continue;
        const bool pending = route.pending.has_value();
        const RouteState state = pending ? route.pending->state : route.state;
        const std::string& reason = pending ? route.pending->reason : route.reason;
        verdict.reasons.push_back("route " + route.name + (pending ? " (new address)" : "") + ": " +
                                  std::string(name(state)) +
                                  (reason.empty() ? "" : " (" + reason + ")"));
    }
    for (const PeerReport& peer : report.peers)
        if (!peer.leaving) judge_peer(peer, limits, verdict.reasons);
    judge_mesh(report, verdict.reasons);
    if (!report.clone.empty()) verdict.reasons.push_back(report.clone);
    const auto away = [](const PeerReport& peer) { return !peer.leaving && !peer.reachable; };
    if (std::all_of(report.peers.begin(), report.peers.end(), gone)) {
        verdict.health = Health::Isolated;
    } else if (std::any_of(report.peers.begin(), report.peers.end(), away)) {
        verdict.health = Health::Partitioned;
    } else {
        verdict.health = verdict.reasons.empty() ? Health::Healthy : Health::Degraded;
    }
    return verdict;
}

std::string status_json(const Report& report, const Verdict& verdict, std::int64_t since_ms) {
    JsonWriter json;
    json.begin_object();
    json.field("status", name(verdict.health));
    json.key("reasons").begin_array();
    for (const std::string& reason : verdict.reasons)
        json.value(reason);
    json.end_array();
    json.field("uuid", report.id.text()).field("incarnation", report.incarnation);
    json.field("name", report.name).field("version", report.version);
    json.field("since_ms", since_ms);
    json.end_object();
    return json.take();
}

std::string nodes_json(const Report& report, const Limits& limits) {
    JsonWriter json;
    json.begin_object();
    json.key("self").begin_object();
    json.field("uuid", report.id.text()).field("name", report.name);
    json.field("version", report.version).field("incarnation", report.incarnation);
    json.end_object();
    json.key("routes").begin_array();
    for (const RouteReport& route : report.routes)
        write_route(json, route);
    json.end_array();
    json.key("peers").begin_array();
    for (const PeerReport& peer : report.peers)
        write_node(json, peer, limits);
    json.end_array();
    json.end_object();
    return json.take();
}

std::string sync_json(const Report& report) {
    JsonWriter json;
    json.begin_object();
    json.field("lsn", report.lsn);
    json.key("tombstones").begin_object();
    json.field("count", report.tombstones.count);
    json.field("collected_early", report.tombstones.collected_early).end_object();
    json.key("forgotten").begin_object();
    json.field("peers", report.forgotten_peers).field("expired", report.forgotten_messages);
    json.end_object();
    json.key("peers").begin_array();
    for (const PeerReport& peer : report.peers)
        write_sync(json, peer);
    json.end_array();
    json.end_object();
    return json.take();
}

}  // namespace lotmesh::cluster
