#include "runtime/broker/wire.h"

#include "runtime/broker/closing.h"
#include "runtime/mqtt/encode.h"

namespace lotmesh::broker {
namespace {

void remove_problem_information(mqtt::Packet& packet) {
    std::visit(
        [](auto& value) {
            if constexpr (requires { value.properties.reason_string; }) {
                value.properties.reason_string = std::nullopt;
                value.properties.user_properties.clear();
            }
        },
        packet);
}

bool is_waited_for(const mqtt::Packet& packet) {
    return std::holds_alternative<mqtt::Connack>(packet) ||
           std::holds_alternative<mqtt::Suback>(packet) ||
           std::holds_alternative<mqtt::Unsuback>(packet);
}

bool may_always_say_why(const mqtt::Packet& packet) {
    return std::holds_alternative<mqtt::Connack>(packet) ||
           std::holds_alternative<mqtt::Disconnect>(packet);
}

}  // namespace

void send(Turn& turn, Connection& connection, mqtt::Packet packet) {
    if (!connection.problem_information && !may_always_say_why(packet))  // [MQTT-3.1.2-29]
        remove_problem_information(packet);
    Bytes& out = turn.effects.output(connection.id).bytes();
    const std::size_t before = out.size();
    mqtt::encode(packet, connection.version, out);
    if (out.size() - before > connection.packet_bytes_max) {
        // [MQTT-3.2.2-19] [MQTT-3.2.2-20] [MQTT-3.4.2-2] [MQTT-3.4.2-3] [MQTT-3.5.2-2]
        // [MQTT-3.5.2-3] [MQTT-3.6.2-2] [MQTT-3.6.2-3] [MQTT-3.7.2-2] [MQTT-3.7.2-3]
        // [MQTT-3.9.2-1] [MQTT-3.9.2-2] [MQTT-3.11.2-1] [MQTT-3.11.2-2] [MQTT-3.14.2-3]
        // [MQTT-3.14.2-4] [MQTT-3.15.2-2] [MQTT-3.15.2-3]
        out.resize(before);
        remove_problem_information(packet);
        mqtt::encode(packet, connection.version, out);
    }
    if (out.size() - before > connection.packet_bytes_max) {
        out.resize(before);
        if (is_waited_for(packet)) close_silently(turn, connection);
        return;
    }
    turn.state.counters.bytes_sent += out.size() - before;
    ++turn.state.counters.messages_sent;
}

void send_ack(Turn& turn, Connection& connection, mqtt::PacketType type, mqtt::PacketId packet_id,
              mqtt::ReasonCode reason) {
    Bytes& out = turn.effects.output(connection.id).bytes();
    const std::size_t before = out.size();
    mqtt::encode_ack(type, packet_id, reason, connection.version, out);
    turn.state.counters.bytes_sent += out.size() - before;
    ++turn.state.counters.messages_sent;
}

void send_publish(Turn& turn, Connection& connection, const MessageRef& message,
                  const mqtt::PublishHead& head, const PublishPatch& patch) {
    OutBuffer& out = turn.effects.output(connection.id);
    head.append_to(out.bytes(), patch.qos, patch.packet_id, patch.dup);
    out.append_payload(message);
    if (out.size() > Effects::kFlushBytes) turn.effects.want_flush();
    Counters& counters = turn.state.counters;
    counters.bytes_sent += head.packet_size;
    counters.publish_bytes_sent += message->payload().size();
    ++counters.messages_sent;
    ++counters.publish_sent;
}

}  // namespace lotmesh::broker
