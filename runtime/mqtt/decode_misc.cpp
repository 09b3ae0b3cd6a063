#include "runtime/mqtt/decode_packets.h"
#include "runtime/mqtt/property.h"
#include "runtime/mqtt/reason_code_sets.h"

namespace lotmesh::mqtt {

Disconnect decode_disconnect(PacketReader& reader, ProtocolVersion version, Sender sender) {
    Disconnect packet;
    if (version != ProtocolVersion::V5 || reader.at_end()) return packet;
    packet.reason = static_cast<ReasonCode>(reader.u8());
    reader.require(is_disconnect_reason(packet.reason, sender), ReasonCode::ProtocolError);
    if (!reader.at_end()) packet.properties = read_properties(reader, kInDisconnect);
    // [MQTT-3.14.2-2]
    reader.require(sender == Sender::Client || !packet.properties.session_expiry_interval_sec,
                   ReasonCode::ProtocolError);
    // Section 3.14.2.2.5: the server says it.
    reader.require(sender == Sender::Server || !packet.properties.server_reference,
                   ReasonCode::ProtocolError);
    return packet;
}

Auth decode_auth(PacketReader& reader, Sender sender) {
    Auth packet;
    if (!reader.at_end()) {
        packet.reason = static_cast<ReasonCode>(reader.u8());
        packet.properties = read_properties(reader, kInAuth);
        reader.require(packet.properties.authentication_method.has_value(),
                       ReasonCode::ProtocolError);
    }
    reader.require(is_auth_reason(packet.reason, sender), ReasonCode::ProtocolError);
    return packet;
}

}  // namespace lotmesh::mqtt
