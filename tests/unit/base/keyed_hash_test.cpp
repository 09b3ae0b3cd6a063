#include <doctest/doctest.h>

#include <array>

#include "base/keyed_hash.h"

using namespace lotmesh;

namespace {

// The key 00 01 02 ... 0f and the message 00 01 02 ... of the reference implementation's vectors.
constexpr HashKey kReferenceKey{0x0706050403020100ULL, 0x0f0e0d0c0b0a0908ULL};

std::uint64_t reference(std::size_t size) {
    Bytes bytes(size);
    for (std::size_t i = 0; i < size; ++i)
        bytes[i] = static_cast<std::uint8_t>(i);
    return keyed_hash64(bytes, kReferenceKey);
}

}  // namespace

TEST_CASE("the keyed hash is SipHash-2-4, by the vectors of its authors") {
    CHECK(reference(0) == 0x726fdb47dd0e0e31ULL);
    CHECK(reference(1) == 0x74f839c593dc67fdULL);
    CHECK(reference(7) == 0xab0200f58b01d137ULL);
    CHECK(reference(8) == 0x93f5f5799a932462ULL);
    CHECK(reference(15) == 0xa129ca6149be45e5ULL);
}

TEST_CASE("a number is hashed as its eight bytes") {
    CHECK(keyed_hash64(0x0706050403020100ULL, kReferenceKey) == reference(8));
}

TEST_CASE("S37: another key gives another result") {
    CHECK(keyed_hash64(1, {1, 2}) != keyed_hash64(1, {1, 3}));
    CHECK(keyed_hash64(1, {1, 2}) != keyed_hash64(1, {2, 2}));
}
