// One whole frame -> a packet value. The only way in for bytes that a stranger sent.
//
// Every rule of the standard that a single packet can break is checked here: reserved bits,
// lengths, UTF-8, allowed properties and their values, topic names and filters, packet identifier
// 0, empty lists. What depends on the connection's state (order of packets, quotas, aliases) is the
// broker's, and so is a payload that is not what its payload format indicator says.
//
// `version` is that of the connection; decode_connect finds it in the packet. `Sender` says who
// sent the frame, since some packets and properties are allowed in one direction only.
// Errors are the reason codes that the standard asks for.
#pragma once

#include "base/result.h"
#include "runtime/mqtt/framer.h"
#include "runtime/mqtt/packet.h"

namespace lotmesh::mqtt {

enum class Sender : std::uint8_t { Client, Server };

// UnsupportedProtocolVersion: the answer to that depends on the version asked for, so it comes too
// (0 where the packet broke before it).
struct ConnectError {
    ReasonCode reason = ReasonCode::MalformedPacket;
    std::uint8_t asked_version = 0;
    bool operator==(const ConnectError&) const = default;
};

Result<Connect, ConnectError> decode_connect(const Frame& frame);
Result<Publish, ReasonCode> decode_publish(const Frame& frame, ProtocolVersion version,
                                           Sender sender);

// What the broker needs of a PUBACK, PUBREC, PUBREL or PUBCOMP. As strict as decode_packet, but
// small: the properties are checked and dropped.
struct AckSummary {
    PacketId packet_id = 0;
    ReasonCode reason = ReasonCode::Success;
    bool operator==(const AckSummary&) const = default;
};

Result<AckSummary, ReasonCode> decode_ack(const Frame& frame, ProtocolVersion version);

// Any packet. A CONNECT is a protocol error here: the first one is for decode_connect, and there is
// no second one [MQTT-3.1.0-2].
Result<Packet, ReasonCode> decode_packet(const Frame& frame, ProtocolVersion version,
                                         Sender sender);

}  // namespace lotmesh::mqtt
