#include "tools/bench/histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace lotmesh::bench {

// Values below 64 have a bucket each; above, the leading bit says the group and the next six bits
// the step in it.
std::size_t Histogram::bucket_of(std::uint64_t value) {
    const auto width = static_cast<unsigned>(std::bit_width(value));
    if (width <= kStepBits) return static_cast<std::size_t>(value);
    const unsigned shift = width - kStepBits - 1;
    const std::uint64_t step = (value >> shift) - (1ULL << kStepBits);
    return (static_cast<std::size_t>(shift + 1) << kStepBits) + static_cast<std::size_t>(step);
}

std::int64_t Histogram::upper_bound_of(std::size_t bucket) {
    if (bucket < (1U << kStepBits)) return static_cast<std::int64_t>(bucket);
    const std::size_t shift = (bucket >> kStepBits) - 1;
    const std::uint64_t step = (bucket & ((1U << kStepBits) - 1)) + (1U << kStepBits);
    return static_cast<std::int64_t>(((step + 1) << shift) - 1);
}

void Histogram::add(std::int64_t value_us) {
    const std::int64_t value = std::max<std::int64_t>(value_us, 0);
    ++buckets_[bucket_of(static_cast<std::uint64_t>(value))];
    ++count_;
    max_us_ = std::max(max_us_, value);
}

std::int64_t Histogram::quantile(double fraction) const {
    if (count_ == 0) return 0;
    const auto wanted =
        static_cast<std::uint64_t>(std::ceil(fraction * static_cast<double>(count_)));
    std::uint64_t seen = 0;
    for (std::size_t bucket = 0; bucket < kBuckets; ++bucket) {
        seen += buckets_[bucket];
        if (seen >= wanted && seen > 0) return std::min(upper_bound_of(bucket), max_us_);
    }
    return max_us_;
}

}  // namespace lotmesh::bench
