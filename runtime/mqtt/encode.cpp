#include "runtime/mqtt/encode.h"

#include "base/assert.h"
#include "runtime/mqtt/encode_packets.h"
#include "runtime/mqtt/property.h"
#include "runtime/mqtt/publish_frame.h"

namespace lotmesh::mqtt {
namespace {

// The reserved bits. [MQTT-2.1.3-1] [MQTT-3.6.1-1]
constexpr std::uint8_t ack_flags(PacketType type) { return type == PacketType::Pubrel ? 0x02 : 0; }

struct Encoder {
    ProtocolVersion version;
    Bytes& out;

    void operator()(const Connect& packet) { encode_connect(packet, out); }
    void operator()(const Connack& packet) { encode_connack(packet, version, out); }
    void operator()(const Publish& packet) { encode_publish(packet, version, out); }
    void operator()(const Subscribe& packet) { encode_subscribe(packet, version, out); }
    void operator()(const Suback& packet) { encode_suback(packet, version, out); }
    void operator()(const Unsubscribe& packet) { encode_unsubscribe(packet, version, out); }
    void operator()(const Unsuback& packet) { encode_unsuback(packet, version, out); }
    void operator()(const Pingreq&) { empty_packet(PacketType::Pingreq); }
    void operator()(const Pingresp&) { empty_packet(PacketType::Pingresp); }
    void operator()(const Disconnect& packet) { encode_disconnect(packet, version, out); }
    void operator()(const Auth& packet) { encode_auth(packet, version, out); }

    template <PacketType kType>
    void operator()(const Ack<kType>& packet) {
        if (version != ProtocolVersion::V5 || is_empty(packet.properties)) {
            encode_ack(kType, packet.packet_id, packet.reason, version, out);
            return;
        }
        PacketFrame frame(out, kType, ack_flags(kType));
        frame.body().u16(packet.packet_id);
        frame.body().u8(static_cast<std::uint8_t>(packet.reason));
        write_properties(packet.properties, frame.body());
        frame.finish();
    }

    void empty_packet(PacketType type) { PacketFrame(out, type, 0).finish(); }
};

}  // namespace

void encode(const Packet& packet, ProtocolVersion version, Bytes& out) {
    std::visit(Encoder{version, out}, packet);
}

void encode_ack(PacketType type, PacketId packet_id, ReasonCode reason, ProtocolVersion version,
                Bytes& out) {
    ASSERT(type >= PacketType::Puback && type <= PacketType::Pubcomp);
    ASSERT(packet_id != 0);
    const bool has_reason = version == ProtocolVersion::V5 && reason != ReasonCode::Success;
    const std::uint8_t bytes[] = {
        static_cast<std::uint8_t>(static_cast<unsigned>(type) << 4 | ack_flags(type)),
        static_cast<std::uint8_t>(has_reason ? 3 : 2), static_cast<std::uint8_t>(packet_id >> 8),
        static_cast<std::uint8_t>(packet_id), static_cast<std::uint8_t>(reason)};
    out.insert(out.end(), bytes, bytes + (has_reason ? 5 : 4));
}

void encode_publish(const Publish& publish, ProtocolVersion version, Bytes& out) {
    ASSERT(!publish.properties.will_delay_interval_sec);
    PublishHead head;
    head.encode({.topic = publish.topic,
                 .forwarded_properties = publish.properties.forwarded,
                 .payload_size = publish.payload.size(),
                 .retain = publish.retain,
                 .message_expiry_interval_sec = publish.properties.message_expiry_interval_sec,
                 .subscription_identifiers = publish.properties.subscription_identifiers,
                 .topic_alias = publish.properties.topic_alias.value_or(0)},
                version, publish.qos != QoS::AtMostOnce);
    head.append_to(out, publish.qos, publish.packet_id, publish.dup);
    out.insert(out.end(), publish.payload.begin(), publish.payload.end());
}

}  // namespace lotmesh::mqtt
