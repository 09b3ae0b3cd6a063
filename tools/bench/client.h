// What publishers and subscribers share: the handshake of one MQTT client, without I/O.
//
// Bytes to send are appended to `out`; frames that came in are handed over one by one. An error is
// a sentence for people and ends the connection.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "runtime/mqtt/framer.h"
#include "runtime/mqtt/types.h"

namespace lotmesh::bench {

using Outcome = Result<void, std::string>;

struct ClientSettings {
    mqtt::ProtocolVersion version = mqtt::ProtocolVersion::V311;
    std::string client_id = {};
    bool resumable = false;  // clean start 0, and a session that outlives the connection
    std::optional<std::string> username = std::nullopt;
    std::optional<std::string> password = std::nullopt;
};

struct Accepted {
    bool session_present = false;
    std::uint16_t receive_maximum = 0xFFFF;
};

inline constexpr std::uint16_t kKeepAliveSec = 60;
inline constexpr std::uint32_t kPacketBytesMax = 8U << 20U;

void encode_connect(const ClientSettings& settings, Bytes& out);
Result<Accepted, std::string> read_connack(const mqtt::Frame& frame, mqtt::ProtocolVersion version);

// PUBACK, PUBREC, PUBREL, PUBCOMP without the cost of a whole packet value.
struct AckFrame {
    mqtt::PacketId packet_id = 0;
    mqtt::ReasonCode reason = mqtt::ReasonCode::Success;
};
Result<AckFrame, std::string> read_ack(const mqtt::Frame& frame);

// Frames that mean the same to every client: PINGRESP is fine, DISCONNECT and the rest end it.
Outcome handle_other(const mqtt::Frame& frame, mqtt::ProtocolVersion version);

}  // namespace lotmesh::bench
