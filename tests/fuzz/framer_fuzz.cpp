// Any bytes through the framer, whole and in pieces: the frames and the error must be the same.
// The first byte says how large the pieces are, the second how large a packet may be.
#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/assert.h"
#include "runtime/mqtt/framer.h"

namespace {

using namespace lotmesh;
using namespace lotmesh::mqtt;

struct Outcome {
    std::vector<Bytes> frames;  // first byte and body
    std::optional<ReasonCode> error;
    std::size_t left = 0;  // bytes of a frame that is not complete
    bool operator==(const Outcome&) const = default;
};

// As a connection does it: append what came, take what is whole, keep the rest.
Outcome feed(ByteView input, std::size_t piece, std::uint32_t packet_bytes_max) {
    Outcome outcome;
    Bytes buffer;
    for (std::size_t at = 0; at < input.size() && !outcome.error; at += piece) {
        const ByteView part = input.subspan(at, std::min(piece, input.size() - at));
        buffer.insert(buffer.end(), part.begin(), part.end());
        std::size_t used = 0;
        while (used < buffer.size()) {
            const auto step = next_frame(ByteView(buffer).subspan(used), packet_bytes_max);
            if (!step) {
                outcome.error = step.error();
                break;
            }
            if (step->frame.size == 0) {
                ASSERT(step->missing > 0);
                break;
            }
            ASSERT(step->frame.size <= packet_bytes_max);
            ASSERT(step->frame.size <= buffer.size() - used);
            ASSERT(step->frame.body.size() < step->frame.size);
            Bytes frame{step->frame.first_byte};
            frame.insert(frame.end(), step->frame.body.begin(), step->frame.body.end());
            outcome.frames.push_back(std::move(frame));
            used += step->frame.size;
        }
        buffer.erase(buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(used));
    }
    outcome.left = outcome.error ? 0 : buffer.size();
    return outcome;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2 || size > 4096) return 0;
    const std::size_t piece = data[0] % 32 + 1U;
    const std::uint32_t packet_bytes_max = data[1] < 128 ? data[1] + 2U : 1U << 20;
    const ByteView input(data + 2, size - 2);
    const Outcome whole = feed(input, std::max<std::size_t>(input.size(), 1), packet_bytes_max);
    ASSERT(feed(input, piece, packet_bytes_max) == whole);
    ASSERT(feed(input, 1, packet_bytes_max) == whole);
    return 0;
}
