#include "base/topic.h"
#include "base/utf8.h"
#include "runtime/mqtt/decode_packets.h"
#include "runtime/mqtt/property.h"

namespace lotmesh::mqtt {
namespace {

// An empty name stands for a topic alias, which only 5.0 has.
void check_topic(PacketReader& reader, const Publish& packet, ProtocolVersion version) {
    if (packet.topic.empty()) {
        if (version == ProtocolVersion::V5)
            reader.require(packet.properties.topic_alias.has_value(), ReasonCode::ProtocolError);
        else
            reader.fail(ReasonCode::TopicNameInvalid);  // [MQTT-4.7.3-1]
    } else if (!is_valid_topic_name(packet.topic)) {    // [MQTT-3.3.2-1] [MQTT-3.3.2-2]
        reader.fail(is_mqtt_utf8(packet.topic) ? ReasonCode::TopicNameInvalid
                                               : ReasonCode::MalformedPacket);
    }
}

}  // namespace

Result<Publish, ReasonCode> decode_publish(const Frame& frame, ProtocolVersion version,
                                           Sender sender) {
    PacketReader reader(frame);
    reader.require(frame.type() == PacketType::Publish, ReasonCode::ProtocolError);
    const unsigned qos = frame.flags() >> 1 & 3;
    const bool dup = (frame.flags() & 0x08) != 0;
    reader.require(qos <= 2, ReasonCode::MalformedPacket);         // [MQTT-3.3.1-4]
    reader.require(!dup || qos > 0, ReasonCode::MalformedPacket);  // [MQTT-3.3.1-2]

    Publish packet;
    packet.topic = reader.raw_text();
    packet.dup = dup;
    packet.retain = (frame.flags() & 0x01) != 0;
    if (qos > 0) packet.packet_id = read_packet_id(reader);  // [MQTT-2.2.1-2]
    if (version == ProtocolVersion::V5) {
        packet.properties = read_publish_properties(reader, kInPublish);
        // [MQTT-3.3.4-6]
        reader.require(
            sender == Sender::Server || packet.properties.subscription_identifiers.empty(),
            ReasonCode::ProtocolError);
    }
    packet.payload = reader.rest();
    if (reader.ok()) check_topic(reader, packet, version);
    if (!reader.ok()) return failure(reader.error());
    packet.qos = static_cast<QoS>(qos);
    return packet;
}

}  // namespace lotmesh::mqtt
