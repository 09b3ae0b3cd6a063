// What comes in frames.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/assert.h"
#include "runtime/cluster/cluster_parts.h"
#include "runtime/cluster/frame_bodies.h"

namespace lotmesh::cluster {

namespace {

// A replaced link stays for a moment, so that the peer can move away from it as well.
constexpr Duration kRetireAfter = Duration::seconds(1);
// Heartbeats in a row whose digest is not what we hold, before we ask for a new snapshot.
constexpr std::uint32_t kMismatchesMax = 2;

LinkFailure broken(std::string reason) { return {RouteState::Incompatible, std::move(reason)}; }

// There are no relays: what is in a node's log, that node has written. And nothing below $ leaves
// its node.
Result<void, LinkFailure> check_own_message(const Peer& peer, const MessageBody& message) {
    if (message.version && message.version->node != peer.id)
        return failure(broken("it speaks for another node"));
    if (message.topic.starts_with('$')) return failure(broken("a message below $"));
    return {};
}

}  // namespace

Result<void, LinkFailure> Cluster::Parts::on_frame(Turn& turn, Link& link, ByteView frame) {
    Result<FrameReader, FrameError> reader = FrameReader::open(frame);
    if (!reader) return failure(broken(std::string(name(reader.error()))));
    while (true) {
        const Result<std::optional<Entry>, FrameError> entry = reader->next();
        if (!entry) return failure(broken(std::string(name(entry.error()))));
        if (!*entry) return {};
        Result<void, LinkFailure> done = on_entry(turn, link, **entry);
        if (!done) return done;
    }
}

// Before the link is up: HELLO, START, in this order and once.
Result<void, LinkFailure> Cluster::Parts::on_entry(Turn& turn, Link& link, const Entry& entry) {
    switch (link.machine.phase()) {
        case LinkPhase::AwaitConnack: break;
        case LinkPhase::AwaitHello:
            if (const auto* hello = std::get_if<Hello>(&entry)) return on_hello(turn, link, *hello);
            break;
        case LinkPhase::AwaitStart:
            if (const auto* start = std::get_if<Start>(&entry)) return on_start(turn, link, *start);
            break;
        case LinkPhase::Up:
            if (Peer* peer = peer_of(link); peer != nullptr)
                return on_peer_entry(turn, link, *peer, entry);
            break;
    }
    return failure(LinkFailure{RouteState::Foreign, "an entry out of its order"});
}

Result<void, LinkFailure> Cluster::Parts::on_hello(Turn& turn, Link& link, const Hello& hello) {
    if (hello.protocol_min > kProtocolMax || hello.protocol_max < kProtocolMin)
        return failure(
            broken(fmt::format("it speaks protocol {} to {}, we {} to {}", hello.protocol_min,
                               hello.protocol_max, kProtocolMin, kProtocolMax)));
    if ((hello.must_understand & ~kUnderstood) != 0)
        return failure(broken("it demands something that we do not know"));
    link.machine.on_hello(hello);
    link.start_owed = true;
    return check_identity(link, turn.now.instant);
}

// Who renews a certificate sees that it was noticed; who did not has a stranger in the cluster.
void Cluster::Parts::pin_certificate(Turn& turn, const Link& link, Peer& peer) {
    const std::string before = config.pins.find(peer.id);
    if (link.certificate.empty() || link.certificate == before) return;
    if (!before.empty()) {
        ++peer.certificate_changes;
        turn.effects.log(broker::LogLevel::Warning,
                         fmt::format("peer {} ({}) shows another certificate than before: now "
                                     "sha256 {}, then {}",
                                     peer.hello.name, peer.id.text(), link.certificate, before));
    }
    config.pins.pin(peer.id, link.certificate);
    turn.effects.act(broker::KeepPins{config.pins.text()});
}

Result<void, LinkFailure> Cluster::Parts::on_start(Turn& turn, Link& link, const Start& start) {
    // Another link may have come up since HELLO.
    Result<void, LinkFailure> known = check_identity(link, turn.now.instant);
    if (!known) return known;
    const std::uint64_t furthest = std::max(start.messages_lsn, start.interest_lsn);
    if (start.has_cursor && start.incarnation == config.incarnation && furthest > log.last())
        return failure(LinkFailure{RouteState::Cloned, "it has more of our log than we have"});
    Peer& peer = adopt(link, turn.now, turn.effects);
    const bool was_away = !peer.reachable();
    pin_certificate(turn, link, peer);
    link.machine.on_start(turn.now.instant);
    prepare_views(turn, peer, start);
    peer.links.push_back(link.machine.conn());
    if (link.machine.role() == LinkRole::Acceptor) peer.dials_us = true;
    if (Route* route = route_of(link); route != nullptr) {
        const std::optional<NodeId> before = route->peer();
        const broker::ConnId replaced = route->up(peer.id, turn.now.instant);
        route_reached(*route, before, peer, turn.now);
        if (const auto old = links.find(replaced); old != links.end())
            old->second.retiring =
                Retiring{turn.now.instant + kRetireAfter, turn.now.instant + limits.drain_timeout};
    }
    retune_peers();
    choose_link(peer, turn.now);
    report_soon = true;
    if (was_away)
        turn.effects.log(broker::LogLevel::Info,
                         fmt::format("peer {} ({}) is linked at {}", peer.hello.name,
                                     peer.id.text(), link.machine.remote_address()));
    if (was_away && is_cleartext(link))
        turn.effects.log(broker::LogLevel::Warning,
                         fmt::format("route {}: what it carries can be read and changed on its way "
                                     "to {}; WITH USE_TLS true protects it",
                                     link.route, link.machine.remote_address()));
    return {};
}

Result<void, LinkFailure> Cluster::Parts::on_peer_entry(Turn& turn, Link& link, Peer& peer,
                                                        const Entry& entry) {
    const Instant now = turn.now.instant;
    if (const auto* record = std::get_if<Record>(&entry)) return on_record(turn, peer, *record);
    if (const auto* message = std::get_if<BestEffort>(&entry)) {
        if (Result<void, LinkFailure> own = check_own_message(peer, message->message); !own)
            return own;
        if (peer.inbound.offer_best_effort(message->sequence))
            turn.broker.deliver(message_of(message->message, now), turn.now, turn.effects);
    } else if (const auto* ack = std::get_if<Ack>(&entry)) {
        on_ack(peer, *ack, now);
    } else if (const auto* nack = std::get_if<Nack>(&entry)) {
        return on_nack(peer, *nack);
    } else if (const auto* heartbeat = std::get_if<Heartbeat>(&entry)) {
        on_heartbeat(turn, link, peer, *heartbeat);
    } else if (const auto* resume = std::get_if<Resume>(&entry)) {
        peer.inbound_of(resume->lane).resume(*resume);
    } else if (std::holds_alternative<SnapshotRequest>(entry)) {
        // While one is on its way, that is the answer; so a view holds no second one.
        peer.snapshot_wanted = peer.interest_view.base() >= peer.snapshot_last_lsn;
    } else if (const auto* digests = std::get_if<RetainedDigests>(&entry)) {
        peer.sync.on_digests(*digests, peer.view.retained_records() == 0, turn.broker, now);
    } else if (const auto* answer = std::get_if<RetainedAnswer>(&entry)) {
        peer.sync.on_answer(*answer, now, limits);
    } else if (const auto* item = std::get_if<RetainedItem>(&entry)) {
        if (item->message.topic.starts_with('$')) return failure(broken("a message below $"));
        // What a third node wrote comes in that node's own log as well, in its order there.
        const NodeId writer_id = item->version.node;
        const bool follows = writer_id != peer.id && peers.contains(writer_id);
        peer.sync.on_item(*item,
                          follows ? RetainedSync::News::FollowsInLog : RetainedSync::News::Now,
                          turn.broker, turn.now, turn.effects);
    } else if (const auto* end = std::get_if<RetainedChunkEnd>(&entry)) {
        peer.sync.on_chunk_end(*end, now, limits);
    } else if (std::holds_alternative<RetainedNext>(entry)) {
        peer.sync.on_next(now);
    } else if (const auto* result = std::get_if<RetainedResult>(&entry)) {
        peer.sync.on_result(*result, now, limits);
    } else if (const auto* linked = std::get_if<LinkedPeers>(&entry)) {
        note_linked(peer, *linked);
    } else {
        return failure(LinkFailure{RouteState::Foreign, "an entry out of its order"});
    }
    return {};
}

void Cluster::Parts::on_heartbeat(Turn& turn, Link& link, Peer& peer, const Heartbeat& heartbeat) {
    link.machine.on_heartbeat(heartbeat, turn.now.instant);
    peer.skew_ms = heartbeat.wall_ms - turn.now.wall.ms;
    if (heartbeat.message_validity_sec != kNoValidity)
        peer.announced_validity_sec = heartbeat.message_validity_sec;
    if (!heartbeat.wants_answer || !heartbeat.settled || peer.snapshot_building) return;
    const bool equal = heartbeat.interest_digest == interest.digest(peer.slot);
    if (peer.interest_equal != equal) report_soon = true;
    peer.interest_equal = equal;
    peer.digest_mismatches = equal ? 0 : peer.digest_mismatches + 1;
    if (peer.digest_mismatches < kMismatchesMax) return;
    peer.digest_mismatches = 0;
    peer.snapshot_request_owed = true;
    ++peer.snapshot_requests;
}

void Cluster::Parts::on_ack(Peer& peer, const Ack& ack, Instant now) {
    if (ack.incarnation != config.incarnation) return;
    peer.view_of(ack.lane).acked(ack.lsn);
    if (ack.lane == Lane::Messages) {
        if (!ack.paused) peer.paused_since.reset();
        if (ack.paused && !peer.paused_since) peer.paused_since = now;
        return;
    }
    if (peer.settled_owed && peer.interest_view.empty() && peer.reachable()) {
        peer.settled_owed = false;  // the heartbeat by which it sees that its copy is whole
        links.at(peer.sending).machine.probe();
    }
    barriers.acked(peer.slot, ack.lsn);
}

Result<void, LinkFailure> Cluster::Parts::on_nack(Peer& peer, const Nack& nack) {
    if (nack.incarnation != config.incarnation) return {};
    if (nack.lsn > log.last()) return failure(broken("it asks for what we never logged"));
    View& view = peer.view_of(nack.lane);
    if (nack.lsn < view.base()) return {};  // overtaken by an ack on another link
    view.acked(nack.lsn);
    view.rewind();
    peer.resume_owed = true;
    return {};
}

Result<void, LinkFailure> Cluster::Parts::on_record(Turn& turn, Peer& peer, const Record& record) {
    const Instant now = turn.now.instant;
    const Lane lane = lane_of(record.type);
    // Nobody is here for them any more. Not acked, they wait at the peer for our next life.
    if (lane == Lane::Messages && shutting_down()) return {};
    if (record.type == RecordType::Message) {
        Result<void, LinkFailure> own = check_own_message(peer, record.message);
        if (!own) return own;
    }
    Inbound& inbound = peer.inbound_of(lane);
    if (inbound.offer(record, now, limits.nack_again_after) != Inbound::Verdict::Apply) return {};
    switch (record.type) {
        case RecordType::Message:
            turn.broker.deliver(message_of(record.message, now), turn.now, turn.effects);
            return {};
        case RecordType::InterestAdd: return add_filters(peer, record.filters);
        case RecordType::InterestRemove:
            for_each_filter(record.filters,
                            [&](std::string_view filter) { interest.remove(peer.slot, filter); });
            return {};
        case RecordType::SnapshotBegin:
            peer.snapshot_building = true;
            peer.snapshot_lists.clear();
            peer.snapshot_filters = peer.snapshot_bytes = 0;
            return {};
        case RecordType::SnapshotEnd: return end_snapshot(peer);
        case RecordType::Expired: peer.expired_for_us += record.expired_count; return {};
    }
    UNREACHABLE();
}

// Those of a snapshot wait for its end; until then the old set serves.
Result<void, LinkFailure> Cluster::Parts::add_filters(Peer& peer, ByteView filters) {
    const bool building = peer.snapshot_building;
    std::size_t count = building ? peer.snapshot_filters : interest.filters(peer.slot);
    std::size_t bytes = building ? peer.snapshot_bytes : interest.bytes(peer.slot);
    for_each_filter(filters, [&](std::string_view filter) {
        ++count;
        bytes += RemoteInterest::cost(filter);
    });
    if (count > limits.filters_per_peer_max || bytes > limits.filter_bytes_per_peer_max)
        return failure(broken("it has more filters than we can keep"));
    if (building) {
        peer.snapshot_lists.emplace_back(filters.begin(), filters.end());
        peer.snapshot_filters = count;
        peer.snapshot_bytes = bytes;
        return {};
    }
    for_each_filter(filters, [&](std::string_view filter) { interest.add(peer.slot, filter); });
    return {};
}

Result<void, LinkFailure> Cluster::Parts::end_snapshot(Peer& peer) {
    // One whose beginning went to a life of ours that had forgotten it; a whole one follows.
    if (!peer.snapshot_building) return {};
    peer.snapshot_building = false;
    peer.interest_known = true;
    interest.clear(peer.slot);
    for (const Bytes& list : peer.snapshot_lists)
        for_each_filter(list, [&](std::string_view filter) { interest.add(peer.slot, filter); });
    peer.snapshot_lists = {};
    peer.snapshot_filters = peer.snapshot_bytes = 0;
    return {};
}

}  // namespace lotmesh::cluster
