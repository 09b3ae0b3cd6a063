// PUBLISH from a client: taken (or refused), passed on, acknowledged.
#include "base/assert.h"
#include "runtime/broker/auditing.h"
#include "runtime/broker/authorising.h"
#include "runtime/broker/backpressure.h"
#include "runtime/broker/closing.h"
#include "runtime/broker/handlers.h"
#include "runtime/broker/publishing.h"
#include "runtime/broker/wire.h"
#include "runtime/mqtt/decode.h"
#include "runtime/mqtt/property.h"

namespace lotmesh::broker {
namespace {

using mqtt::PacketType;
using mqtt::QoS;
using mqtt::ReasonCode;

// The topic, by way of the alias where there is one. [MQTT-3.3.2-7] [MQTT-3.3.2-12]
Result<std::string_view, ReasonCode> topic_of(const State& state, Connection& connection,
                                              const mqtt::Publish& publish) {
    if (!publish.properties.topic_alias) return publish.topic;
    const std::size_t alias = *publish.properties.topic_alias;
    if (alias == 0 || alias > state.config.limits.topic_alias_maximum)
        return failure(ReasonCode::TopicAliasInvalid);  // [MQTT-3.3.2-8] [MQTT-3.3.2-9]
    auto& aliases = connection.topic_aliases;
    if (publish.topic.empty()) {
        if (alias > aliases.size() || aliases[alias - 1].empty())
            return failure(ReasonCode::ProtocolError);
        return aliases[alias - 1];
    }
    if (alias > aliases.size()) aliases.resize(alias);
    aliases[alias - 1] = publish.topic;
    return publish.topic;
}

// Success, or what the client was told that there is not. [MQTT-3.2.2-11] [MQTT-3.2.2-14]
ReasonCode check_capabilities(const Limits& limits, const mqtt::Publish& publish) {
    if (publish.qos > limits.maximum_qos) return ReasonCode::QoSNotSupported;
    if (publish.retain && !limits.retain_available) return ReasonCode::RetainNotSupported;
    return ReasonCode::Success;
}

// Success, or why this client may not publish this.
ReasonCode check(const State& state, const Connection& connection, const mqtt::Publish& publish,
                 std::string_view topic) {
    const bool is_command = topic == kCommandTopic;
    if (is_command && !may_command(connection)) return ReasonCode::NotAuthorized;
    if (topic.starts_with('$') && !is_command) return ReasonCode::TopicNameInvalid;
    if (!is_within(topic, state.config.limits)) return ReasonCode::TopicNameInvalid;
    if (!has_payload_as_said(publish.properties, publish.payload))
        return ReasonCode::PayloadFormatInvalid;
    const Session& session = *connection.session;
    const bool allowed = session.may(Permission::Publish, topic) &&
                         (!publish.retain || session.may(Permission::Retain, topic));
    if (!is_command && !allowed) return ReasonCode::NotAuthorized;
    const bool keeps = publish.retain && !publish.payload.empty() && !is_command;
    const bool can_be_told = publish.qos != QoS::AtMostOnce && connection.is_v5();
    const std::size_t bytes =
        Message::memory_bytes({.topic = topic,
                               .forwarded_properties = publish.properties.forwarded,
                               .payload = publish.payload});
    const bool no_room = state.pressure >= Pressure::High || state.disk == DiskSpace::Full ||
                         state.retained.full_for(topic, bytes);
    if (keeps && can_be_told && no_room) return ReasonCode::QuotaExceeded;
    return ReasonCode::Success;
}

std::string_view why(ReasonCode refusal) {
    if (refusal == ReasonCode::QuotaExceeded) return "there is no room for it";
    if (refusal == ReasonCode::PayloadFormatInvalid) return "the payload is said to be UTF-8";
    if (refusal == ReasonCode::TopicNameInvalid) return "nobody may publish to this topic";
    return "this client may not publish to this topic";
}

// With the reason in words, where the client is told them at all.
template <typename Ack>
void refuse_publish(Turn& turn, Connection& connection, mqtt::PacketId packet_id,
                    ReasonCode reason) {
    Ack packet;
    packet.packet_id = packet_id;
    packet.reason = reason;
    packet.properties.reason_string = why(reason);
    send(turn, connection, std::move(packet));
}

// [MQTT-3.3.4-1] [MQTT-4.3.2-4] [MQTT-4.3.3-8] [MQTT-2.2.1-5]
void acknowledge(Turn& turn, Connection& connection, const mqtt::Publish& publish,
                 ReasonCode reason) {
    const bool refused = mqtt::is_error(reason) && connection.is_v5();
    switch (publish.qos) {
        case QoS::AtMostOnce: break;
        case QoS::AtLeastOnce:  // nothing is remembered of the identifier [MQTT-4.3.2-5]
            if (refused)
                refuse_publish<mqtt::Puback>(turn, connection, publish.packet_id, reason);
            else
                send_ack(turn, connection, PacketType::Puback, publish.packet_id, reason);
            break;
        case QoS::ExactlyOnce:
            // After a refusal the identifier is free [MQTT-4.3.3-9]; 3.x has none: what it may not
            // publish is acknowledged all the same [MQTT311-3.3.5-2].
            if (refused)
                return refuse_publish<mqtt::Pubrec>(turn, connection, publish.packet_id, reason);
            connection.session->received_qos2.insert(publish.packet_id);
            connection.inbound_window.insert(publish.packet_id);
            send_ack(turn, connection, PacketType::Pubrec, publish.packet_id, reason);
            break;
    }
}

Published pass_on(Turn& turn, const Connection& connection, const mqtt::Publish& publish,
                  std::string_view topic) {
    std::optional<Instant> expires_at;
    if (publish.properties.message_expiry_interval_sec)
        expires_at =
            turn.now.instant + Duration::seconds(*publish.properties.message_expiry_interval_sec);
    return lotmesh::broker::publish(
        turn,
        {.topic = topic,
         .forwarded_properties = publish.properties.forwarded,
         .payload = publish.payload,
         .qos = publish.qos,
         .retain = publish.retain,
         .expires_at = expires_at,
         .accepted_at = turn.now.instant,
         .publisher = connection.session->publisher,
         .version = std::nullopt},
        publish.qos == QoS::AtMostOnce ? OnQuota::DeliverHere : OnQuota::Refuse,
        publish.retain ? writer_of(turn.state, *connection.session) : nullptr);
}

// What the command is, without what may be secret in it.
std::string command_name(std::string_view text) {
    constexpr std::size_t kShownBytesMax = 64;
    return std::string(text.substr(0, std::min(text.find_first_of(" \t\r\n"), kShownBytesMax)));
}

// For the node itself; it is not passed on.
Published take_command(Turn& turn, const Connection& connection, const mqtt::Publish& publish) {
    const auto request = mqtt::read_request_properties(publish.properties.forwarded);
    Command command;
    command.too_long = publish.payload.size() > turn.state.config.limits.command_bytes_max;
    if (!command.too_long) command.text = as_text(publish.payload);
    // The answer is published for the client: to where it could publish.
    if (connection.session->may(Permission::Publish, request.response_topic))
        command.reply_to.topic = request.response_topic;
    command.reply_to.properties.assign(request.correlation_data.begin(),
                                       request.correlation_data.end());
    audit(turn, AuditKind::AdminCommand, connection.principal, command_name(command.text));
    turn.effects.act(std::move(command));
    Published published;
    published.matched = true;
    return published;
}

// False: the client broke a rule and has been disconnected.
bool obeys_window(Turn& turn, Connection& connection) {
    const std::size_t maximum = turn.state.config.limits.receive_maximum;
    // QoS 1 is acknowledged at once, so only QoS 2 stays in the window; what came on earlier
    // connections is not in the one of this. 3.x has none.
    if (!connection.is_v5() || connection.inbound_window.size() < maximum) return true;
    disconnect(turn, connection, ReasonCode::ReceiveMaximumExceeded,
               "more in flight than the Receive Maximum");  // [MQTT-3.3.4-7]
    return false;
}

// While memory is short, what nobody was promised is not passed on.
bool is_shed(const State& state, const mqtt::Publish& publish, std::string_view topic) {
    return state.pressure >= Pressure::High && publish.qos == QoS::AtMostOnce &&
           topic != kCommandTopic;
}

// Counted and audited; nothing is kept of the message.
void note_refused(Turn& turn, Connection& connection, ReasonCode reason, std::string_view topic) {
    ++turn.state.counters.drops.not_allowed;
    Refused& refused = turn.state.counters.refused;
    if (reason == ReasonCode::QuotaExceeded) ++refused.retained;
    if (reason == ReasonCode::TopicNameInvalid && !is_within(topic, turn.state.config.limits))
        ++refused.topics;
    if (reason != ReasonCode::NotAuthorized) return;
    ++turn.state.counters.denied.publishes;
    audit_denial(turn, connection, AuditKind::PublishDenied, std::string(topic));
}

}  // namespace

Handled on_publish(Turn& turn, Connection& connection, const mqtt::Frame& frame) {
    State& state = turn.state;
    if (state.cluster.is_starting() || state.pressure == Pressure::Critical) {
        // Acknowledged now it would go to nobody elsewhere, or be too much.
        pause_reading(turn, connection, PauseReason::Source);
        return Handled::NotTaken;
    }
    const auto publish = mqtt::decode_publish(frame, connection.version, mqtt::Sender::Client);
    if (!publish) {
        disconnect_undecodable(turn, connection, publish.error(), "PUBLISH is malformed");
        return Handled::Done;
    }
    if (const ReasonCode missing = check_capabilities(state.config.limits, *publish);
        missing != ReasonCode::Success) {
        disconnect(turn, connection, missing, "PUBLISH asks for what the CONNACK denied");
        return Handled::Done;
    }
    const auto topic = topic_of(state, connection, *publish);
    if (!topic) {
        disconnect(turn, connection, topic.error(), "the topic alias stands for nothing");
        return Handled::Done;
    }
    if (is_below(*topic, kPeerTopic)) {
        disconnect_for_cluster_topic(turn, connection, *topic);
        return Handled::Done;
    }
    if (publish->qos == QoS::ExactlyOnce &&
        connection.session->received_qos2.contains(publish->packet_id)) {
        acknowledge(turn, connection, *publish, ReasonCode::Success);  // [MQTT-4.3.3-10]
        return Handled::Done;
    }
    if (publish->qos != QoS::AtMostOnce && !obeys_window(turn, connection)) return Handled::Done;
    ReasonCode reason = check(state, connection, *publish, *topic);
    if (reason == ReasonCode::Success && is_shed(state, *publish, *topic)) {
        ++state.counters.drops.memory;
        return Handled::Done;
    }
    Published published;
    if (reason == ReasonCode::Success) {
        published = *topic == kCommandTopic ? take_command(turn, connection, *publish)
                                            : pass_on(turn, connection, *publish, *topic);
        if (published.quota_full && !connection.is_v5()) {
            pause_reading(turn, connection, PauseReason::Quota);
            return Handled::NotTaken;
        }
        if (published.quota_full) {
            ++state.counters.drops.quota;
            reason = ReasonCode::QuotaExceeded;
        } else if (!published.matched) {
            reason = ReasonCode::NoMatchingSubscribers;
        }
    } else {
        note_refused(turn, connection, reason, *topic);
    }
    ++state.counters.publish_received;
    state.counters.publish_bytes_received += publish->payload.size();
    acknowledge(turn, connection, *publish, reason);
    if (publish->qos != QoS::AtMostOnce)
        pause_source_if_needed(turn, connection, published.above_high);
    return Handled::Done;
}

}  // namespace lotmesh::broker
