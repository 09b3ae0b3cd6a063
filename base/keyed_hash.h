// SipHash-2-4: a keyed one-way function of 64 bits. Who sees any number of its results learns
// nothing of the key, nor of the next result; where that matters, it stands in place of the faster
// hash64 (hash.h) and of Rng (rng.h).
#pragma once

#include <cstdint>

#include "base/bytes.h"

namespace lotmesh {

struct HashKey {
    std::uint64_t first = 0;
    std::uint64_t second = 0;
};

std::uint64_t keyed_hash64(ByteView bytes, const HashKey& key);

// Of a number, as its eight bytes in little endian.
std::uint64_t keyed_hash64(std::uint64_t number, const HashKey& key);

}  // namespace lotmesh
