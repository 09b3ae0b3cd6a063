// What is said in $SYS/broker/cluster/, and of it in $SYS/Coreflux/.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "compiler/ir/dump.h"
#include "runtime/cluster/cluster_parts.h"
#include "runtime/cluster/coreflux.h"

namespace lotmesh::cluster {

namespace {

RouteReport report_of(const Route& route) {
    RouteReport report;
    report.name = route.settings().name;
    const ir::Link& settings = route.settings();
    report.address = ir::shown(settings, "BROKER_ADDRESS", settings.address);
    report.port = settings.port;
    report.shown_port = ir::shown(settings, "BROKER_PORT", "");
    report.label = ir::shown(settings, "CLIENT_ID", settings.client_id);
    report.state = route.state();
    report.reason = is_up(report.state) ? std::string() : route.failure().reason;
    if (const LinkFailure* pending = route.pending(); pending != nullptr) report.pending = *pending;
    report.red = route.red();
    report.failed_attempts = route.failed_attempts();
    report.peer = route.peer();
    return report;
}

LinkReport report_of(const Link& link, bool primary) {
    LinkReport report;
    report.dialled = link.machine.role() == LinkRole::Dialler;
    report.primary = primary;
    report.remote_address = link.machine.remote_address();
    report.route = link.route;
    report.label = link.shown_label;
    report.tls = !link.certificate.empty();
    report.cleartext = is_cleartext(link);
    report.round_trip = link.machine.round_trip();
    return report;
}

void add_counters(const Peer& peer, PeerReport& report) {
    const ViewCounters& view = peer.view.counters();
    report.resent = view.resent;
    report.expired_validity = view.expired_validity;
    report.expired_message = view.expired_message;
    report.dropped_spool = view.dropped_spool;
    for (const Inbound* inbound : {&peer.inbound, &peer.interest_inbound}) {
        report.applied += inbound->counters().applied;
        report.dup_suppressed += inbound->counters().dup_suppressed;
        report.gaps += inbound->counters().gaps;
    }
    report.best_effort_late = peer.inbound.counters().best_effort_late;
    report.expired_for_us = peer.expired_for_us;
    report.best_effort_sent = peer.lane.sent;
    report.best_effort_away = peer.lane.dropped_away;
    report.best_effort_overflow = peer.lane.dropped_overflow;
    const RetainedSync::Counters& sync = peer.sync.counters();
    report.retained_sent = sync.entries_sent;
    report.retained_merged = sync.entries_merged;
    report.retained_refused = sync.refused_ahead;
    report.snapshot_requests = peer.snapshot_requests;
    report.barrier_late = peer.barrier_late;
    report.link_losses = peer.link_losses;
}

}  // namespace

std::vector<RouteReport> Cluster::route_reports() const {
    std::vector<RouteReport> reports;
    reports.reserve(parts_->routes.size());
    for (const auto& [route_name, route] : parts_->routes)
        reports.push_back(report_of(route));
    return reports;
}

Report Cluster::Parts::report(Now now) const {
    Report report;
    report.id = config.id;
    report.name = config.name;
    report.version = config.version;
    report.incarnation = config.incarnation;
    report.lsn = log.last();
    report.clone = shown(own_clone, now.instant);
    report.forgotten_peers = forgotten_peers;
    report.forgotten_messages = forgotten_messages;
    for (const auto& [route_name, route] : routes)
        report.routes.push_back(report_of(route));
    for (const Route& route : draining)
        report.routes.push_back(report_of(route));
    for (const auto& [id, peer] : peers) {
        PeerReport of_peer;
        of_peer.id = id;
        of_peer.name = peer.hello.name;
        of_peer.version = peer.hello.version;
        of_peer.incarnation = peer.hello.incarnation;
        of_peer.reachable = peer.reachable();
        of_peer.leaving = peer.leaving_since.has_value();
        for (const broker::ConnId conn : peer.links)
            of_peer.links.push_back(report_of(links.at(conn), conn == peer.sending));
        of_peer.skew_ms = peer.skew_ms;
        of_peer.certificate = config.pins.find(id);
        of_peer.certificate_changes = peer.certificate_changes;
        of_peer.clone = shown(peer.clone, now.instant);
        for (const broker::ConnId conn : peer.links)
            if (std::string clash = label_clash(links.at(conn)); !clash.empty())
                of_peer.label_warning = std::move(clash);
        of_peer.linked_with = peer.linked_with;
        of_peer.lag_records = peer.lag_records();
        of_peer.lag_bytes = peer.view.bytes();
        for (const View* view : {&peer.view, &peer.interest_view})
            if (const auto oldest = view->oldest())
                of_peer.oldest_ms = std::max(of_peer.oldest_ms, (now.instant - *oldest).ms());
        of_peer.spool_limit = limits.spool_bytes_max;
        of_peer.paused = peer.paused_since.has_value();
        of_peer.filters = interest.filters(peer.slot);
        of_peer.interest_equal = peer.interest_equal;
        of_peer.interest_lag = peer.interest_view.size();
        of_peer.retained_equal = peer.sync.digests_equal();
        add_counters(peer, of_peer);
        report.peers.push_back(std::move(of_peer));
    }
    return report;
}

// Looked at once a second, and soon after something has happened; said when it is different, and
// every ten seconds.
void Cluster::Parts::publish_status(Turn& turn) {
    const Instant now = turn.now.instant;
    const Duration wait = report_soon ? limits.status_soon_interval : limits.status_change_interval;
    if (looked_at && now - *looked_at < wait) return;
    looked_at = now;
    report_soon = false;
    for (auto& [route_name, route] : routes) {
        const auto peer = route.peer() ? peers.find(*route.peer()) : peers.end();
        if (peer == peers.end() || !route.serving()) continue;
        route.serve_as(peer->second.sending == route.serving() ? RouteState::UpPrimary
                                                               : RouteState::UpStandby);
    }
    Report current = report(turn.now);
    current.tombstones = turn.broker.tombstones();
    Verdict judged = judge(current, limits);
    if (!status.at || judged.health != verdict.health) verdict_since_ms = turn.now.wall.ms;
    verdict = std::move(judged);
    publish(turn, status, "$SYS/broker/cluster/status",
            status_json(current, verdict, verdict_since_ms));
    publish(turn, nodes, "$SYS/broker/cluster/nodes", nodes_json(current, limits));
    publish(turn, sync, "$SYS/broker/cluster/sync", sync_json(current));
    publish_coreflux(turn, current);
}

// Only what is different: a plan may have ten thousand routes.
void Cluster::Parts::publish_coreflux(Turn& turn, const Report& current) {
    const auto say = [&turn](std::string_view topic, std::string_view text) {
        turn.broker.publish_sys(fmt::format("$SYS/Coreflux/{}", topic), text, turn.now,
                                turn.effects);
    };
    // Where tools that know mosquitto look for its bridges.
    const auto say_connection = [&turn](std::string_view route, std::string_view state) {
        turn.broker.publish_sys(fmt::format("$SYS/broker/connection/{}/state", route), state,
                                turn.now, turn.effects);
    };
    const auto say_news = [&say](std::string& last, std::string_view topic, std::string text) {
        if (last == text) return;
        last = std::move(text);
        say(topic, last);
    };
    say_news(coreflux_role, "Cluster/Role", "Peer");
    say_news(coreflux_status, "Cluster/Status", std::string(name(verdict.health)));
    say_news(coreflux_members, "Cluster/Members", members_json(current));
    std::map<std::string, std::string> statuses;
    for (const RouteReport& route : current.routes) {
        // A removed route of this name may still be draining, behind the one that there is now.
        if (statuses.contains(route.name)) continue;
        std::string& last = coreflux_routes[route.name];
        if (std::string text = route_status_json(route); last != text) {
            last = std::move(text);
            say(fmt::format("Routes/{}/status", route.name), last);
            say_connection(route.name, is_up(route.state) ? "1" : "0");
        }
        statuses.emplace(route.name, std::move(last));
    }
    for (const auto& [route_name, last] : coreflux_routes) {
        if (statuses.contains(route_name)) continue;
        say(fmt::format("Routes/{}/status", route_name), "");
        say_connection(route_name, "");
    }
    coreflux_routes = std::move(statuses);
}

void Cluster::Parts::publish(Turn& turn, Published& last, std::string_view topic,
                             std::string text) {
    const Instant now = turn.now.instant;
    if (last.at && last.text == text && now - *last.at < limits.status_interval) return;
    last.at = now;
    last.text = std::move(text);
    turn.broker.publish_sys(topic, last.text, turn.now, turn.effects);
}

}  // namespace lotmesh::cluster
