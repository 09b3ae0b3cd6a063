// Packet values -> bytes, appended to `out`. In 3.x, properties and reason codes that the version
// does not have are left out. Encoding cannot fail: lengths are asserted, since we made the value.
#pragma once

#include "runtime/mqtt/packet.h"

namespace lotmesh::mqtt {

void encode(const Packet& packet, ProtocolVersion version, Bytes& out);

// As above but for the acks of the hot path: no property, shortest form, no variant.
void encode_ack(PacketType type, PacketId packet_id, ReasonCode reason, ProtocolVersion version,
                Bytes& out);

}  // namespace lotmesh::mqtt
