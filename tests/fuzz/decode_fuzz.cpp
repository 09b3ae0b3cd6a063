// Any bytes through the decoder. The first byte chooses version and sender, the rest is a packet
// (or not). What decodes must encode, and decode again to the same value.
#include <array>
#include <cstdint>

#include "base/assert.h"
#include "runtime/mqtt/encode.h"
#include "tests/cases/packet_case.h"

namespace {

using namespace lotmesh;
using namespace lotmesh::mqtt;

constexpr std::uint32_t kPacketBytesMax = 1U << 20;
constexpr std::array kVersions{ProtocolVersion::V31, ProtocolVersion::V311, ProtocolVersion::V5};

// A CONNECT says its version itself.
ProtocolVersion version_of(const Packet& packet, ProtocolVersion version) {
    const auto* connect = std::get_if<Connect>(&packet);
    return connect != nullptr ? connect->version : version;
}

void check_ack(const Frame& frame, ProtocolVersion version, bool is_valid) {
    if (frame.type() < PacketType::Puback || frame.type() > PacketType::Pubcomp) return;
    ASSERT(decode_ack(frame, version).has_value() == is_valid);
}

void check_round_trip(const Packet& packet, ProtocolVersion version, Sender sender) {
    Bytes encoded;
    encode(packet, version, encoded);
    const auto step = next_frame(encoded, kPacketBytesMax);
    ASSERT(step.has_value());
    ASSERT(step->frame.size == encoded.size());
    const auto again = cases::decode_any(step->frame, version, sender);
    ASSERT(again.has_value());
    ASSERT(*again == packet);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2 || size > 65536) return 0;
    const ProtocolVersion version = kVersions[data[0] % kVersions.size()];
    const Sender sender = (data[0] & 0x80) != 0 ? Sender::Server : Sender::Client;
    // A copy of its own size, so that the sanitizer sees a byte read behind it.
    const Bytes bytes(data + 1, data + size);
    const auto step = next_frame(bytes, kPacketBytesMax);
    if (!step || step->frame.size == 0) return 0;
    const auto packet = cases::decode_any(step->frame, version, sender);
    check_ack(step->frame, version, packet.has_value());
    if (packet) check_round_trip(*packet, version_of(*packet, version), sender);
    return 0;
}
