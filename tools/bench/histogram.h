// Latencies in microseconds with a relative error below 2 %: 64 linear steps for each power of two.
// Fixed size, no allocation per value.
#pragma once

#include <array>
#include <cstdint>

namespace lotmesh::bench {

class Histogram {
public:
    void add(std::int64_t value_us);

    // The smallest value that at least `fraction` of all values do not exceed; 0 where empty.
    std::int64_t quantile(double fraction) const;
    std::int64_t max() const { return max_us_; }
    std::uint64_t count() const { return count_; }

private:
    static constexpr unsigned kStepBits = 6;
    static constexpr std::size_t kBuckets = (64 - kStepBits + 1) << kStepBits;

    static std::size_t bucket_of(std::uint64_t value);
    static std::int64_t upper_bound_of(std::size_t bucket);

    std::array<std::uint64_t, kBuckets> buckets_{};
    std::uint64_t count_ = 0;
    std::int64_t max_us_ = 0;
};

}  // namespace lotmesh::bench
