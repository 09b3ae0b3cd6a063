// One whole frame -> a packet value. The only way in for bytes that a stranger sent.
//
// Every rule of the standard that a single packet can break is checked here: reserved bits,
// lengths, UTF-8, allowed properties and their values, topic names and filters, packet identifier
// 0, empty lists. What depends on the connection's state (order of packets, quotas, aliases) is the
// broker's.
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

// UnsupportedProtocolVersion: the answer to that depends on the version asked for, so it comes too.
struct ConnectError {
    ReasonCode reason = ReasonCode::MalformedPacket;
    std::uint8_t asked_version = 0;
    bool operator==(const ConnectError&) const = default;
};

Result<Connect, ConnectError> decode_connect(const Frame& frame);
Result<Publish, ReasonCode> decode_publish(const Frame& frame, ProtocolVersion version,
                                           Sender sender);

// Any packet but CONNECT and PUBLISH, which have their own functions above.
Result<Packet, ReasonCode> decode_packet(const Frame& frame, ProtocolVersion version,
                                         Sender sender);

}  // namespace lotmesh::mqtt
