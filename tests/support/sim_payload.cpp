#include "tests/support/sim_payload.h"

#include <algorithm>
#include <array>

#include "base/assert.h"

namespace lotmesh::sim {
namespace {

constexpr std::array<std::uint8_t, 4> kMagic{0xC7, 0x4C, 0x6D, 0x5F};

std::uint32_t check_of(MessageNumber number) { return (number ^ 0x5BD1'E995U) * 0x9E37'79B1U; }

std::uint8_t padding_at(MessageNumber number, std::size_t at) {
    return static_cast<std::uint8_t>((number * 31 + at * 7) & 0x7F);  // never the magic's first
}

std::optional<MessageNumber> read_head(ByteView bytes) {
    if (bytes.size() < kPayloadHeadBytes) return std::nullopt;
    if (!std::equal(kMagic.begin(), kMagic.end(), bytes.begin())) return std::nullopt;
    ByteReader reader(bytes.subspan(kMagic.size()));
    const MessageNumber number = reader.u32();
    if (reader.u32() != check_of(number)) return std::nullopt;
    return number;
}

}  // namespace

Bytes make_payload(MessageNumber number, std::size_t size) {
    Bytes payload;
    ByteWriter writer(payload);
    writer.bytes(kMagic);
    writer.u32(number);
    writer.u32(check_of(number));
    ASSERT(payload.size() == kPayloadHeadBytes);
    while (payload.size() < size)
        writer.u8(padding_at(number, payload.size()));
    return payload;
}

std::optional<MessageNumber> read_payload(ByteView payload) {
    const std::optional<MessageNumber> number = read_head(payload);
    if (!number) return std::nullopt;
    for (std::size_t at = kPayloadHeadBytes; at < payload.size(); ++at)
        if (payload[at] != padding_at(*number, at)) return std::nullopt;
    return number;
}

void PayloadScanner::feed(ByteView bytes, const std::function<void(MessageNumber)>& found) {
    tail_.insert(tail_.end(), bytes.begin(), bytes.end());
    std::size_t at = 0;
    while (tail_.size() - at >= kPayloadHeadBytes) {
        if (tail_[at] == kMagic[0]) {
            if (const auto number = read_head(ByteView(tail_).subspan(at))) {
                found(*number);
                at += kPayloadHeadBytes;
                continue;
            }
        }
        ++at;
    }
    tail_.erase(tail_.begin(), tail_.begin() + static_cast<std::ptrdiff_t>(at));
}

}  // namespace lotmesh::sim
