// So many a second, and so many at once. A value with no clock; any thread.
#pragma once

#include <algorithm>
#include <cstdint>

#include "base/assert.h"
#include "base/time.h"

namespace lotmesh {

class TokenBucket {
public:
    // Full at first. Both are at least 1, and below 2^40.
    TokenBucket(std::uint64_t per_second, std::uint64_t at_once)
        : per_second_(per_second),
          tolerance_(Duration::microseconds(
              static_cast<std::int64_t>((at_once - 1) * kMicroseconds / per_second))) {
        ASSERT(per_second > 0 && at_once > 0);
    }

    // False: there is none before next().
    bool take(Instant now) {
        if (next() > now) return false;
        charge(now, 1);
        return true;
    }

    // Takes so many, there or not: for what is missing next() is later. Below 2^40.
    void charge(Instant now, std::uint64_t count) {
        if (full_at_ < now) {
            full_at_ = now;
            rest_ = 0;
        }
        const std::uint64_t owed = count * kMicroseconds + rest_;
        full_at_ = full_at_ + Duration::microseconds(static_cast<std::int64_t>(owed / per_second_));
        rest_ = owed % per_second_;
    }

    bool is_full(Instant now) const { return full_at_ <= now; }

    Instant next() const { return full_at_ - tolerance_; }

private:
    static constexpr std::uint64_t kMicroseconds = 1'000'000;

    std::uint64_t per_second_;
    Duration tolerance_;
    Instant full_at_ = {};    // when nothing of what was taken is missing any more
    std::uint64_t rest_ = 0;  // of a microsecond, in so many parts as there are a second
};

}  // namespace lotmesh
