#include "runtime/mqtt/framer.h"

namespace lotmesh::mqtt {
namespace {

constexpr std::size_t kLengthBytesMax = 4;

}  // namespace

Result<FramerStep, ReasonCode> next_frame(ByteView bytes, std::uint32_t packet_bytes_max) {
    if (bytes.empty()) return FramerStep{.missing = 2};
    if (bytes[0] >> 4 == 0) return failure(ReasonCode::MalformedPacket);  // reserved type

    std::size_t remaining_length = 0;
    std::size_t length_bytes = 0;
    while (true) {
        if (1 + length_bytes == bytes.size()) return FramerStep{.missing = 1};
        const std::uint8_t byte = bytes[1 + length_bytes];
        remaining_length |= static_cast<std::size_t>(byte & 0x7F) << (7 * length_bytes);
        ++length_bytes;
        if (byte < 0x80) {
            // [MQTT-1.5.5-1]
            if (byte == 0 && length_bytes > 1) return failure(ReasonCode::MalformedPacket);
            break;
        }
        if (length_bytes == kLengthBytesMax) return failure(ReasonCode::MalformedPacket);
    }

    const std::size_t header_size = 1 + length_bytes;
    const std::size_t size = header_size + remaining_length;
    if (size > packet_bytes_max) return failure(ReasonCode::PacketTooLarge);
    if (bytes.size() < size) return FramerStep{.missing = size - bytes.size()};
    return FramerStep{.frame = {.first_byte = bytes[0],
                                .packet = bytes.first(size),
                                .body = bytes.subspan(header_size, remaining_length),
                                .size = size}};
}

}  // namespace lotmesh::mqtt
