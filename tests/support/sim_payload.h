// Payloads of oracle traffic: {magic, number of the message, check, padding}. Whoever finds one, at
// a client or on a wire between nodes, knows the message and whether it is intact.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "base/bytes.h"

namespace lotmesh::sim {

using MessageNumber = std::uint32_t;

inline constexpr std::size_t kPayloadHeadBytes = 12;

Bytes make_payload(MessageNumber number, std::size_t size);

// Nothing where a byte is not as it was made.
std::optional<MessageNumber> read_payload(ByteView payload);

// Finds the heads of payloads in a stream of bytes that comes in pieces.
class PayloadScanner {
public:
    void feed(ByteView bytes, const std::function<void(MessageNumber)>& found);

private:
    Bytes tail_;  // shorter than a head
};

}  // namespace lotmesh::sim
