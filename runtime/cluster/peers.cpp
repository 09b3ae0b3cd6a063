// Who is there: identity, views at link-up, going away, being forgotten, barriers.
#include <algorithm>
#include <bit>
#include <utility>

#include <fmt/format.h>

#include "base/assert.h"
#include "runtime/cluster/cluster_parts.h"
#include "runtime/cluster/frame_bodies.h"
#include "runtime/cluster/sabotage.h"

namespace lotmesh::cluster {

namespace {

// Of one InterestAdd record of a snapshot.
constexpr std::size_t kFilterListBytes = 16 * 1024;

broker::MessageRef make_list(ByteView filters) {
    broker::MessageParts parts;
    parts.payload = filters;
    return broker::MessageRef::make(parts);
}

bool same_start(const PeerHello& a, const PeerHello& b) {
    return a.incarnation == b.incarnation && a.boot_nonce == b.boot_nonce;
}

// A node of ours may be there that we have not met.
bool may_lead_to_a_peer(RouteState state) {
    switch (state) {
        case RouteState::Connecting:
        case RouteState::Unresolvable:
        case RouteState::Unreachable:
        case RouteState::Refused:
        case RouteState::TlsExpected:
        case RouteState::TlsFailed: return true;
        case RouteState::Foreign:
        case RouteState::Self:
        case RouteState::Cloned:
        case RouteState::Alias:
        case RouteState::Incompatible:
        case RouteState::UpPrimary:
        case RouteState::UpStandby:
        case RouteState::Draining: return false;
    }
    UNREACHABLE();
}

}  // namespace

Result<void, LinkFailure> Cluster::Parts::check_identity(const Link& link, Instant now) {
    const PeerHello& hello = *link.machine.hello();
    if (hello.id == config.id) {
        if (hello.boot_nonce == config.boot_nonce)
            return failure(LinkFailure{RouteState::Self, "it leads to this very node"});
        saw_clone(own_clone, "another node at " + link.machine.remote_address() + " has our uuid",
                  now);
        return failure(LinkFailure{RouteState::Cloned, "another node has our uuid"});
    }
    const auto found = peers.find(hello.id);
    if (found == peers.end()) {
        if (peers.size() < kPeersMax) return {};
        return failure(LinkFailure{RouteState::Refused, "there are too many peers"});
    }
    Peer& peer = found->second;
    // Who may be a peer is not for that reason every peer: a uuid belongs to who came with it
    // first.
    if (link.known_by_policy && peer.user_name && link.principal->user_name != *peer.user_name)
        return failure(LinkFailure{RouteState::Refused,
                                   "the uuid of " + hello.name + " is known of another user"});
    const bool newer = hello.incarnation > peer.hello.incarnation;
    if (peer.reachable() && !newer && !same_start(hello, peer.hello)) {
        saw_clone(peer.clone,
                  "another node at " + link.machine.remote_address() + " has the same uuid", now);
        return failure(LinkFailure{RouteState::Cloned, "two nodes have the uuid of " + hello.name});
    }
    if (same_start(hello, peer.hello) && peer.links.size() >= limits.links_per_peer_max)
        return failure(LinkFailure{RouteState::Unreachable, "it has too many links already"});
    if (link.route.empty()) return {};
    for (const auto& [route_name, route] : routes)
        if (route_name != link.route && route.serving() && route.peer() == hello.id)
            return failure(
                LinkFailure{RouteState::Alias, "route " + route_name + " leads there already"});
    return {};
}

Start Cluster::Parts::start_for(const PeerHello& hello) const {
    const auto found = peers.find(hello.id);
    if (found == peers.end() || !same_start(found->second.hello, hello)) return {};
    const Peer& peer = found->second;
    return {peer.inbound.has_cursor() && peer.interest_inbound.has_cursor(), hello.incarnation,
            peer.inbound.cursor(), peer.interest_inbound.cursor()};
}

// The peer of a link that is about to be up. One that was started anew begins from nothing: its old
// links end, what waits for it goes on waiting.
Peer& Cluster::Parts::adopt(const Link& link, Now now, broker::Effects& effects) {
    const PeerHello& hello = *link.machine.hello();
    const auto [at, is_new] = peers.try_emplace(hello.id);
    Peer& peer = at->second;
    if (is_new) {
        peer.id = hello.id;
        peer.slot = static_cast<std::size_t>(std::countr_one(known_peers));
        ASSERT(peer.slot < kPeersMax);
        known_peers |= PeerSet{1} << peer.slot;
        by_slot[peer.slot] = &peer;
        peer.away_since = now.instant;
    }
    if (is_new || !same_start(hello, peer.hello)) {
        for (const broker::ConnId old : std::vector(peer.links))
            close_link(old, mqtt::ReasonCode::SessionTakenOver, now, effects);
        peer.inbound.begin(hello.incarnation);
        peer.interest_inbound.begin(hello.incarnation);
        peer.views_started = false;
        peer.interest_known = false;
        peer.snapshot_building = false;
        peer.snapshot_lists = {};
        peer.announced_validity_sec.reset();
        peer.dials_us = false;
    }
    keep(peer);
    if (link.known_by_policy) peer.user_name = link.principal->user_name;
    peer.hello = hello;
    check_label(peer, link, effects);
    return peer;
}

// Two nodes that dial with one CLIENT_ID: both are linked, and people are told. Empty: no clash.
std::string Cluster::Parts::label_clash(const Link& link) const {
    if (link.machine.role() != LinkRole::Acceptor) return {};
    for (const auto& [conn, other] : links)
        if (other.machine.role() == LinkRole::Acceptor && other.machine.up() &&
            other.label == link.label && other.machine.hello()->id != link.machine.hello()->id)
            return "CLIENT_ID " + link.label + " is used by another peer too, " +
                   other.machine.hello()->name;
    return {};
}

void Cluster::Parts::check_label(Peer& peer, const Link& link, broker::Effects& effects) {
    std::string clash = label_clash(link);
    if (clash.empty() || peer.label_logged == clash) return;
    effects.log(broker::LogLevel::Warning, fmt::format("peer {}: {}", peer.hello.name, clash));
    peer.label_logged = std::move(clash);
}

void Cluster::Parts::saw_clone(std::optional<CloneSeen>& clone, std::string text, Instant now) {
    clone = CloneSeen{std::move(text), now};
    report_soon = true;
}

// As long as it may be there still: two of its slow attempts.
std::string Cluster::Parts::shown(const std::optional<CloneSeen>& clone, Instant now) const {
    return clone && now - clone->at < limits.backoff_slow * 2 ? clone->text : std::string();
}

Peer* Cluster::Parts::peer_of(const Link& link) {
    if (!link.machine.up()) return nullptr;
    const auto found = peers.find(link.machine.hello()->id);
    return found == peers.end() ? nullptr : &found->second;
}

std::vector<broker::MessageRef> Cluster::Parts::own_filters(Turn& turn) const {
    std::vector<broker::MessageRef> lists;
    Bytes list;
    turn.broker.for_each_interest([&](std::string_view filter) {
        append_filter(list, filter);
        if (list.size() < kFilterListBytes) return;
        lists.push_back(make_list(list));
        list.clear();
    });
    if (!list.empty()) lists.push_back(make_list(list));
    return lists;
}

void Cluster::Parts::append_snapshot(Turn& turn, Peer& peer) {
    peer.snapshot_wanted = false;
    peer.snapshot_first_lsn = log.last() + 1;
    peer.interest_view.append_snapshot(own_filters(turn), log, turn.now.instant);
    peer.snapshot_last_lsn = log.last();
    peer.settled_owed = true;
}

// START says how much of our log the peer has. It may be older than acks that came on another link.
void Cluster::Parts::prepare_views(Turn& turn, Peer& peer, const Start& start) {
    const bool has_cursor = start.has_cursor && start.incarnation == config.incarnation;
    peer.settled_owed = true;
    if (!peer.views_started) {
        const std::uint64_t base = log.last();
        peer.view.restart(has_cursor ? start.messages_lsn : base, log);
        peer.interest_view.rewind();
        peer.interest_view.clear();
        peer.interest_view.restart(has_cursor ? start.interest_lsn : base, log);
        peer.first_interest_base = peer.interest_view.base();
        peer.views_started = true;
        peer.snapshot_due = true;
    } else if (!has_cursor && peer.interest_view.base() != peer.first_interest_base &&
               peer.interest_view.base() >= peer.snapshot_first_lsn) {
        peer.snapshot_due = true;  // it had forgotten us, and no whole snapshot is waiting
    }
    if (std::exchange(peer.snapshot_due, false)) append_snapshot(turn, peer);
    if (!has_cursor) return;
    peer.view.acked(start.messages_lsn);
    peer.interest_view.acked(start.interest_lsn);
    barriers.acked(peer.slot, start.interest_lsn);
}

void Cluster::Parts::note_linked(Peer& peer, const LinkedPeers& linked) {
    std::vector<NodeId> ids;
    for_each_id(linked.ids, [&ids](const NodeId& id) { ids.push_back(id); });
    if (peer.linked_with == ids) return;
    peer.linked_with = std::move(ids);
    report_soon = true;
}

void Cluster::Parts::peer_away(Peer& peer, const std::string& why, Now now,
                               broker::Effects& effects) {
    if constexpr (sabotaged(Sabotage::ForgetInterest)) interest.clear(peer.slot);
    peer.away_since = now.instant;
    peer.sweep_at = now.instant + limits.expiry_sweep_interval;
    peer.lane.drop_all();
    peer.switching.reset();
    peer.paused_since.reset();
    peer.snapshot_wanted = false;
    peer.interest_equal.reset();
    peer.linked_with.reset();
    peer.digest_mismatches = 0;
    peer.barrier_late_logged = false;
    barriers.unreachable(peer.slot);
    report_soon = true;
    effects.log(broker::LogLevel::Warning,
                fmt::format("peer {} ({}) is away: {}", peer.hello.name, peer.id.text(), why));
}

void Cluster::Parts::expire_views(Now now) {
    for (auto& [id, peer] : peers) {
        if (peer.reachable()) continue;
        peer.view.expire({peer.away_since, validity_of(peer)}, now.instant);
        if (peer.sweep_at > now.instant) continue;
        peer.sweep_at = now.instant + limits.expiry_sweep_interval;
        peer.view.sweep_expired_messages(now.instant);
    }
}

// A route of another name to where the peer was reached wants it too, before it has dialled.
bool Cluster::Parts::is_wanted(const Peer& peer) const {
    return std::any_of(routes.begin(), routes.end(), [&](const auto& item) {
        const Route& route = item.second;
        if (route.peer()) return route.peer() == peer.id;
        const ir::Link& settings = route.settings();
        return peer.reached_at == ReachedAt{settings.address, settings.port};
    });
}

// It is not coming back, as far as we can know: its route was removed, here or there, or leads to
// another node. One that just broke off or shut down may be back at any moment, and so may one that
// dials us.
void Cluster::Parts::let_go(Peer& peer, Now now) {
    if (peer.reachable() || peer.leaving_since || peer.dials_us || is_wanted(peer)) return;
    peer.leaving_since = now.instant;
    leaving_peers |= PeerSet{1} << peer.slot;
    report_soon = true;
}

void Cluster::Parts::keep(Peer& peer) {
    peer.leaving_since.reset();
    leaving_peers &= ~(PeerSet{1} << peer.slot);
}

// Who was at this address before has lost its identity; whom the route reached before, its address.
void Cluster::Parts::route_reached(const Route& route, const std::optional<NodeId>& before,
                                   Peer& peer, Now now) {
    peer.reached_at = {route.settings().address, route.settings().port};
    for (auto& [id, other] : peers) {
        if (id == peer.id) continue;
        const bool replaced = other.reached_at == peer.reached_at && !other.reachable();
        if (replaced) other.dials_us = false;
        if (replaced || before == id) let_go(other, now);
    }
}

// Nothing: it is here, or a route wants it.
std::optional<Instant> Cluster::Parts::forget_at(const Peer& peer) const {
    if (peer.reachable() || is_wanted(peer)) return std::nullopt;
    if (peer.leaving_since) return *peer.leaving_since + limits.forget_leaving_after;
    return peer.away_since + limits.forget_after;
}

void Cluster::Parts::forget_peers(Now now, broker::Effects& effects) {
    for (auto at = peers.begin(); at != peers.end();) {
        Peer& peer = at->second;
        const std::optional<Instant> when = forget_at(peer);
        if (!when || *when > now.instant) {
            ++at;
            continue;
        }
        keep(peer);
        ++forgotten_peers;
        const std::size_t waited = peer.view.messages();
        forgotten_messages += waited;
        interest.clear(peer.slot);
        known_peers &= ~(PeerSet{1} << peer.slot);
        lossless_peers &= known_peers;
        by_slot[peer.slot] = nullptr;
        report_soon = true;
        effects.log(broker::LogLevel::Info,
                    fmt::format("peer {} ({}) is forgotten, with {} messages that waited for it",
                                peer.hello.name, peer.id.text(), waited));
        at = peers.erase(at);
    }
}

// Everybody who is wanted or may come back is here and has been compared with.
bool Cluster::Parts::is_whole() const {
    const auto unmet = [](const auto& item) {
        return !item.second.peer() && may_lead_to_a_peer(item.second.state());
    };
    const auto apart = [](const auto& item) {
        const Peer& peer = item.second;
        return !peer.leaving_since && !(peer.reachable() && peer.sync.compared());
    };
    return std::none_of(routes.begin(), routes.end(), unmet) &&
           std::none_of(peers.begin(), peers.end(), apart);
}

// For two intervals more: what a node brought back to another one is deleted by our next comparison
// with that one.
bool Cluster::Parts::keeps_tombstones(Instant now) {
    if (!is_whole()) not_whole_at = now;
    return not_whole_at && now - *not_whole_at < limits.sync_interval * 2;
}

void Cluster::Parts::time_out_barriers(Now now, broker::Effects& effects) {
    for (PeerSet late = barriers.time_out(now.instant); late != 0; late &= late - 1) {
        Peer* peer = by_slot[static_cast<std::size_t>(std::countr_zero(late))];
        if (peer == nullptr) continue;
        ++peer->barrier_late;
        if (std::exchange(peer->barrier_late_logged, true)) continue;
        effects.log(broker::LogLevel::Warning,
                    fmt::format("peer {} was too late for a SUBACK", peer->hello.name));
    }
}

void Cluster::Parts::settle_barriers(Turn& turn) {
    for (const broker::BarrierTicket ticket : barriers.take_passed())
        turn.broker.barrier_passed(ticket, turn.now, turn.effects);
}

void Cluster::Parts::resume_sources(Turn& turn) {
    if (!sources_paused) return;
    for (const auto& [id, peer] : peers)
        if (peer.reachable() && peer.view.bytes() > limits.view_bytes_high / 2) return;
    sources_paused = false;
    turn.broker.resume_sources(turn.now, turn.effects);
}

// Somebody may be there whose interest would come in a moment.
bool Cluster::Parts::waits_for_interest(Instant now) const {
    const auto connects = [](const auto& item) {
        return item.second.state() == RouteState::Connecting;
    };
    const auto is_unknown = [](const auto& item) {
        return item.second.reachable() && !item.second.interest_known;
    };
    if (now < *started_at + limits.start_link_max && std::ranges::any_of(routes, connects))
        return true;
    return now < *started_at + limits.start_interest_max && std::ranges::any_of(peers, is_unknown);
}

void Cluster::Parts::finish_starting(Turn& turn) {
    if (!starting_until) return;
    if (waits_for_interest(turn.now.instant)) {
        if (*starting_until <= turn.now.instant)
            starting_until = *started_at + limits.start_interest_max;
        return;
    }
    starting_until.reset();
    turn.broker.resume_sources(turn.now, turn.effects);
}

void Cluster::Parts::log_turned_away(std::string_view remote, const LinkFailure& why, Now now,
                                     broker::Effects& effects) {
    // Without the port, which is another one each time.
    const std::string text =
        fmt::format("a peer at {} was turned away: {} ({})", remote.substr(0, remote.rfind(':')),
                    name(why.state), why.reason);
    if (turned_away.is_news(text, now.instant)) effects.log(broker::LogLevel::Warning, text);
}

}  // namespace lotmesh::cluster
