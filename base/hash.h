// 64-bit hash of bytes with a key, for tables and digests. The same on every machine and in every
// build (digests travel between nodes). With a secret random key a peer cannot aim collisions.
#pragma once

#include <cstdint>

#include "base/bytes.h"

namespace lotmesh {

inline std::uint64_t mix64(std::uint64_t x) {
    x = (x ^ (x >> 32)) * 0xD6E8FEB86659FD93ULL;
    x = (x ^ (x >> 32)) * 0xD6E8FEB86659FD93ULL;
    return x ^ (x >> 32);
}

inline std::uint64_t hash64(ByteView bytes, std::uint64_t key = 0) {
    std::uint64_t h = mix64(key ^ (bytes.size() * 0x9E3779B97F4A7C15ULL));
    std::size_t i = 0;
    for (; i + 8 <= bytes.size(); i += 8) {
        std::uint64_t word = 0;
        for (std::size_t k = 0; k < 8; ++k)
            word = word << 8 | bytes[i + k];
        h = mix64(h ^ word) + 0x9E3779B97F4A7C15ULL;
    }
    std::uint64_t tail = 0;
    for (; i < bytes.size(); ++i)
        tail = tail << 8 | bytes[i];
    return mix64(h ^ tail);
}

inline std::uint64_t hash64(std::string_view text, std::uint64_t key = 0) {
    return hash64(as_bytes(text), key);
}

}  // namespace lotmesh
