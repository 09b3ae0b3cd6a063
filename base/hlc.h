// Hybrid logical clock: a version that follows wall time as far as it can and is always above every
// version seen, so "last writer wins" does not need synchronised clocks.
#pragma once

#include <algorithm>
#include <compare>
#include <cstdint>

#include "base/node_id.h"
#include "base/time.h"

namespace lotmesh {

// 48 bits of milliseconds, 16 bits of counter.
struct HlcTime {
    std::uint64_t value = 0;

    auto operator<=>(const HlcTime&) const = default;
    std::int64_t wall_ms() const { return static_cast<std::int64_t>(value >> 16); }
};

// Who wrote a value when; the higher one wins.
struct Version {
    HlcTime time;
    NodeId node;

    auto operator<=>(const Version&) const = default;
};

class Hlc {
public:
    // Times further ahead of our wall clock than this are refused: one broken clock must not pull
    // the whole cluster into the future.
    static constexpr std::int64_t kAheadMaxMs = 60'000;

    HlcTime next(WallTime wall) {
        last_.value = std::max(last_.value + 1, static_cast<std::uint64_t>(wall.ms) << 16);
        return last_;
    }

    // False, and nothing learned, where the time is too far ahead.
    bool observe(HlcTime seen, WallTime wall) {
        if (seen.wall_ms() > wall.ms + kAheadMaxMs) return false;
        last_.value = std::max(last_.value, seen.value);
        return true;
    }

    HlcTime last() const { return last_; }

private:
    HlcTime last_;
};

}  // namespace lotmesh
