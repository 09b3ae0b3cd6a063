#include "runtime/broker/fan_out.h"

#include <algorithm>

#include "base/assert.h"
#include "runtime/broker/authorising.h"
#include "runtime/broker/backpressure.h"
#include "runtime/broker/publishing.h"
#include "runtime/broker/sharing.h"
#include "runtime/broker/wire.h"

namespace lotmesh::broker {
namespace {

// A queue is not emptied further into a connection with this much to write already.
constexpr std::size_t kDrainBytes = 2 * Effects::kFlushBytes;

// How often a full queue is searched for what has expired.
constexpr Duration kSearchInterval = Duration::seconds(1);

// With a topic alias where that pays: the head is sent if it fits, so the client knows it then.
const mqtt::PublishHead& head_for(Turn& turn, Connection& connection, const Message& message,
                                  const Target& target) {
    HeadVariant variant{.version = connection.version,
                        .has_packet_id = target.qos != mqtt::QoS::AtMostOnce,
                        .retain = target.retain,
                        .identifiers = target.identifiers,
                        .alias = {}};
    if (connection.aliases_out.is_on()) {
        variant.alias = connection.aliases_out.choose(message.topic());
        const mqtt::PublishHead& aliased = turn.state.heads.get(variant);
        if (fits(connection, aliased)) {
            connection.aliases_out.sent(message.topic(), variant.alias);
            return aliased;
        }
        variant.alias = {};
    }
    return turn.state.heads.get(variant);
}

Delivery make_delivery(const MessageRef& message, const Target& target) {
    return {message,
            SubscriptionIdentifiers(target.identifiers),
            target.qos,
            target.retain,
            /*from_snapshot=*/false,
            target.group};
}

void deliver_qos0(Turn& turn, const MessageRef& message, const Target& target) {
    Session& session = target.session;
    Drops& drops = turn.state.counters.drops;
    if (session.connection == nullptr) return;  // QoS 0 is for those who are there
    Connection& connection = *session.connection;
    if (session.pending_subacks > 0 || !session.qos0_queue.empty() ||
        session.queue.snapshot_messages() > 0) {
        const Limits& limits = turn.state.config.limits;
        if (session.qos0_queue.would_fit(*message, limits.qos0_messages_max,
                                         limits.qos0_bytes_max)) {
            session.qos0_queue.push(make_delivery(message, target));
        } else {
            ++drops.qos0_queue;
        }
        return;
    }
    // The shell cannot say Congested while one read full of packets is worked on.
    if (connection.congested || turn.effects.pending_bytes(connection.id) > kCongestedBytes) {
        ++drops.congested;
        return;
    }
    const mqtt::PublishHead& head = head_for(turn, connection, *message, target);
    if (!fits(connection, head)) {  // [MQTT-3.1.2-25]
        ++drops.too_large;
        return;
    }
    send_publish(turn, connection, message, head, {});
}

// What expired must not keep a place from what has not. All of a long queue is looked at once a
// second at most. True: would_fit() now.
template <typename WouldFit>
bool make_room(Turn& turn, Session& session, const WouldFit& would_fit) {
    const Instant now = turn.now.instant;
    std::size_t dropped = session.queue.drop_expired_front(now);
    const bool searched = session.searched_at && now - *session.searched_at < kSearchInterval;
    if (!searched && !would_fit()) {
        session.searched_at = now;
        dropped += session.queue.drop_expired(now);
    }
    turn.state.counters.drops.expired += dropped;
    if (dropped > 0) note_drained(turn, session);
    return would_fit();
}

bool has_room_for(Turn& turn, Session& session, const Message& message) {
    const Limits& limits = turn.state.config.limits;
    const bool connected = session.connection != nullptr;
    const std::size_t messages_max =
        connected ? limits.queue.messages_max : limits.offline_messages_max;
    const std::size_t bytes_max = connected ? limits.queue.bytes_max : limits.offline_bytes_max;
    const auto would_fit = [&] {
        return session.queue.would_fit(message, messages_max, bytes_max);
    };
    return would_fit() || make_room(turn, session, would_fit);
}

void enqueue(Turn& turn, const MessageRef& message, const Target& target) {
    Session& session = target.session;
    const bool connected = session.connection != nullptr;
    const bool fits_in = has_room_for(turn, session, *message);
    if (fits_in) session.queue.push(make_delivery(message, target));
    if (connected) note_enqueued(turn, session);  // also when full: its sources have to wait
    if (fits_in) return;
    Drops& drops = turn.state.counters.drops;
    ++(connected ? drops.queue_full : drops.offline_full);
    if (connected && session.stalled && takes_nothing(turn, session))
        turn.state.stalled_full.push_back(session.id);
}

bool may_send_at_once(Session& session) {
    return session.connection != nullptr && session.pending_subacks == 0 &&
           !session.connection->congested && session.queue.empty() && session.qos0_queue.empty() &&
           session.inflight.has_room() && session.inflight.next_to_resend() == nullptr;
}

void deliver_acknowledged(Turn& turn, const MessageRef& message, const Target& target) {
    Session& session = target.session;
    if (!may_send_at_once(session)) {
        enqueue(turn, message, target);
        return;
    }
    Connection& connection = *session.connection;
    const mqtt::PublishHead& head = head_for(turn, connection, *message, target);
    if (!fits(connection, head)) {  // [MQTT-3.1.2-25]
        ++turn.state.counters.drops.too_large;
        return;
    }
    const mqtt::PacketId id = session.inflight.add(make_delivery(message, target));
    send_publish(turn, connection, message, head, {.qos = target.qos, .packet_id = id});
}

Target target_of(Session& session, const Message& message, const Match& match,
                 const Receiver& receiver) {
    // [MQTT-3.8.4-8] [MQTT-3.3.1-12] [MQTT-3.3.1-13]
    return {
        session, std::min(message.qos(), receiver.qos),
        receiver.retain_as_published && message.retain(),
        std::span(match.identifiers).subspan(receiver.identifiers_at, receiver.identifier_count)};
}

bool wants_sources_to_wait(const Session& session) { return session.over_high && !session.stalled; }

void send_from_queue(Turn& turn, Session& session, Delivery delivery) {
    Connection& connection = *session.connection;
    Drops& drops = turn.state.counters.drops;
    if (delivery.message->expired(turn.now.instant)) {  // [MQTT-3.3.2-5]
        ++drops.expired;
        return;
    }
    // The rules may have changed since it was queued.
    if (!checked_receive(turn, session, delivery.message->topic()) ||
        (delivery.from_snapshot && !checked_source(turn, delivery.message)))
        return;
    turn.state.heads.begin(*delivery.message, turn.now.instant);
    const Target target{session, delivery.qos, delivery.retain, delivery.identifiers.get()};
    const mqtt::PublishHead& head = head_for(turn, connection, *delivery.message, target);
    if (!fits(connection, head)) {
        ++drops.too_large;
        return;
    }
    const MessageRef message = delivery.message;
    PublishPatch patch{.qos = delivery.qos};
    if (delivery.qos != mqtt::QoS::AtMostOnce)
        patch.packet_id = session.inflight.add(std::move(delivery));
    send_publish(turn, connection, message, head, patch);
}

void resend(Turn& turn, Session& session, const InflightEntry& entry) {
    Connection& connection = *session.connection;
    if (!checked_receive(turn, session, entry.delivery.message->topic())) {
        session.inflight.drop_resend();
        return;
    }
    turn.state.heads.begin(*entry.delivery.message, turn.now.instant);
    const Target target{session, entry.delivery.qos, entry.delivery.retain,
                        entry.delivery.identifiers.get()};
    const mqtt::PublishHead& head = head_for(turn, connection, *entry.delivery.message, target);
    if (!fits(connection, head)) {  // the client came back with a smaller maximum
        ++turn.state.counters.drops.too_large;
        session.inflight.drop_resend();
        return;
    }
    // [MQTT-3.3.1-1] [MQTT-4.4.0-1]
    send_publish(turn, connection, entry.delivery.message, head,
                 {.qos = entry.delivery.qos, .packet_id = entry.packet_id, .dup = true});
    session.inflight.resent();
}

// False: there is nothing, or no room for it.
bool send_next(Turn& turn, Session& session) {
    if (const InflightEntry* entry = session.inflight.next_to_resend()) {
        if (!session.inflight.window_open()) return false;
        resend(turn, session, *entry);
        return true;
    }
    // A live message of QoS 0 does not overtake the retained one of its topic.
    if (!session.qos0_queue.empty() && session.queue.snapshot_messages() == 0) {
        send_from_queue(turn, session, session.qos0_queue.pop());
        return true;
    }
    if (session.queue.empty() || !session.inflight.has_room()) return false;
    send_from_queue(turn, session, session.queue.pop());
    return true;
}

}  // namespace

void deliver_to(Turn& turn, const MessageRef& message, const Target& target) {
    if (target.qos == mqtt::QoS::AtMostOnce) {
        deliver_qos0(turn, message, target);
    } else {
        deliver_acknowledged(turn, message, target);
    }
}

bool is_wanted_by_a_full_queue(Turn& turn, const MessageRef& message) {
    const Match& match = turn.state.index.receivers(message->topic());
    return std::ranges::any_of(match.receivers, [&](const Receiver& receiver) {
        Session* session = turn.state.sessions.find(receiver.session);
        ASSERT(session != nullptr);
        return std::min(message->qos(), receiver.qos) != mqtt::QoS::AtMostOnce &&
               session->may_receive(message->topic()) && !has_room_for(turn, *session, *message);
    });
}

FanOut fan_out(Turn& turn, const MessageRef& message) {
    FanOut result;
    // What comes and goes on in the same instant was in time, also with an expiry of 0.
    if (message->expired(turn.now.instant) && message->accepted_at() < turn.now.instant) {
        ++turn.state.counters.drops.expired;
        return result;
    }
    const Match& match = turn.state.index.receivers(message->topic());
    turn.state.heads.begin(*message, turn.now.instant);
    for (const Receiver& receiver : match.receivers) {
        Session* session = turn.state.sessions.find(receiver.session);
        ASSERT(session != nullptr);  // a session that ends takes its subscriptions along
        if (!checked_receive(turn, *session, message->topic())) continue;
        if (receiver.some_no_local && session->publisher == message->publisher()) {
            // [MQTT-3.8.3-3]
            const Match own =
                turn.state.index.receivers_without_no_local(message->topic(), receiver.session);
            if (own.receivers.empty()) continue;
            deliver_to(turn, message, target_of(*session, *message, own, own.receivers.front()));
        } else {
            deliver_to(turn, message, target_of(*session, *message, match, receiver));
        }
        result.matched = true;
        result.above_high |= wants_sources_to_wait(*session);
    }
    for (const GroupId group : match.groups) {
        const Session* session = share(turn, message, group);
        if (session == nullptr) continue;
        result.matched = true;
        result.above_high |= wants_sources_to_wait(*session);
    }
    return result;
}

void drain(Turn& turn, Session& session) {
    if (session.connection == nullptr || session.pending_subacks > 0) return;
    Connection& connection = *session.connection;
    while (!connection.congested) {
        if (turn.effects.pending_bytes(connection.id) > kDrainBytes) {
            if (!connection.continues) turn.state.continuing.push_back(connection.id);
            connection.continues = true;
            turn.state.continue_at = turn.now.instant;
            turn.effects.want_flush();
            break;
        }
        if (!send_next(turn, session)) break;
    }
    note_drained(turn, session);
}

void continue_draining(Turn& turn) {
    std::vector<ConnId> continuing;
    continuing.swap(turn.state.continuing);
    for (const ConnId id : continuing) {
        Connection* connection = turn.state.connections.find(id);
        if (connection == nullptr) continue;
        connection->continues = false;
        if (connection->session != nullptr) drain(turn, *connection->session);
    }
}

}  // namespace lotmesh::broker
