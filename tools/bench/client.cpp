#include "tools/bench/client.h"

#include <fmt/format.h>

#include "runtime/mqtt/decode.h"
#include "runtime/mqtt/encode.h"

namespace lotmesh::bench {

namespace {

constexpr std::uint32_t kSessionExpirySec = 600;

std::string reason_text(mqtt::ReasonCode reason) {
    return fmt::format("0x{:02X} {}", static_cast<unsigned>(reason), mqtt::name(reason));
}

}  // namespace

void encode_connect(const ClientSettings& settings, Bytes& out) {
    mqtt::Connect connect;
    connect.version = settings.version;
    connect.clean_start = !settings.resumable;
    connect.keep_alive_sec = kKeepAliveSec;
    connect.client_id = settings.client_id;
    if (settings.username) connect.user_name = *settings.username;
    if (settings.password) connect.password = as_bytes(*settings.password);
    if (settings.version == mqtt::ProtocolVersion::V5 && settings.resumable)
        connect.properties.session_expiry_interval_sec = kSessionExpirySec;
    mqtt::encode(connect, settings.version, out);
}

Result<Accepted, std::string> read_connack(const mqtt::Frame& frame,
                                           mqtt::ProtocolVersion version) {
    const auto packet = mqtt::decode_packet(frame, version, mqtt::Sender::Server);
    if (!packet) return failure("unreadable answer to CONNECT: " + reason_text(packet.error()));
    const auto* connack = std::get_if<mqtt::Connack>(&*packet);
    if (connack == nullptr) return failure(std::string("first packet is not CONNACK"));
    if (connack->reason != mqtt::ReasonCode::Success)
        return failure("refused: " + reason_text(connack->reason));
    return Accepted{connack->session_present, connack->properties.receive_maximum.value_or(0xFFFF)};
}

Result<AckFrame, std::string> read_ack(const mqtt::Frame& frame) {
    ByteReader reader(frame.body);
    AckFrame ack;
    ack.packet_id = reader.u16();
    if (!reader.at_end()) ack.reason = static_cast<mqtt::ReasonCode>(reader.u8());
    if (!reader.ok() || ack.packet_id == 0) return failure(std::string("malformed ack"));
    return ack;
}

Outcome handle_other(const mqtt::Frame& frame, mqtt::ProtocolVersion version) {
    const auto packet = mqtt::decode_packet(frame, version, mqtt::Sender::Server);
    if (!packet) return failure("unreadable packet: " + reason_text(packet.error()));
    if (std::holds_alternative<mqtt::Pingresp>(*packet)) return {};
    if (const auto* disconnect = std::get_if<mqtt::Disconnect>(&*packet))
        return failure("DISCONNECT " + reason_text(disconnect->reason));
    return failure(fmt::format("unexpected packet of type {}", frame.first_byte >> 4));
}

}  // namespace lotmesh::bench
