#include "base/topic.h"
#include "base/utf8.h"
#include "runtime/mqtt/decode_packets.h"
#include "runtime/mqtt/property.h"
#include "runtime/mqtt/reason_code_sets.h"

namespace lotmesh::mqtt {
namespace {

// [MQTT-3.8.3-1] [MQTT-3.10.3-1] [MQTT-4.7.1-1] [MQTT-4.7.1-2] [MQTT-4.8.2-1] [MQTT-4.8.2-2]
std::string_view read_filter(PacketReader& reader) {
    const std::string_view filter = reader.raw_text();
    if (!is_valid_topic_filter(filter))
        reader.fail(is_mqtt_utf8(filter) ? ReasonCode::TopicFilterInvalid
                                         : ReasonCode::MalformedPacket);
    return filter;
}

SubscriptionOptions read_options(PacketReader& reader, ProtocolVersion version) {
    const std::uint8_t bits = reader.u8();
    const std::uint8_t reserved = version == ProtocolVersion::V5 ? 0xC0 : 0xFC;
    const unsigned retain_handling = bits >> 4 & 3;
    reader.require((bits & reserved) == 0, ReasonCode::MalformedPacket);  // [MQTT-3.8.3-5]
    reader.require((bits & 3) <= 2, ReasonCode::ProtocolError);
    reader.require(retain_handling <= 2, ReasonCode::ProtocolError);
    if (!reader.ok()) return {};
    return {.qos = static_cast<QoS>(bits & 3),
            .no_local = (bits & 0x04) != 0,
            .retain_as_published = (bits & 0x08) != 0,
            .retain_handling = static_cast<RetainHandling>(retain_handling)};
}

}  // namespace

PacketId read_packet_id(PacketReader& reader) {
    const PacketId packet_id = reader.u16();
    reader.require(packet_id != 0, ReasonCode::ProtocolError);
    return packet_id;
}

Subscribe decode_subscribe(PacketReader& reader, ProtocolVersion version) {
    Subscribe packet;
    packet.packet_id = read_packet_id(reader);
    if (version == ProtocolVersion::V5) packet.properties = read_properties(reader, kInSubscribe);
    // [MQTT-3.8.3-2]
    reader.require(!reader.at_end(), ReasonCode::ProtocolError);
    while (reader.ok() && !reader.at_end()) {
        SubscribeEntry entry;
        entry.filter = read_filter(reader);
        entry.options = read_options(reader, version);
        // [MQTT-3.8.3-4]
        reader.require(!entry.options.no_local || !is_shared_filter(entry.filter),
                       ReasonCode::ProtocolError);
        packet.entries.push_back(entry);
    }
    return packet;
}

Suback decode_suback(PacketReader& reader, ProtocolVersion version) {
    Suback packet;
    packet.packet_id = read_packet_id(reader);
    if (version == ProtocolVersion::V5) packet.properties = read_properties(reader, kInSuback);
    reader.require(!reader.at_end(), ReasonCode::MalformedPacket);
    for (const std::uint8_t byte : reader.rest()) {
        const auto reason = static_cast<ReasonCode>(byte);
        reader.require(is_suback_reason(reason, version), ReasonCode::ProtocolError);
        packet.reasons.push_back(reason);
    }
    return packet;
}

Unsubscribe decode_unsubscribe(PacketReader& reader, ProtocolVersion version) {
    Unsubscribe packet;
    packet.packet_id = read_packet_id(reader);
    if (version == ProtocolVersion::V5) packet.properties = read_properties(reader, kInUnsubscribe);
    // [MQTT-3.10.3-2]
    reader.require(!reader.at_end(), ReasonCode::ProtocolError);
    while (reader.ok() && !reader.at_end())
        packet.filters.push_back(read_filter(reader));
    return packet;
}

Unsuback decode_unsuback(PacketReader& reader, ProtocolVersion version) {
    Unsuback packet;
    packet.packet_id = read_packet_id(reader);
    if (version != ProtocolVersion::V5) return packet;
    packet.properties = read_properties(reader, kInUnsuback);
    reader.require(!reader.at_end(), ReasonCode::MalformedPacket);
    for (const std::uint8_t byte : reader.rest()) {
        const auto reason = static_cast<ReasonCode>(byte);
        reader.require(is_unsuback_reason(reason), ReasonCode::ProtocolError);
        packet.reasons.push_back(reason);
    }
    return packet;
}

}  // namespace lotmesh::mqtt
