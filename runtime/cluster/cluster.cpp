#include "runtime/cluster/cluster.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "base/assert.h"
#include "runtime/cluster/cluster_parts.h"
#include "runtime/cluster/frame_bodies.h"
#include "runtime/cluster/sabotage.h"

namespace lotmesh::cluster {

namespace {

// Calls visit(slot) for each peer in the set.
template <typename Visit>
void for_each_slot(PeerSet set, Visit&& visit) {
    for (; set != 0; set &= set - 1)
        visit(static_cast<std::size_t>(std::countr_zero(set)));
}

void keep_earlier(std::optional<Instant>& earliest, std::optional<Instant> other) {
    if (other && (!earliest || *other < *earliest)) earliest = other;
}

broker::MessageRef one_filter(std::string_view filter) {
    Bytes list;
    const bool fits = append_filter(list, filter);
    ASSERT(fits);
    broker::MessageParts parts;
    parts.payload = list;
    return broker::MessageRef::make(parts);
}

}  // namespace

Cluster::Parts::Parts(NodeConfig node_config, Limits cluster_limits)
    : config(std::move(node_config)),
      limits(cluster_limits),
      rng(config.seed),
      interest(limits.match_cache_topics, rng.next()) {}

std::optional<Instant> Cluster::Parts::next_deadline() const {
    std::optional<Instant> earliest = barriers.next_deadline();
    for (const auto& [conn, link] : links) {
        keep_earlier(earliest, link.machine.next_deadline(limits));
        if (link.retiring) keep_earlier(earliest, link.retiring->from);
    }
    for (const auto& [route_name, route] : routes)
        if (!shutting_down()) keep_earlier(earliest, route.next_dial());
    if (!links.empty()) keep_earlier(earliest, shutdown_deadline);
    keep_earlier(earliest, starting_until);
    for (const Route& route : draining)
        keep_earlier(earliest, route.drain_deadline());
    for (const auto& [id, peer] : peers) {
        if (peer.reachable()) {
            if (!peer.switching && !links.at(peer.sending).machine.congested)
                keep_earlier(earliest, peer.sync.next_deadline(limits));
            continue;
        }
        keep_earlier(earliest, peer.view.next_expiry({peer.away_since, validity_of(peer)}));
        if (!peer.view.empty()) keep_earlier(earliest, peer.sweep_at);
        keep_earlier(earliest, forget_at(peer));
    }
    const bool often = report_soon || !peers.empty();
    const Duration wait = report_soon ? limits.status_soon_interval
                          : often     ? limits.status_change_interval
                                      : limits.status_interval;
    if (looked_at) keep_earlier(earliest, *looked_at + wait);
    return earliest;
}

Cluster::Cluster(NodeConfig config, Limits limits)
    : parts_(std::make_unique<Parts>(std::move(config), limits)) {}

Cluster::~Cluster() = default;

bool Cluster::owns(broker::ConnId conn) const { return parts_->links.contains(conn); }

void Cluster::handle(const broker::Event& event, Now now, broker::BrokerPort& broker,
                     broker::Effects& effects) {
    Turn turn{now, broker, effects};
    if (const auto* received = std::get_if<broker::Received>(&event)) {
        parts_->on_received(turn, received->conn, received->bytes);
    } else if (const auto* closed = std::get_if<broker::Closed>(&event)) {
        parts_->on_closed(closed->conn, closed->reason, now, effects);
    } else if (const auto* congested = std::get_if<broker::Congested>(&event)) {
        parts_->set_congested(congested->conn, true);
    } else if (const auto* writable = std::get_if<broker::Writable>(&event)) {
        parts_->set_congested(writable->conn, false);
    } else if (const auto* dialled = std::get_if<broker::Dialled>(&event)) {
        parts_->on_dialled(*dialled, now, effects);
    } else if (const auto* failed = std::get_if<broker::DialFailed>(&event)) {
        parts_->on_dial_failed(*failed, now, effects);
    } else if (std::holds_alternative<broker::Tick>(event)) {
        parts_->check_timeouts(now, effects);
        parts_->expire_views(now);
        parts_->forget_peers(now, effects);
        parts_->time_out_barriers(now, effects);
    }
    parts_->settle_barriers(turn);
}

void Cluster::end_turn(Now now, broker::BrokerPort& broker, broker::Effects& effects) {
    Turn turn{now, broker, effects};
    parts_->run_early(turn);
    parts_->finish_switches();
    parts_->retire_links(now, effects);
    parts_->dial_due(now, effects);
    parts_->settle_barriers(turn);
    parts_->resume_sources(turn);
    parts_->finish_starting(turn);
    parts_->publish_status(turn);
    parts_->send_all(turn);
    // Behind the last acks.
    parts_->finish_draining(now, effects);
    parts_->finish_shutdown(now, effects);
}

std::optional<Instant> Cluster::next_deadline() const { return parts_->next_deadline(); }

void Cluster::apply_plan(const ir::Plan& plan, Now now, broker::Effects& effects) {
    parts_->apply(plan, now, effects);
}

void Cluster::shut_down(Now now, broker::BrokerPort& broker, broker::Effects& effects) {
    Turn turn{now, broker, effects};
    parts_->begin_shutdown(now, effects);
    parts_->settle_barriers(turn);
}

void Cluster::Parts::begin_shutdown(Now now, broker::Effects& effects) {
    if (shutting_down()) return;
    shutdown_deadline = now.instant + limits.shutdown_max;
    for (auto& [route_name, route] : routes)
        stop_attempt(route, now, effects);
    std::vector<broker::ConnId> strangers;
    for (const auto& [conn, link] : links)
        if (!link.machine.up()) strangers.push_back(conn);
    for (const broker::ConnId conn : strangers)
        close_link(conn, mqtt::ReasonCode::ServerShuttingDown, now, effects);
}

void Cluster::Parts::finish_shutdown(Now now, broker::Effects& effects) {
    if (!shutting_down()) return;
    const bool waits = std::any_of(peers.begin(), peers.end(), [](const auto& item) {
        const Peer& peer = item.second;
        return peer.reachable() && (!peer.view.empty() || !peer.lane.waiting.empty());
    });
    if (waits && now.instant < *shutdown_deadline) return;
    std::vector<broker::ConnId> open;
    open.reserve(links.size());
    for (const auto& [conn, link] : links)
        open.push_back(conn);
    for (const broker::ConnId conn : open)
        close_link(conn, mqtt::ReasonCode::ServerShuttingDown, now, effects);
}

broker::Forwarded Cluster::forward(const broker::MessageRef& message, Now now) {
    return parts_->forward(message, now);
}

// A message of QoS > 0, or a retained one, is a record for those who want it; a retained one for
// all others too, where it may be left out: the retained digests will bring it.
broker::Forwarded Cluster::Parts::forward(const broker::MessageRef& message, Now now) {
    const PeerSet wanted = interest.match(message->topic()) & ~leaving_peers;
    if (message->qos() != mqtt::QoS::AtMostOnce || message->retain())
        return forward_records(wanted, message, now);
    const broker::Forwarded lossy = forward_best_effort(wanted & ~lossless_peers, message);
    if ((wanted & lossless_peers) == 0) return lossy;
    return std::max(lossy, forward_records(wanted & lossless_peers, message, now));
}

broker::Forwarded Cluster::Parts::forward_records(PeerSet wanted, const broker::MessageRef& message,
                                                  Now now) {
    const PeerSet all = message->retain() ? known_peers & ~leaving_peers : wanted;
    if (all == 0) return broker::Forwarded::Nowhere;
    const std::size_t cost = View::cost(message);
    if (message->memory_bytes() > limits.message_bytes_max) return broker::Forwarded::QuotaFull;
    PeerSet full = 0;
    for_each_slot(all, [&](std::size_t slot) {
        if (!has_room(*by_slot[slot], cost, now)) full |= PeerSet{1} << slot;
    });
    if ((full & wanted) != 0 && message->qos() != mqtt::QoS::AtMostOnce)
        return broker::Forwarded::QuotaFull;
    for_each_slot(full, [&](std::size_t slot) { by_slot[slot]->view.count_dropped(); });
    if ((all & ~full) == 0) return broker::Forwarded::Nowhere;
    const std::uint64_t lsn = log.next();
    for_each_slot(all & ~full, [&](std::size_t slot) {
        Peer& peer = *by_slot[slot];
        peer.view.append_message(lsn, message, now.instant);
        if (peer.reachable() && peer.view.bytes() > limits.view_bytes_high) sources_paused = true;
    });
    return broker::Forwarded::Accepted;
}

bool Cluster::Parts::has_room(Peer& peer, std::size_t cost, Now now) {
    if (peer.view.bytes() + cost <= limits.spool_bytes_max) return true;
    if (peer.reachable() || peer.full_looked_at == now.instant) return false;
    peer.full_looked_at = now.instant;
    peer.view.expire({peer.away_since, validity_of(peer)}, now.instant);
    return peer.view.bytes() + cost <= limits.spool_bytes_max;
}

broker::Forwarded Cluster::Parts::forward_best_effort(PeerSet wanted,
                                                      const broker::MessageRef& message) {
    bool accepted = false;
    for_each_slot(wanted, [&](std::size_t slot) {
        Peer& peer = *by_slot[slot];
        if (!peer.reachable()) {
            ++peer.lane.dropped_away;
            return;
        }
        peer.lane.push(message, limits.best_effort_bytes_max, peer.overload.capacity);
        accepted = true;
    });
    return accepted ? broker::Forwarded::Accepted : broker::Forwarded::Nowhere;
}

void Cluster::interest_added(std::string_view filter, Now now) {
    parts_->own_interest.add(filter);
    parts_->log_interest(RecordType::InterestAdd, filter, now);
}

void Cluster::interest_removed(std::string_view filter, Now now) {
    parts_->own_interest.remove(filter);
    parts_->log_interest(RecordType::InterestRemove, filter, now);
}

// Peers whose view begins with a snapshot that is still to be made get it with that.
void Cluster::Parts::log_interest(RecordType type, std::string_view filter, Now now) {
    broker::MessageRef list;
    std::uint64_t lsn = 0;
    for (auto& [id, peer] : peers) {
        if (!peer.views_started || peer.snapshot_due) continue;
        if (!peer.reachable() && peer.interest_view.size() >= limits.control_records_max) {
            peer.interest_view.clear();
            peer.snapshot_due = true;
            continue;
        }
        if (!list) {
            list = one_filter(filter);
            lsn = log.next();
        }
        peer.interest_view.append_interest(lsn, type, list, now.instant);
    }
}

// Every interest record that a peer has not acked counts, not only those of these filters: simpler,
// and the same in practice, since acks are cumulative.
broker::BarrierTicket Cluster::subscribe_barrier(std::span<const std::string_view>, Now now) {
    if constexpr (sabotaged(Sabotage::NoBarrier)) return 0;
    std::vector<BarrierTable::Target> targets;
    if (parts_->barriers.size() >= parts_->limits.barriers_max) return 0;
    for (const auto& [id, peer] : parts_->peers)
        if (peer.reachable() && !peer.interest_view.empty())
            targets.push_back({peer.slot, peer.interest_view.last_lsn()});
    return parts_->barriers.open(std::move(targets), now.instant + parts_->limits.barrier_timeout);
}

void Cluster::peer_connected(const broker::PeerConnection& peer, Now now,
                             broker::Effects& effects) {
    parts_->accept(peer, now, effects);
}

std::size_t Cluster::end_unwelcome_peers(
    const std::function<bool(const broker::Principal&)>& is_welcome, Now now,
    broker::Effects& effects) {
    return parts_->end_unwelcome(is_welcome, now, effects);
}

bool Cluster::keeps_tombstones(Now now) { return parts_->keeps_tombstones(now.instant); }

bool Cluster::is_starting() const { return parts_->starting_until.has_value(); }

bool Cluster::sources_should_pause() const { return parts_->sources_paused; }

}  // namespace lotmesh::cluster
