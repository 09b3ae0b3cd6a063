#include "base/assert.h"
#include "runtime/mqtt/encode_packets.h"
#include "runtime/mqtt/property.h"

namespace lotmesh::mqtt {
namespace {

std::uint8_t connect_flags(const Connect& packet) {
    unsigned flags = 0;
    if (packet.clean_start) flags |= 0x02;
    if (packet.will) {
        flags |= 0x04 | static_cast<unsigned>(packet.will->qos) << 3;
        if (packet.will->retain) flags |= 0x20;
    }
    if (packet.password) flags |= 0x40;
    if (packet.user_name) flags |= 0x80;
    return static_cast<std::uint8_t>(flags);
}

}  // namespace

void encode_connect(const Connect& packet, Bytes& out) {
    const bool has_properties = packet.version == ProtocolVersion::V5;
    ASSERT(has_properties || !packet.password || packet.user_name);
    PacketFrame frame(out, PacketType::Connect, 0);
    PacketWriter& body = frame.body();
    body.text(packet.version == ProtocolVersion::V31 ? "MQIsdp" : "MQTT");
    body.u8(static_cast<std::uint8_t>(packet.version));
    body.u8(connect_flags(packet));
    body.u16(packet.keep_alive_sec);
    if (has_properties) write_properties(packet.properties, body);
    body.text(packet.client_id);  // the payload, in its fixed order [MQTT-3.1.3-1]
    if (packet.will) {
        if (has_properties) write_publish_properties(packet.will->properties, body);
        body.text(packet.will->topic);
        body.binary(packet.will->payload);
    }
    if (packet.user_name) body.text(*packet.user_name);
    if (packet.password) body.binary(*packet.password);
    frame.finish();
}

void encode_connack(const Connack& packet, ProtocolVersion version, Bytes& out) {
    ASSERT(!packet.session_present || packet.reason == ReasonCode::Success);  // [MQTT-3.2.2-6]
    PacketFrame frame(out, PacketType::Connack, 0);
    PacketWriter& body = frame.body();
    // In 3.1 the byte is reserved.
    body.u8(packet.session_present && version != ProtocolVersion::V31 ? 1 : 0);
    body.u8(version == ProtocolVersion::V5 ? static_cast<std::uint8_t>(packet.reason)
                                           : connack_return_code_3x(packet.reason));
    if (version == ProtocolVersion::V5) write_properties(packet.properties, body);
    frame.finish();
}

}  // namespace lotmesh::mqtt
