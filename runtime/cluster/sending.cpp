// What goes out at the end of a turn: for each link at most one frame, as long as it fits.
#include "base/assert.h"
#include "runtime/cluster/cluster_parts.h"

namespace lotmesh::cluster {

void Cluster::Parts::flush_frame(Link& link, broker::Effects& effects) {
    if (writer.empty()) return;
    const broker::ConnId conn = link.machine.conn();
    append_frame(effects.output(conn).bytes(), writer.finish());
    writer.clear();
    if (effects.pending_bytes(conn) > broker::Effects::kFlushBytes) effects.want_flush();
}

void Cluster::Parts::send_all(Turn& turn) {
    for (auto& [conn, link] : links)
        send_handshake(link, turn.now, turn.effects);
    for (auto& [id, peer] : peers)
        if (peer.reachable()) send_to_peer(turn, peer);
    send_heartbeats(turn.now, turn.effects);
}

void Cluster::Parts::send_handshake(Link& link, Now now, broker::Effects& effects) {
    if (link.machine.wants_hello()) {
        Hello hello;
        hello.id = config.id;
        hello.incarnation = config.incarnation;
        hello.boot_nonce = config.boot_nonce;
        hello.wall_ms = now.wall.ms;
        hello.name = config.name;
        hello.version = config.version;
        if (link.machine.role() == LinkRole::Dialler) hello.label = link.label;
        writer.add(hello);
        link.machine.hello_said();
    }
    if (link.start_owed) {
        link.start_owed = false;
        writer.add(start_for(*link.machine.hello()));
    }
    flush_frame(link, effects);
}

void Cluster::Parts::send_to_peer(Turn& turn, Peer& peer) {
    Link& link = links.at(peer.sending);
    send_owed(turn, peer, link);
    if (!link.machine.congested && !peer.switching) {
        if (peer.snapshot_wanted) append_snapshot(turn, peer);
        send_records(turn, peer.interest_view, link);
        const bool hold_back =
            peer.paused_since && turn.now.instant - *peer.paused_since < limits.pause_max;
        if (!hold_back) send_records(turn, peer.view, link);
        send_best_effort(turn, peer, link);
        // Behind the records, so that a retained message does not overtake its own record.
        peer.sync.produce(peer.view, turn.broker, turn.now.instant, limits, writer);
    }
    flush_frame(link, turn.effects);
}

void Cluster::Parts::send_owed(Turn& turn, Peer& peer, Link& link) {
    if (peer.resume_owed) {
        peer.resume_owed = false;
        writer.add(Resume{Lane::Messages, config.incarnation, peer.view.base()});
        writer.add(Resume{Lane::Interest, config.incarnation, peer.interest_view.base()});
    }
    if (link.machine.wants_heartbeat(turn.now.instant, limits)) {
        peer.repeat_acks();
        add_linked_peers(peer);
    }
    for (const Lane lane : {Lane::Interest, Lane::Messages}) {
        Inbound& inbound = peer.inbound_of(lane);
        const bool pause = lane == Lane::Messages && (shutting_down() || is_leaving(peer) ||
                                                      turn.broker.peers_should_pause());
        if (const auto nack = inbound.take_nack()) writer.add(*nack);
        if (const auto ack = inbound.take_ack(log.last(), pause)) writer.add(*ack);
    }
    if (peer.snapshot_request_owed) {
        peer.snapshot_request_owed = false;
        writer.add(SnapshotRequest{});
    }
}

void Cluster::Parts::send_best_effort(Turn& turn, Peer& peer, Link& link) {
    while (!peer.lane.waiting.empty()) {
        if (writer.size() > limits.frame_bytes_max) flush_frame(link, turn.effects);
        const broker::MessageRef message = peer.lane.pop();
        writer.add(BestEffort{++last_best_effort, body_of(*message, turn.now.instant)});
        ++peer.lane.sent;
    }
}

void Cluster::Parts::add_linked_peers(const Peer& receiver) {
    Bytes ids;
    for (const auto& [id, peer] : peers)
        if (peer.reachable() && id != receiver.id)
            ids.insert(ids.end(), id.bytes.begin(), id.bytes.end());
    writer.add(LinkedPeers{ids});
}

void Cluster::Parts::send_records(Turn& turn, View& view, Link& link) {
    while (view.has_unsent() && view.in_flight_bytes() < limits.window_bytes_max) {
        if (!writer.empty() && writer.size() + view.next_bytes() > limits.frame_bytes_max)
            flush_frame(link, turn.effects);
        writer.add(view.send_next(turn.now.instant));
    }
}

// On every link that is up, also one that serves as a standby only.
void Cluster::Parts::send_heartbeats(Now now, broker::Effects& effects) {
    for (auto& [conn, link] : links) {
        if (!link.machine.wants_heartbeat(now.instant, limits)) continue;
        const Peer* peer = peer_of(link);
        ASSERT(peer != nullptr);
        Heartbeat heartbeat = link.machine.make_heartbeat(now.instant, limits);
        heartbeat.wall_ms = now.wall.ms;
        heartbeat.settled = peer->interest_view.empty();
        heartbeat.interest_digest = own_interest.value();
        heartbeat.message_validity_sec = own_validity_sec(*peer);
        writer.add(heartbeat);
        flush_frame(link, effects);
    }
}

}  // namespace lotmesh::cluster
