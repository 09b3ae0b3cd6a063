// So many a second, and so many at once. A value with no clock; any thread.
#pragma once

#include <algorithm>
#include <cstdint>

#include "base/assert.h"
#include "base/time.h"

namespace lotmesh {

class TokenBucket {
public:
    // Full at first. Both are at least 1.
    TokenBucket(std::uint32_t per_second, std::uint32_t at_once)
        : interval_(Duration::seconds(1) / per_second), tolerance_(interval_ * (at_once - 1)) {
        ASSERT(interval_.us > 0 && at_once > 0);
    }

    // False: there is none before next().
    bool take(Instant now) {
        if (next() > now) return false;
        full_at_ = std::max(full_at_, now) + interval_;
        return true;
    }

    bool is_full(Instant now) const { return full_at_ <= now; }

    Instant next() const { return full_at_ - tolerance_; }

private:
    Duration interval_;
    Duration tolerance_;
    Instant full_at_ = {};  // when nothing of what was taken is missing any more
};

}  // namespace lotmesh
