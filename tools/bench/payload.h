// What each message of a run carries, so that any subscriber can say who sent it, when, and which
// one it was. Big-endian: run, publisher, sequence number, send time, filler.
#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.h"

namespace lotmesh::bench {

inline constexpr std::uint32_t kPayloadBytesMin = 24;

struct Payload {
    std::uint32_t run = 0;  // messages of another run are not ours to judge
    std::uint32_t publisher = 0;
    std::uint64_t sequence = 0;
    std::int64_t sent_us = 0;
    bool operator==(const Payload&) const = default;
};

// Appends `size` bytes, at least kPayloadBytesMin.
void encode_payload(const Payload& payload, std::size_t size, Bytes& out);

// Nothing where the size or the filler is not what encode_payload makes.
std::optional<Payload> decode_payload(ByteView bytes, std::size_t size);

}  // namespace lotmesh::bench
