#include "base/assert.h"
#include "runtime/mqtt/encode_packets.h"
#include "runtime/mqtt/property.h"

namespace lotmesh::mqtt {

void encode_disconnect(const Disconnect& packet, ProtocolVersion version, Bytes& out) {
    PacketFrame frame(out, PacketType::Disconnect, 0);
    const bool has_properties = !is_empty(packet.properties);
    if (version == ProtocolVersion::V5 &&
        (packet.reason != ReasonCode::Success || has_properties)) {
        frame.body().u8(static_cast<std::uint8_t>(packet.reason));
        if (has_properties) write_properties(packet.properties, frame.body());
    }
    frame.finish();
}

void encode_auth(const Auth& packet, ProtocolVersion version, Bytes& out) {
    ASSERT(version == ProtocolVersion::V5);
    PacketFrame frame(out, PacketType::Auth, 0);
    if (packet.reason != ReasonCode::Success || !is_empty(packet.properties)) {
        frame.body().u8(static_cast<std::uint8_t>(packet.reason));
        write_properties(packet.properties, frame.body());
    }
    frame.finish();
}

}  // namespace lotmesh::mqtt
