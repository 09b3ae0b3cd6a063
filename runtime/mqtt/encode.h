// Packet values -> bytes, appended to `out`. In 3.x, properties and reason codes that the version
// does not have are left out: a refused filter is 0x80 in 3.1.1, and in 3.1, which knows no refusal
// in SUBACK, QoS 0. Encoding cannot fail: lengths are asserted, since we made the value.
#pragma once

#include "runtime/mqtt/packet.h"

namespace lotmesh::mqtt {

void encode(const Packet& packet, ProtocolVersion version, Bytes& out);

// As above but for the acks of the hot path: no property, shortest form, no variant.
void encode_ack(PacketType type, PacketId packet_id, ReasonCode reason, ProtocolVersion version,
                Bytes& out);

// As encode(); for one receiver. A fan-out uses PublishHead.
void encode_publish(const Publish& publish, ProtocolVersion version, Bytes& out);

}  // namespace lotmesh::mqtt
