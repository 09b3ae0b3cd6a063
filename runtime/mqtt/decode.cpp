#include "runtime/mqtt/decode.h"

#include "base/assert.h"
#include "runtime/mqtt/decode_packets.h"
#include "runtime/mqtt/property.h"

namespace lotmesh::mqtt {
namespace {

enum class Direction : std::uint8_t { ToServer, ToClient, Both };

Direction direction_of(PacketType type, ProtocolVersion version) {
    switch (type) {
        case PacketType::Connect:
        case PacketType::Subscribe:
        case PacketType::Unsubscribe:
        case PacketType::Pingreq: return Direction::ToServer;
        case PacketType::Connack:
        case PacketType::Suback:
        case PacketType::Unsuback:
        case PacketType::Pingresp: return Direction::ToClient;
        case PacketType::Publish:
        case PacketType::Puback:
        case PacketType::Pubrec:
        case PacketType::Pubrel:
        case PacketType::Pubcomp:
        case PacketType::Auth: return Direction::Both;
        case PacketType::Disconnect:  // the server has none before 5.0
            return version == ProtocolVersion::V5 ? Direction::Both : Direction::ToServer;
    }
    UNREACHABLE();  // the framer takes no type 0
}

void check_header(PacketReader& reader, const Frame& frame, ProtocolVersion version,
                  Sender sender) {
    reader.require(has_valid_flags(frame, version), ReasonCode::MalformedPacket);
    const Direction wrong = sender == Sender::Client ? Direction::ToClient : Direction::ToServer;
    reader.require(direction_of(frame.type(), version) != wrong, ReasonCode::ProtocolError);
    reader.require(frame.type() != PacketType::Auth || version == ProtocolVersion::V5,
                   ReasonCode::MalformedPacket);
}

template <typename AckPacket>
AckPacket read_ack(PacketReader& reader, PacketType type, ProtocolVersion version) {
    const AckFields fields = read_ack_fields(reader, type, version);
    AckPacket packet{.packet_id = fields.packet_id, .reason = fields.reason, .properties = {}};
    if (fields.has_properties) packet.properties = read_properties(reader, kInAcks);
    return packet;
}

Packet read_packet(PacketReader& reader, PacketType type, ProtocolVersion version, Sender sender) {
    switch (type) {
        case PacketType::Connack: return decode_connack(reader, version);
        case PacketType::Puback: return read_ack<Puback>(reader, type, version);
        case PacketType::Pubrec: return read_ack<Pubrec>(reader, type, version);
        case PacketType::Pubrel: return read_ack<Pubrel>(reader, type, version);
        case PacketType::Pubcomp: return read_ack<Pubcomp>(reader, type, version);
        case PacketType::Subscribe: return decode_subscribe(reader, version);
        case PacketType::Suback: return decode_suback(reader, version);
        case PacketType::Unsubscribe: return decode_unsubscribe(reader, version);
        case PacketType::Unsuback: return decode_unsuback(reader, version);
        case PacketType::Pingreq: return Pingreq{};
        case PacketType::Pingresp: return Pingresp{};
        case PacketType::Disconnect: return decode_disconnect(reader, version, sender);
        case PacketType::Auth: return decode_auth(reader, sender);
        case PacketType::Connect:
        case PacketType::Publish: break;
    }
    UNREACHABLE();  // these two have gone another way
}

}  // namespace

bool has_valid_flags(const Frame& frame, ProtocolVersion version) {
    // [MQTT-3.6.1-1] [MQTT-3.8.1-1] [MQTT-3.10.1-1]
    const bool is_request = frame.type() == PacketType::Pubrel ||
                            frame.type() == PacketType::Subscribe ||
                            frame.type() == PacketType::Unsubscribe;
    // 3.1 sent these three at QoS 1, so one that is repeated has DUP set.
    if (is_request && version == ProtocolVersion::V31) return (frame.flags() & 0x07) == 0x02;
    return frame.flags() == (is_request ? 0x02 : 0x00);  // [MQTT-3.14.1-1] [MQTT-3.15.1-1]
}

Result<Packet, ReasonCode> decode_packet(const Frame& frame, ProtocolVersion version,
                                         Sender sender) {
    if (frame.type() == PacketType::Connect) return failure(ReasonCode::ProtocolError);
    if (frame.type() == PacketType::Publish) return decode_publish(frame, version, sender);

    PacketReader reader(frame);
    check_header(reader, frame, version, sender);
    if (!reader.ok()) return failure(reader.error());
    Packet packet = read_packet(reader, frame.type(), version, sender);
    reader.finish();
    if (!reader.ok()) return failure(reader.error());
    return packet;
}

}  // namespace lotmesh::mqtt
