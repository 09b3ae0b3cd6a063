// The only source of randomness in a machine: seeded at construction, so a run can be repeated.
// SplitMix64; not for secrets: one result gives all others away (see keyed_hash.h).
#pragma once

#include <cstdint>

namespace lotmesh {

class Rng {
public:
    explicit Rng(std::uint64_t seed) : state_(seed) {}

    std::uint64_t next() {
        state_ += 0x9E3779B97F4A7C15ULL;
        std::uint64_t z = state_;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
        return z ^ (z >> 31);
    }

    // A number in [0, bound); 0 where bound is 0.
    std::uint64_t below(std::uint64_t bound) { return bound == 0 ? 0 : next() % bound; }

    bool chance(std::uint64_t one_in) { return below(one_in) == 0; }

private:
    std::uint64_t state_;
};

}  // namespace lotmesh
