#include "tools/bench/payload.h"

#include <algorithm>

#include "base/assert.h"

namespace lotmesh::bench {

namespace {

constexpr std::uint8_t kFiller = 0x5A;

}  // namespace

void encode_payload(const Payload& payload, std::size_t size, Bytes& out) {
    ASSERT(size >= kPayloadBytesMin);
    ByteWriter writer(out);
    writer.u32(payload.run);
    writer.u32(payload.publisher);
    writer.u64(payload.sequence);
    writer.u64(static_cast<std::uint64_t>(payload.sent_us));
    out.resize(out.size() + size - kPayloadBytesMin, kFiller);
}

std::optional<Payload> decode_payload(ByteView bytes, std::size_t size) {
    if (bytes.size() != size) return std::nullopt;
    ByteReader reader(bytes);
    Payload payload;
    payload.run = reader.u32();
    payload.publisher = reader.u32();
    payload.sequence = reader.u64();
    payload.sent_us = static_cast<std::int64_t>(reader.u64());
    const ByteView filler = reader.rest();
    const bool intact =
        std::ranges::all_of(filler, [](std::uint8_t byte) { return byte == kFiller; });
    if (!reader.ok() || !intact) return std::nullopt;
    return payload;
}

}  // namespace lotmesh::bench
