#include <algorithm>

#include "base/topic.h"
#include "base/utf8.h"
#include "runtime/mqtt/decode_packets.h"
#include "runtime/mqtt/property.h"
#include "runtime/mqtt/reason_code_sets.h"

namespace lotmesh::mqtt {
namespace {

constexpr std::size_t kClientIdCharactersMax31 = 23;

struct ConnectFlags {
    bool clean_start;
    bool will;
    std::uint8_t will_qos;
    bool will_retain;
    bool password;
    bool user_name;
};

ConnectFlags read_flags(PacketReader& reader, ProtocolVersion version) {
    const std::uint8_t bits = reader.u8();
    const ConnectFlags flags{.clean_start = (bits & 0x02) != 0,
                             .will = (bits & 0x04) != 0,
                             .will_qos = static_cast<std::uint8_t>(bits >> 3 & 3),
                             .will_retain = (bits & 0x20) != 0,
                             .password = (bits & 0x40) != 0,
                             .user_name = (bits & 0x80) != 0};
    reader.require((bits & 0x01) == 0, ReasonCode::MalformedPacket);   // [MQTT-3.1.2-3]
    reader.require(flags.will_qos <= 2, ReasonCode::MalformedPacket);  // [MQTT-3.1.2-12]
    // [MQTT-3.1.2-11] [MQTT-3.1.2-13]
    reader.require(flags.will || (flags.will_qos == 0 && !flags.will_retain),
                   ReasonCode::MalformedPacket);
    // Allowed since 5.0 only. [MQTT311-3.1.2-22]
    reader.require(version == ProtocolVersion::V5 || flags.user_name || !flags.password,
                   ReasonCode::MalformedPacket);
    return flags;
}

std::optional<ProtocolVersion> known_version(std::string_view protocol_name, std::uint8_t level) {
    if (protocol_name == "MQTT" && level == 5) return ProtocolVersion::V5;
    if (protocol_name == "MQTT" && level == 4) return ProtocolVersion::V311;
    if (protocol_name == "MQIsdp" && level == 3) return ProtocolVersion::V31;
    return std::nullopt;
}

// Any characters, and more of them than one must take [MQTT-3.1.3-5].
void check_client_id(PacketReader& reader, const Connect& packet) {
    const auto characters = count_characters(packet.client_id);
    bool valid = true;
    switch (packet.version) {
        case ProtocolVersion::V31:
            valid = characters >= 1 && characters <= kClientIdCharactersMax31;
            break;
        case ProtocolVersion::V311: valid = characters >= 1 || packet.clean_start; break;
        case ProtocolVersion::V5: break;  // an empty one is replaced [MQTT-3.1.3-6]
    }
    reader.require(valid, ReasonCode::ClientIdentifierNotValid);  // [MQTT-3.1.3-8]
}

Will read_will(PacketReader& reader, const ConnectFlags& flags, ProtocolVersion version) {
    Will will;
    if (version == ProtocolVersion::V5) will.properties = read_publish_properties(reader, kInWill);
    will.topic = reader.text();  // [MQTT-3.1.3-11]
    reader.require(is_valid_topic_name(will.topic), ReasonCode::TopicNameInvalid);
    will.payload = reader.binary();
    will.qos = static_cast<QoS>(flags.will_qos);
    will.retain = flags.will_retain;
    return will;
}

Connect read_connect(PacketReader& reader, ProtocolVersion version) {
    Connect packet;
    packet.version = version;
    const ConnectFlags flags = read_flags(reader, version);
    packet.clean_start = flags.clean_start;
    packet.keep_alive_sec = reader.u16();
    if (version == ProtocolVersion::V5) {
        packet.properties = read_properties(reader, kInConnect);
        reader.require(packet.properties.authentication_method.has_value() ||
                           !packet.properties.authentication_data.has_value(),
                       ReasonCode::ProtocolError);
    }
    packet.client_id = reader.text();  // [MQTT-3.1.3-3] [MQTT-3.1.3-4]
    if (flags.will) packet.will = read_will(reader, flags, version);  // [MQTT-3.1.2-9]
    if (flags.user_name) packet.user_name = reader.text();  // [MQTT-3.1.2-17] [MQTT-3.1.3-12]
    if (flags.password) packet.password = reader.binary();  // [MQTT-3.1.2-19]
    reader.finish();                                        // [MQTT-3.1.2-16] [MQTT-3.1.2-18]
    // Last, since it is the one mistake that a well-formed packet can have.
    if (reader.ok()) check_client_id(reader, packet);
    return packet;
}

}  // namespace

Result<Connect, ConnectError> decode_connect(const Frame& frame) {
    PacketReader reader(frame);
    reader.require(frame.type() == PacketType::Connect, ReasonCode::ProtocolError);
    reader.require(frame.flags() == 0, ReasonCode::MalformedPacket);  // [MQTT-2.1.3-1]
    const std::string_view protocol_name = reader.raw_text();
    const std::uint8_t level = reader.u8();
    if (!reader.ok()) return failure(ConnectError{reader.error(), 0});
    const auto version = known_version(protocol_name, level);
    if (!version)  // [MQTT-3.1.2-1] [MQTT-3.1.2-2]
        return failure(ConnectError{ReasonCode::UnsupportedProtocolVersion, level});

    Connect packet = read_connect(reader, *version);
    if (!reader.ok()) return failure(ConnectError{reader.error(), level});  // [MQTT-3.1.4-1]
    return packet;
}

Connack decode_connack(PacketReader& reader, ProtocolVersion version) {
    Connack packet;
    const std::uint8_t flags = reader.u8();
    if (version != ProtocolVersion::V31) {  // where the byte is reserved and says nothing
        reader.require((flags & 0xFE) == 0, ReasonCode::MalformedPacket);  // [MQTT-3.2.2-1]
        packet.session_present = (flags & 1) != 0;
    }
    const std::uint8_t code = reader.u8();
    if (version == ProtocolVersion::V5) {
        packet.reason = static_cast<ReasonCode>(code);
        reader.require(is_connack_reason(packet.reason), ReasonCode::ProtocolError);
        packet.properties = read_properties(reader, kInConnack);
    } else {
        const auto reason = reason_from_connack_return_code_3x(code);
        reader.require(reason.has_value(), ReasonCode::ProtocolError);
        packet.reason = reason.value_or(ReasonCode::UnspecifiedError);
    }
    // [MQTT-3.2.2-6]
    reader.require(!packet.session_present || packet.reason == ReasonCode::Success,
                   ReasonCode::ProtocolError);
    return packet;
}

}  // namespace lotmesh::mqtt
