// Connections: accepting, receiving, failing, closing, and which of a peer's links we send on.
#include <algorithm>
#include <utility>

#include "base/assert.h"
#include "runtime/cluster/cluster_parts.h"

namespace lotmesh::cluster {

bool is_cleartext(const Link& link) {
    const std::string& remote = link.machine.remote_address();
    const bool loopback = remote.starts_with("127.") || remote.starts_with("[::1]");
    return link.machine.role() == LinkRole::Dialler && link.certificate.empty() && !loopback;
}

namespace {

constexpr Duration kRetireAgainAfter = Duration::milliseconds(100);

}  // namespace

void Cluster::Parts::accept(const broker::PeerConnection& peer, Now now, broker::Effects& effects) {
    const auto& [conn, principal, connect, rest, known_by_policy, proof_ends_at] = peer;
    const std::string& remote = principal.origin.remote_address;
    const auto handshakes =
        static_cast<std::size_t>(std::count_if(links.begin(), links.end(), [](const auto& item) {
            return item.second.machine.role() == LinkRole::Acceptor && !item.second.machine.up();
        }));
    mqtt::ReasonCode answer = mqtt::ReasonCode::Success;
    if (shutting_down()) answer = mqtt::ReasonCode::ServerShuttingDown;
    if (handshakes >= limits.handshakes_max) answer = mqtt::ReasonCode::QuotaExceeded;
    append_connack(effects.output(conn).bytes(), answer);
    if (answer != mqtt::ReasonCode::Success) {
        log_turned_away(remote, {RouteState::Refused, std::string(mqtt::name(answer))}, now,
                        effects);
        effects.act(broker::CloseConnection{conn});
        return;
    }
    Link link(PeerLink(LinkRole::Acceptor, conn, remote, now.instant), {},
              std::string(connect.client_id));
    link.machine.set_keep_alive(connect.keep_alive_sec);
    link.machine.set_proof_end(proof_ends_at);
    link.early.assign(rest.begin(), rest.end());
    link.principal = principal;
    link.known_by_policy = known_by_policy;
    links.insert_or_assign(conn, std::move(link));
}

std::size_t Cluster::Parts::end_unwelcome(
    const std::function<bool(const broker::Principal&)>& is_welcome, Now now,
    broker::Effects& effects) {
    std::vector<broker::ConnId> unwelcome;
    for (const auto& [conn, link] : links)
        if (link.principal && !is_welcome(*link.principal)) unwelcome.push_back(conn);
    for (const broker::ConnId conn : unwelcome) {
        log_turned_away(links.at(conn).machine.remote_address(),
                        {RouteState::Refused, "it may not be a peer any more"}, now, effects);
        close_link(conn, mqtt::ReasonCode::NotAuthorized, now, effects);
    }
    return unwelcome.size();
}

// Bytes that came with a CONNECT were kept: the broker was in the middle of its own work then.
void Cluster::Parts::run_early(Turn& turn) {
    std::vector<broker::ConnId> waiting;
    for (const auto& [conn, link] : links)
        if (!link.early.empty()) waiting.push_back(conn);
    for (const broker::ConnId conn : waiting)
        on_received(turn, conn, {});
}

void Cluster::Parts::on_received(Turn& turn, broker::ConnId conn, ByteView bytes) {
    const auto found = links.find(conn);
    if (found == links.end()) return;
    Link& link = found->second;
    Bytes joined;
    if (!link.early.empty()) {
        joined = std::exchange(link.early, {});
        joined.insert(joined.end(), bytes.begin(), bytes.end());
        bytes = joined;
    }
    Bytes replies;
    const Result<void, LinkFailure> result =
        link.machine.receive(bytes, limits, turn.now.instant, replies,
                             [&](ByteView frame) { return on_frame(turn, link, frame); });
    if (!replies.empty()) {
        Bytes& out = turn.effects.output(conn).bytes();
        out.insert(out.end(), replies.begin(), replies.end());
    }
    if (!result) link_failed(link, result.error(), turn.now, turn.effects);
}

void Cluster::Parts::on_closed(broker::ConnId conn, const std::string& reason, Now now,
                               broker::Effects& effects) {
    const auto found = links.find(conn);
    if (found == links.end()) return;
    const Link& link = found->second;
    const std::string why = link.machine.phase() == LinkPhase::AwaitConnack
                                ? "closed before CONNACK: " + reason
                                : "closed: " + reason;
    if (Route* route = route_of(link); route != nullptr && route->attempt() == conn) {
        LinkFailure failed = link.machine.silent() ? route->silently_closed(why)
                                                   : LinkFailure{RouteState::Unreachable, why};
        attempt_failed(*route, std::move(failed), now, effects);
    }
    forget_link(conn, why, now, effects);
}

void Cluster::Parts::set_congested(broker::ConnId conn, bool congested) {
    if (const auto found = links.find(conn); found != links.end())
        found->second.machine.congested = congested;
}

// The link ends by what came, or did not come, on it.
void Cluster::Parts::link_failed(Link& link, const LinkFailure& why, Now now,
                                 broker::Effects& effects) {
    const broker::ConnId conn = link.machine.conn();
    link.goodbye = link.machine.said_goodbye();
    Route* route = route_of(link);
    const bool attempt = route != nullptr && route->attempt() == conn;
    // It should know who turned it away: a cloned uuid is reported on both sides.
    link.start_owed = false;
    if (link.machine.wants_hello()) send_handshake(link, now, effects);
    // Who never answered as a peer gets no packet that only peers understand.
    if (link.machine.phase() != LinkPhase::AwaitConnack)
        append_disconnect(effects.output(conn).bytes(), mqtt::ReasonCode::ProtocolError, why.state);
    effects.act(broker::CloseConnection{conn});
    if (attempt) {
        attempt_failed(*route, why, now, effects);
    } else if (!link.machine.up() && why.state != RouteState::Alias) {
        // An alias is the other side's second way to us, which it reports itself.
        log_turned_away(link.machine.remote_address(), why, now, effects);
    }
    forget_link(conn, why.reason, now, effects);
}

// We end the link, for a reason of ours.
void Cluster::Parts::close_link(broker::ConnId conn, std::optional<mqtt::ReasonCode> reason,
                                Now now, broker::Effects& effects) {
    const auto found = links.find(conn);
    if (found == links.end()) return;
    found->second.goodbye = reason == mqtt::ReasonCode::Success;
    if (reason) append_disconnect(effects.output(conn).bytes(), *reason);
    effects.act(broker::CloseConnection{conn});
    forget_link(conn, "closed by us", now, effects);
}

// Without an error it is for good, see let_go(): the last link to a peer that no route wants.
mqtt::ReasonCode Cluster::Parts::farewell(broker::ConnId conn) {
    const auto found = links.find(conn);
    const Peer* peer = found == links.end() ? nullptr : peer_of(found->second);
    const bool goes_on = peer != nullptr && (peer->links.size() > 1 || is_wanted(*peer));
    return goes_on ? mqtt::ReasonCode::SessionTakenOver : mqtt::ReasonCode::Success;
}

// The connection is gone, or will be. What stood on it moves to another link of the peer or waits.
void Cluster::Parts::forget_link(broker::ConnId conn, const std::string& why, Now now,
                                 broker::Effects& effects) {
    const auto found = links.find(conn);
    if (found == links.end()) return;
    Link link = std::move(found->second);
    Route* route = route_of(link);
    links.erase(found);
    report_soon = true;
    if (Peer* peer = link.machine.up() ? peer_of(link) : nullptr; peer != nullptr) {
        std::erase(peer->links, conn);
        if (peer->switching && (peer->switching->to == conn || peer->sending == conn))
            peer->switching.reset();
        if (peer->sending == conn) {
            ++peer->link_losses;
            peer->view.rewind();
            peer->interest_view.rewind();
            peer->sync.link_down();
            peer->sending = {};
            choose_link(*peer, now);
            if (!peer->reachable()) peer_away(*peer, why, now, effects);
            if (link.machine.said_goodbye()) peer->dials_us = false;
            const bool drained = route != nullptr && route->drain_deadline();
            if (link.goodbye || link.retiring || drained) let_go(*peer, now);
        }
    }
    if (route != nullptr && route->serving() == conn) route->lost(why, now.instant, rng, limits);
    if (link.machine.up() && link.machine.role() == LinkRole::Dialler)
        for (auto& [route_name, other] : routes)
            other.hurry_alias(now.instant);
}

void Cluster::Parts::check_timeouts(Now now, broker::Effects& effects) {
    std::vector<std::pair<broker::ConnId, LinkFailure>> failed;
    for (const auto& [conn, link] : links)
        if (auto why = link.machine.timed_out(now.instant, limits))
            failed.emplace_back(conn, std::move(*why));
    for (auto& [id, peer] : peers)
        if (auto why = no_acks(peer, now)) failed.emplace_back(peer.sending, std::move(*why));
    for (const auto& [conn, why] : failed)
        if (const auto found = links.find(conn); found != links.end())
            link_failed(found->second, why, now, effects);
}

std::optional<LinkFailure> Cluster::Parts::no_acks(Peer& peer, Now now) {
    if (!peer.reachable()) return std::nullopt;
    if (peer.interest_view.size() > limits.interest_lag_max)
        return LinkFailure{RouteState::Unreachable, "it is too far behind our interest"};
    const PeerLink& link = links.at(peer.sending).machine;
    const bool late =
        peer.ack_watch.overdue(peer.view, link, now.instant, limits.ack_timeout) ||
        peer.interest_ack_watch.overdue(peer.interest_view, link, now.instant, limits.ack_timeout);
    if (!late) return std::nullopt;
    return LinkFailure{RouteState::Unreachable, "it hears us and acks nothing"};
}

void Cluster::Parts::retire_links(Now now, broker::Effects& effects) {
    std::vector<broker::ConnId> done;
    for (auto& [conn, link] : links) {
        if (!link.retiring || link.retiring->from > now.instant) continue;
        const Peer* peer = peer_of(link);
        const bool unused = peer == nullptr || peer->sending != conn ||
                            (peer->links.size() == 1 && peer->view.empty());
        if (unused || link.retiring->latest <= now.instant)
            done.push_back(conn);
        else
            link.retiring->from = now.instant + kRetireAgainAfter;
    }
    for (const broker::ConnId conn : done)
        close_link(conn, farewell(conn), now, effects);
}

bool Cluster::Parts::dialled_by_smaller(const Link& link) const {
    const bool by_us = link.machine.role() == LinkRole::Dialler;
    return by_us == (config.id < link.machine.hello()->id);
}

// The primary is the newest link that the smaller uuid dialled, else the newest of the others. With
// nothing to send on, it is taken at once and everything that is not acked goes again; from a live
// link we move without a loss, see LinkSwitch.
void Cluster::Parts::choose_link(Peer& peer, Now now) {
    const Link* best = nullptr;
    for (const broker::ConnId conn : peer.links) {
        const Link& link = links.at(conn);
        const bool at_least = best == nullptr || best->retiring ||
                              (dialled_by_smaller(link) >= dialled_by_smaller(*best));
        if (at_least && (best == nullptr || !link.retiring)) best = &link;
    }
    if (best == nullptr) return;
    const broker::ConnId conn = best->machine.conn();
    if (peer.sending == conn) return peer.switching.reset();
    if (peer.switching && peer.switching->to == conn) return;
    if (peer.sending) {
        peer.switching = LinkSwitch{conn, links.at(peer.sending).machine.probe()};
        return;
    }
    peer.sending = conn;
    peer.resume_owed = true;
    peer.repeat_acks();
    peer.sync.link_up(config.id, peer.id, now.instant);
}

void Cluster::Parts::finish_switches() {
    for (auto& [id, peer] : peers) {
        if (!peer.switching) continue;
        const auto from = links.find(peer.sending);
        ASSERT(from != links.end());
        if (!from->second.machine.has_arrived(peer.switching->probe)) continue;
        peer.sending = peer.switching->to;
        peer.resume_owed = true;
        peer.repeat_acks();
        peer.switching.reset();
        report_soon = true;
    }
}

}  // namespace lotmesh::cluster
