// The decoders of the single packets, for decode.cpp only. Each takes the frame's body and the
// packet's version; type, flags and direction have been checked. Failures are the reader's, so what
// they return counts only where reader.ok().
#pragma once

#include "runtime/mqtt/decode.h"
#include "runtime/mqtt/packet.h"
#include "runtime/mqtt/packet_reader.h"

namespace lotmesh::mqtt {

// The low four bits of the first byte, of any packet but PUBLISH. [MQTT-2.1.3-1]
bool has_valid_flags(const Frame& frame, ProtocolVersion version);

Connack decode_connack(PacketReader& reader, ProtocolVersion version);

// The four acks are alike but for the reason codes that they may have.
struct AckFields {
    PacketId packet_id = 0;
    ReasonCode reason = ReasonCode::Success;
    bool has_properties = false;  // which stand next, up to the end of the body
};
AckFields read_ack_fields(PacketReader& reader, PacketType type, ProtocolVersion version);

Subscribe decode_subscribe(PacketReader& reader, ProtocolVersion version);
Suback decode_suback(PacketReader& reader, ProtocolVersion version);
Unsubscribe decode_unsubscribe(PacketReader& reader, ProtocolVersion version);
Unsuback decode_unsuback(PacketReader& reader, ProtocolVersion version);

Disconnect decode_disconnect(PacketReader& reader, ProtocolVersion version, Sender sender);
Auth decode_auth(PacketReader& reader, Sender sender);

// Shared: never 0. [MQTT-2.2.1-3] [MQTT-2.2.1-4]
PacketId read_packet_id(PacketReader& reader);

}  // namespace lotmesh::mqtt
