#include "base/keyed_hash.h"

#include <array>
#include <bit>

namespace lotmesh {
namespace {

struct SipState {
    std::uint64_t a;
    std::uint64_t b;
    std::uint64_t c;
    std::uint64_t d;

    void round() {
        a += b;
        b = std::rotl(b, 13) ^ a;
        a = std::rotl(a, 32);
        c += d;
        d = std::rotl(d, 16) ^ c;
        a += d;
        d = std::rotl(d, 21) ^ a;
        c += b;
        b = std::rotl(b, 17) ^ c;
        c = std::rotl(c, 32);
    }

    void take(std::uint64_t word) {
        d ^= word;
        round();
        round();
        a ^= word;
    }
};

// At most eight bytes, little endian.
std::uint64_t word_of(ByteView bytes) {
    std::uint64_t word = 0;
    for (std::size_t i = bytes.size(); i > 0; --i)
        word = word << 8 | bytes[i - 1];
    return word;
}

}  // namespace

std::uint64_t keyed_hash64(ByteView bytes, const HashKey& key) {
    // The constants are the function's own.
    SipState state{key.first ^ 0x736f6d6570736575ULL, key.second ^ 0x646f72616e646f6dULL,
                   key.first ^ 0x6c7967656e657261ULL, key.second ^ 0x7465646279746573ULL};
    const std::uint64_t size = bytes.size();
    for (; bytes.size() >= 8; bytes = bytes.subspan(8))
        state.take(word_of(bytes.first(8)));
    state.take(size << 56 | word_of(bytes));
    state.c ^= 0xFF;
    for (int i = 0; i < 4; ++i)
        state.round();
    return state.a ^ state.b ^ state.c ^ state.d;
}

std::uint64_t keyed_hash64(std::uint64_t number, const HashKey& key) {
    std::array<std::uint8_t, 8> bytes{};
    for (std::size_t i = 0; i < bytes.size(); ++i)
        bytes[i] = static_cast<std::uint8_t>(number >> (8 * i));
    return keyed_hash64(ByteView(bytes), key);
}

}  // namespace lotmesh
