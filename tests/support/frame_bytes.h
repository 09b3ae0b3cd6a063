// Frames as a client writes them, and as a server does, by hand: the other side of what is tested.
#pragma once

#include <cstdint>
#include <string>

namespace lotmesh::ws {

inline constexpr std::uint8_t kContinuation = 0x0;
inline constexpr std::uint8_t kText = 0x1;
inline constexpr std::uint8_t kBinary = 0x2;
inline constexpr std::uint8_t kClose = 0x8;
inline constexpr std::uint8_t kPing = 0x9;
inline constexpr std::uint8_t kPong = 0xA;
inline constexpr std::uint8_t kFin = 0x80;
inline constexpr std::uint8_t kMasked = 0x80;

inline std::string big_endian(std::uint64_t value, int bytes) {
    std::string text;
    for (int i = bytes - 1; i >= 0; --i)
        text += static_cast<char>(value >> (8 * i));
    return text;
}

// The first byte and the length, in the shortest form.
inline std::string frame_head(std::uint8_t first, std::uint8_t mask_bit, std::uint64_t size) {
    std::string text(1, static_cast<char>(first));
    if (size < 126) return text + static_cast<char>(mask_bit | size);
    if (size < 65536) return text + static_cast<char>(mask_bit | 126) + big_endian(size, 2);
    return text + static_cast<char>(mask_bit | 127) + big_endian(size, 8);
}

inline std::string masked(const std::string& payload) {
    const std::string key = "\x11\x22\x33\x44";
    std::string text = key;
    for (std::size_t i = 0; i < payload.size(); ++i)
        text += static_cast<char>(payload[i] ^ key[i % 4]);
    return text;
}

inline std::string client_frame(std::uint8_t first, const std::string& payload) {
    return frame_head(first, kMasked, payload.size()) + masked(payload);
}

inline std::string server_frame(std::uint8_t first, const std::string& payload) {
    return frame_head(first, 0, payload.size()) + payload;
}

inline std::string close_payload(int code, const std::string& reason = {}) {
    return big_endian(static_cast<std::uint64_t>(code), 2) + reason;
}

}  // namespace lotmesh::ws
