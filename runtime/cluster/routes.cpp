// Dialling and the plan.
#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/assert.h"
#include "compiler/ir/diff.h"
#include "compiler/ir/dump.h"
#include "runtime/cluster/cluster_parts.h"

namespace lotmesh::cluster {

namespace {

LinkFailure failure_of(const broker::DialFailed& event) {
    switch (event.error) {
        case broker::DialError::Unresolvable: return {RouteState::Unresolvable, event.reason};
        case broker::DialError::Refused:
        case broker::DialError::TimedOut:
        case broker::DialError::Unreachable:
        case broker::DialError::Other: break;
        case broker::DialError::Tls: return {RouteState::TlsFailed, event.reason};
    }
    return {RouteState::Unreachable, event.reason};
}

std::optional<broker::DialTls> tls_of(const ir::Link& settings) {
    const ir::Tls& tls = settings.tls;
    if (!tls.enabled) return std::nullopt;
    return broker::DialTls{.ca_path = tls.server_ca_cert_path,
                           .certificate_path = tls.client_cert_path,
                           .passphrase = tls.client_cert_pass.reveal(),
                           .allow_untrusted = tls.allow_untrusted_certs};
}

}  // namespace

void Cluster::Parts::apply(const ir::Plan& next, Now now, broker::Effects& effects) {
    const ir::PlanDiff changes = ir::diff(plan, next);
    plan = next;
    if (!started_at) {
        started_at = now.instant;
        starting_until = now.instant + limits.start_link_max;
    }
    if (changes.empty()) return;
    report_soon = true;
    std::vector<NodeId> unrouted;
    for (const ir::Link& removed : changes.removed)
        if (const auto& peer = routes.at(removed.name).peer()) unrouted.push_back(*peer);
    for (const ir::Link& removed : changes.removed)
        remove_route(removed.name, now, effects);
    for (const ir::LinkChange& change : changes.retuned)
        routes.at(change.after.name).retune(change.after);
    for (const ir::LinkChange& change : changes.reconnect)
        reconnect_route(change.after, now, effects);
    for (const ir::Link& added : changes.added)
        add_route(added, now);
    for (auto& [id, peer] : peers)
        if (is_wanted(peer)) keep(peer);
    for (const NodeId& id : unrouted)
        if (const auto peer = peers.find(id); peer != peers.end()) let_go(peer->second, now);
    retune_peers();
}

// What a route says of the traffic to the peer that it reached.
void Cluster::Parts::retune_peers() {
    lossless_peers = 0;
    for (auto& [id, peer] : peers) {
        peer.overload = {};
        for (const auto& [route_name, route] : routes)
            if (route.peer() == id) peer.overload = route.settings().overload;
        if (peer.overload.policy == ir::OverloadPolicy::Lossless)
            lossless_peers |= PeerSet{1} << peer.slot;
    }
}

void Cluster::Parts::add_route(const ir::Link& settings, Now now) {
    const auto [at, inserted] = routes.emplace(settings.name, Route(settings, now.instant));
    ASSERT(inserted);
    // The link of a route that was removed a moment ago and is back, or was renamed, goes on; where
    // something else has changed too, until there is a new one.
    const auto again = std::find_if(draining.begin(), draining.end(), [&](const Route& route) {
        return route.serves_settings() && route.settings().address == settings.address &&
               route.settings().port == settings.port;
    });
    if (again == draining.end()) return;
    Route& route = at->second = std::move(*again);
    draining.erase(again);
    route.revive();
    Link& link = links.at(route.serving());
    link.route = settings.name;
    link.retiring.reset();
    if (Peer* peer = peer_of(link); peer != nullptr) choose_link(*peer, now);
    ir::Link renamed = route.settings();
    renamed.name = settings.name;
    if (ir::diff({{renamed}}, {{settings}}).reconnect.empty())
        route.retune(settings);
    else
        route.reconnect(settings, now.instant);
}

void Cluster::Parts::remove_route(const std::string& route_name, Now now,
                                  broker::Effects& effects) {
    const auto found = routes.find(route_name);
    ASSERT(found != routes.end());
    Route& route = found->second;
    stop_attempt(route, now, effects);
    if (route.serving()) {
        const Instant deadline = now.instant + limits.drain_timeout;
        Link& link = links.at(route.serving());
        route.drain(deadline, link.machine.probe());
        link.retiring = Retiring{deadline, deadline};
        if (Peer* peer = peer_of(link); peer != nullptr) choose_link(*peer, now);
        draining.push_back(std::move(route));
    }
    routes.erase(found);
}

// Make before break: what serves goes on until the new connection has said HELLO.
void Cluster::Parts::reconnect_route(const ir::Link& settings, Now now, broker::Effects& effects) {
    Route& route = routes.at(settings.name);
    stop_attempt(route, now, effects);
    route.reconnect(settings, now.instant);
}

void Cluster::Parts::stop_attempt(Route& route, Now now, broker::Effects& effects) {
    if (route.dial()) effects.act(broker::CancelDial{*route.dial()});
    if (route.attempt()) close_link(route.attempt(), mqtt::ReasonCode::Success, now, effects);
    route.stop();
}

void Cluster::Parts::dial_due(Now now, broker::Effects& effects) {
    if (shutting_down()) return;
    for (auto& [route_name, route] : routes) {
        if (!route.wants_dial(now.instant)) continue;
        route.dialling(++last_dial);
        const ir::Link& settings = route.settings();
        effects.act(broker::Dial{last_dial, settings.address, settings.port, tls_of(settings)});
    }
}

void Cluster::Parts::on_dialled(const broker::Dialled& event, Now now, broker::Effects& effects) {
    const auto found = std::find_if(routes.begin(), routes.end(), [&](const auto& item) {
        return item.second.dial() == event.dial;
    });
    if (found == routes.end()) {  // cancelled while it was on its way
        effects.act(broker::CloseConnection{event.conn});
        return;
    }
    Route& route = found->second;
    const Opening opening = route.connected(event.conn);
    Link link(PeerLink(LinkRole::Dialler, event.conn, event.remote_address, now.instant),
              route.settings().name, route.settings().client_id);
    link.shown_label = ir::shown(route.settings(), "CLIENT_ID", link.label);
    link.certificate = event.certificate;
    links.insert_or_assign(event.conn, std::move(link));
    Bytes& out = effects.output(event.conn).bytes();
    switch (opening) {
        case Opening::Connect: return append_connect(out, route.settings());
        case Opening::TlsQuestion: return append_tls_question(out);
    }
}

void Cluster::Parts::on_dial_failed(const broker::DialFailed& event, Now now,
                                    broker::Effects& effects) {
    for (auto& [route_name, route] : routes)
        if (route.dial() == event.dial)
            return attempt_failed(route, failure_of(event), now, effects);
}

void Cluster::Parts::attempt_failed(Route& route, LinkFailure why, Now now,
                                    broker::Effects& effects) {
    const bool was_red = route.red();
    const bool news = route.attempt_failed(std::move(why), now.instant, rng, limits);
    const LinkFailure& last = route.failure();
    if (news) {
        report_soon = true;
        effects.log(broker::LogLevel::Warning,
                    fmt::format("route {}: {} ({}), trying again", route.settings().name,
                                name(last.state), last.reason));
    }
    if (route.red() && !was_red) {
        report_soon = true;
        effects.log(broker::LogLevel::Error,
                    fmt::format("route {}: red after {} failed attempts ({}), still trying",
                                route.settings().name, route.failed_attempts(), last.reason));
    }
}

// The only link to this peer is that of a removed route.
bool Cluster::Parts::is_leaving(const Peer& peer) const {
    return peer.links.size() == 1 &&
           std::any_of(draining.begin(), draining.end(),
                       [&peer](const Route& route) { return route.serving() == peer.sending; });
}

// A removed route goes when its peer has everything of ours and we of it, which it was asked to
// hold back before the probe; or when we have another link to the peer.
bool Cluster::Parts::is_drained(const Route& route) const {
    const auto found = route.peer() ? peers.find(*route.peer()) : peers.end();
    if (!route.serving() || found == peers.end()) return true;
    const Peer& peer = found->second;
    if (peer.sending != route.serving()) return true;
    return peer.view.empty() && peer.lane.waiting.empty() &&
           links.at(route.serving()).machine.has_arrived(route.drain_probe());
}

void Cluster::Parts::finish_draining(Now now, broker::Effects& effects) {
    for (std::size_t i = 0; i < draining.size();) {
        const Route& route = draining[i];
        if (!is_drained(route) && now.instant < *route.drain_deadline()) {
            ++i;
            continue;
        }
        const broker::ConnId conn = route.serving();
        effects.log(broker::LogLevel::Info,
                    fmt::format("route {}: removed", route.settings().name));
        draining.erase(draining.begin() + static_cast<std::ptrdiff_t>(i));
        if (conn) close_link(conn, farewell(conn), now, effects);
        report_soon = true;
    }
}

Route* Cluster::Parts::route_of(const Link& link) {
    if (link.route.empty()) return nullptr;
    const broker::ConnId conn = link.machine.conn();
    const auto holds = [conn](const Route& route) {
        return route.attempt() == conn || route.serving() == conn;
    };
    const auto found = routes.find(link.route);
    if (found != routes.end() && holds(found->second)) return &found->second;
    const auto drains = std::find_if(draining.begin(), draining.end(), holds);
    return drains == draining.end() ? nullptr : &*drains;
}

std::uint32_t Cluster::Parts::own_validity_sec(const Peer& peer) const {
    for (const auto& [route_name, route] : routes)
        if (route.peer() == peer.id) return route.settings().message_validity_sec;
    return kNoValidity;
}

// Our route's value; else the peer's own wish; else the language's default.
std::optional<Duration> Cluster::Parts::validity_of(const Peer& peer) const {
    std::uint32_t seconds = own_validity_sec(peer);
    if (seconds == kNoValidity)
        seconds = peer.announced_validity_sec.value_or(ir::Link{}.message_validity_sec);
    if (seconds == 0) return std::nullopt;
    return Duration::seconds(seconds);
}

}  // namespace lotmesh::cluster
