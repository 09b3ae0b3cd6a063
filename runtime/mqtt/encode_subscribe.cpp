#include "base/assert.h"
#include "runtime/mqtt/encode_packets.h"
#include "runtime/mqtt/property.h"

namespace lotmesh::mqtt {
namespace {

constexpr std::uint8_t kRequestFlags = 0x02;
constexpr std::uint8_t kRefused311 = 0x80;

std::uint8_t options_byte(const SubscriptionOptions& options, ProtocolVersion version) {
    auto bits = static_cast<unsigned>(options.qos);
    if (version == ProtocolVersion::V5) {
        if (options.no_local) bits |= 0x04;
        if (options.retain_as_published) bits |= 0x08;
        bits |= static_cast<unsigned>(options.retain_handling) << 4;
    }
    return static_cast<std::uint8_t>(bits);
}

std::uint8_t suback_byte(ReasonCode reason, ProtocolVersion version) {
    if (version == ProtocolVersion::V5 || !is_error(reason))
        return static_cast<std::uint8_t>(reason);
    return version == ProtocolVersion::V311 ? kRefused311 : std::uint8_t{0};
}

}  // namespace

void encode_subscribe(const Subscribe& packet, ProtocolVersion version, Bytes& out) {
    ASSERT(packet.packet_id != 0 && !packet.entries.empty());  // [MQTT-3.8.3-2]
    PacketFrame frame(out, PacketType::Subscribe, kRequestFlags);
    PacketWriter& body = frame.body();
    body.u16(packet.packet_id);
    if (version == ProtocolVersion::V5) write_properties(packet.properties, body);
    for (const SubscribeEntry& entry : packet.entries) {
        body.text(entry.filter);
        body.u8(options_byte(entry.options, version));
    }
    frame.finish();
}

void encode_suback(const Suback& packet, ProtocolVersion version, Bytes& out) {
    ASSERT(packet.packet_id != 0 && !packet.reasons.empty());
    PacketFrame frame(out, PacketType::Suback, 0);
    PacketWriter& body = frame.body();
    body.u16(packet.packet_id);
    if (version == ProtocolVersion::V5) write_properties(packet.properties, body);
    for (const ReasonCode reason : packet.reasons)
        body.u8(suback_byte(reason, version));
    frame.finish();
}

void encode_unsubscribe(const Unsubscribe& packet, ProtocolVersion version, Bytes& out) {
    ASSERT(packet.packet_id != 0 && !packet.filters.empty());  // [MQTT-3.10.3-2]
    PacketFrame frame(out, PacketType::Unsubscribe, kRequestFlags);
    PacketWriter& body = frame.body();
    body.u16(packet.packet_id);
    if (version == ProtocolVersion::V5) write_properties(packet.properties, body);
    for (const std::string_view filter : packet.filters)
        body.text(filter);
    frame.finish();
}

void encode_unsuback(const Unsuback& packet, ProtocolVersion version, Bytes& out) {
    ASSERT(packet.packet_id != 0);
    PacketFrame frame(out, PacketType::Unsuback, 0);
    PacketWriter& body = frame.body();
    body.u16(packet.packet_id);
    if (version == ProtocolVersion::V5) {
        write_properties(packet.properties, body);
        for (const ReasonCode reason : packet.reasons)
            body.u8(static_cast<std::uint8_t>(reason));
    }
    frame.finish();
}

}  // namespace lotmesh::mqtt
