// SUBSCRIBE and UNSUBSCRIBE; the SUBACK barrier (see core.h).
#include <fmt/format.h>

#include <algorithm>

#include "base/assert.h"
#include "base/topic.h"
#include "runtime/broker/auditing.h"
#include "runtime/broker/authorising.h"
#include "runtime/broker/closing.h"
#include "runtime/broker/fan_out.h"
#include "runtime/broker/handlers.h"
#include "runtime/broker/publishing.h"
#include "runtime/broker/subscribing.h"
#include "runtime/broker/wire.h"
#include "runtime/mqtt/decode.h"

namespace lotmesh::broker {
namespace {

using mqtt::QoS;
using mqtt::ReasonCode;

// Success, or why not.
ReasonCode check(const State& state, const Connection& connection, std::string_view filter) {
    const Session& session = *connection.session;
    const Limits& limits = state.config.limits;
    const std::string_view matched = matched_filter(filter);
    if (is_shared_filter(filter) && !limits.shared_subscription_available)
        return ReasonCode::SharedSubscriptionsNotSupported;
    // [MQTT311-3.8.3-2]
    if (has_wildcard(matched) && !limits.wildcard_subscription_available)
        return ReasonCode::WildcardSubscriptionsNotSupported;
    if (!is_within(matched, limits)) return ReasonCode::TopicFilterInvalid;
    if (!may_subscribe(session, matched)) return ReasonCode::NotAuthorized;
    // A new snapshot of retained messages may go beyond the bounds of the queue; not a second one.
    const auto is_full = [&limits](const OutQueue& queue) {
        return queue.messages() >= limits.queue.messages_max ||
               queue.bytes() >= limits.queue.bytes_max;
    };
    if (is_full(session.queue) || is_full(session.qos0_queue) ||
        session.pending_subacks >= limits.pending_subacks_max)
        return ReasonCode::QuotaExceeded;
    return has_room_for(state, session, filter) || is_subscribed(state, session, filter)
               ? ReasonCode::Success
               : ReasonCode::QuotaExceeded;
}

// The retained messages of this moment, to be sent after the SUBACK. [MQTT-3.3.1-9]
void take_snapshot(Turn& turn, Session& session, std::string_view filter,
                   const Subscription& subscription) {
    const State& state = turn.state;
    const bool is_sys = is_below(filter, kSysTopic);
    const RetainedStore& store = is_sys ? state.sys_retained : state.retained;
    const std::span<const std::uint32_t> identifiers(&subscription.identifier,
                                                     subscription.identifier == 0 ? 0 : 1);
    store.for_each_match(filter, turn.now.instant, [&](const MessageRef& message) {
        if (subscription.no_local && message->publisher() == session.publisher) return;
        if (!checked_receive(turn, session, message->topic()) || !checked_source(turn, message))
            return;
        Delivery delivery{message, SubscriptionIdentifiers(identifiers),
                          std::min(message->qos(), subscription.qos), true, true};
        OutQueue& queue = delivery.qos == QoS::AtMostOnce ? session.qos0_queue : session.queue;
        queue.push(std::move(delivery));
    });
}

// The code of the SUBACK for one filter.
ReasonCode grant(Turn& turn, Connection& connection, const mqtt::SubscribeEntry& entry,
                 std::uint32_t identifier) {
    const ReasonCode refusal = check(turn.state, connection, entry.filter);
    if (refusal == ReasonCode::NotAuthorized) {
        ++turn.state.counters.denied.subscribes;
        audit_denial(turn, connection, AuditKind::SubscribeDenied, std::string(entry.filter));
    }
    if (refusal == ReasonCode::QuotaExceeded) ++turn.state.counters.refused.subscriptions;
    if (refusal == ReasonCode::TopicFilterInvalid) ++turn.state.counters.refused.topics;
    if (refusal != ReasonCode::Success) return refusal;
    Session& session = *connection.session;
    const mqtt::SubscriptionOptions& options = entry.options;
    const QoS qos = std::min(options.qos, turn.state.config.limits.maximum_qos);  // [MQTT-3.2.2-10]
    const Subscription subscription{.session = session.id,
                                    .identifier = identifier,
                                    .qos = qos,
                                    .no_local = options.no_local,
                                    .retain_as_published = options.retain_as_published};
    const bool is_new = subscribe(turn, session, entry.filter, subscription);
    // [MQTT-3.3.1-10] [MQTT-3.3.1-11] [MQTT-3.8.4-4]
    const bool wants_retained =
        options.retain_handling == mqtt::RetainHandling::Send ||
        (options.retain_handling == mqtt::RetainHandling::SendIfNew && is_new);
    // A group has none: nobody could say which of its members should get them.
    if (wants_retained && !is_shared_filter(entry.filter))
        take_snapshot(turn, session, entry.filter, subscription);
    return static_cast<ReasonCode>(qos);  // [MQTT-3.8.4-7]
}

// 3.1.1 knows one refusal, 3.1 none.
ReasonCode in_version(ReasonCode reason, mqtt::ProtocolVersion version) {
    if (!mqtt::is_error(reason)) return reason;
    switch (version) {
        case mqtt::ProtocolVersion::V5: return reason;
        case mqtt::ProtocolVersion::V311: return ReasonCode::UnspecifiedError;
        case mqtt::ProtocolVersion::V31: return ReasonCode::Success;
    }
    UNREACHABLE();
}

// SUBACK, and what was held for it. [MQTT-3.8.4-1] [MQTT-3.8.4-2]
void answer(Turn& turn, Connection& connection, mqtt::PacketId packet_id,
            std::vector<ReasonCode> reasons) {
    send(turn, connection,
         mqtt::Suback{.packet_id = packet_id, .reasons = std::move(reasons), .properties = {}});
    if (connection.is_open()) drain(turn, *connection.session);
}

}  // namespace

Handled on_subscribe(Turn& turn, Connection& connection, const mqtt::Frame& frame) {
    auto decoded = mqtt::decode_packet(frame, connection.version, mqtt::Sender::Client);
    if (!decoded) {
        disconnect_undecodable(turn, connection, decoded.error(), "SUBSCRIBE is malformed");
        return Handled::Done;
    }
    State& state = turn.state;
    const auto& packet = std::get<mqtt::Subscribe>(*decoded);
    const std::uint32_t identifier = packet.properties.subscription_identifier.value_or(0);
    if (identifier != 0 && !state.config.limits.subscription_identifier_available) {
        disconnect(turn, connection, ReasonCode::SubscriptionIdentifiersNotSupported,
                   "SUBSCRIBE asks for what the CONNACK denied");
        return Handled::Done;
    }
    for (const mqtt::SubscribeEntry& entry : packet.entries) {
        if (!is_below(matched_filter(entry.filter), kPeerTopic)) continue;
        disconnect_for_cluster_topic(turn, connection, entry.filter);
        return Handled::Done;
    }
    std::vector<ReasonCode> reasons;  // [MQTT-3.8.4-6] [MQTT-3.9.3-1]
    std::vector<std::string_view> granted;
    std::vector<std::string> lines;                             // of the log
    for (const mqtt::SubscribeEntry& entry : packet.entries) {  // [MQTT-3.8.4-5]
        // Each may search all retained topics, and nobody else is served meanwhile.
        const bool beyond = reasons.size() >= state.config.limits.filters_per_subscribe_max;
        if (beyond) ++state.counters.refused.subscriptions;
        const ReasonCode reason =
            beyond ? ReasonCode::QuotaExceeded : grant(turn, connection, entry, identifier);
        if (state.config.log_subscriptions && !mqtt::is_error(reason))
            lines.push_back(fmt::format("{} {} {}", connection.session->client_id,
                                        static_cast<int>(reason), entry.filter));
        const std::string_view matched = matched_filter(entry.filter);
        if (!mqtt::is_error(reason) && !matched.starts_with('$')) granted.push_back(matched);
        reasons.push_back(in_version(reason, connection.version));
    }
    const BarrierTicket ticket =
        granted.empty() ? 0 : state.cluster.subscribe_barrier(granted, turn.now);
    if (ticket != 0) {
        ++connection.session->pending_subacks;
        state.pending_subacks.emplace(
            ticket, PendingSuback{connection.id, packet.packet_id, std::move(reasons)});
    } else {
        answer(turn, connection, packet.packet_id, std::move(reasons));
    }
    // Last, since the client itself may listen, and has its SUBACK first.
    for (const std::string& line : lines)
        publish_sys_line(turn, "$SYS/broker/log/M/subscribe", line);
    return Handled::Done;
}

void on_barrier_passed(Turn& turn, BarrierTicket ticket) {
    State& state = turn.state;
    while (true) {
        auto node = state.pending_subacks.extract(ticket);
        if (node.empty()) return;
        PendingSuback& pending = node.mapped();
        Connection* connection = state.connections.find(pending.conn);
        if (connection == nullptr || !connection->is_open()) continue;
        Session& session = *connection->session;
        ASSERT(session.pending_subacks > 0);
        --session.pending_subacks;
        answer(turn, *connection, pending.packet_id, std::move(pending.reasons));
    }
}

Handled on_unsubscribe(Turn& turn, Connection& connection, const mqtt::Frame& frame) {
    auto decoded = mqtt::decode_packet(frame, connection.version, mqtt::Sender::Client);
    if (!decoded) {
        disconnect_undecodable(turn, connection, decoded.error(), "UNSUBSCRIBE is malformed");
        return Handled::Done;
    }
    const auto& packet = std::get<mqtt::Unsubscribe>(*decoded);
    // [MQTT-3.10.4-4] [MQTT-3.10.4-5]
    mqtt::Unsuback unsuback{.packet_id = packet.packet_id, .reasons = {}, .properties = {}};
    for (const std::string_view filter : packet.filters) {  // [MQTT-3.10.4-6] [MQTT-3.11.3-1]
        const bool existed = unsubscribe(turn, *connection.session, filter);
        if (turn.state.config.log_subscriptions && existed)
            publish_sys_line(turn, "$SYS/broker/log/M/unsubscribe",
                             fmt::format("{} {}", connection.session->client_id, filter));
        if (connection.is_v5())
            unsuback.reasons.push_back(existed ? ReasonCode::Success
                                               : ReasonCode::NoSubscriptionExisted);
    }
    send(turn, connection, std::move(unsuback));
    return Handled::Done;
}

}  // namespace lotmesh::broker
