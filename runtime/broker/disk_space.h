// How near the disk of this node is to its end: what the shell says, and what the broker refuses
// then (docs/limits.md).
#pragma once

#include <cstdint>

namespace lotmesh::broker {

enum class DiskSpace : std::uint8_t {
    Enough,
    Low,   // it is said
    Full,  // nothing that lasts is begun: no new session that outlives its connection, nothing
           // retained
};

// Percent of the disk that are free. Rises above a level only some way up, so that it does not
// flap.
inline constexpr std::uint64_t kDiskLowPercent = 10;
inline constexpr std::uint64_t kDiskFullPercent = 2;
inline constexpr std::uint64_t kDiskReliefPercent = 1;

// Of a disk of 0 bytes nothing is known, and nothing changes.
constexpr DiskSpace disk_space_at(std::uint64_t free, std::uint64_t total, DiskSpace before) {
    if (total == 0) return before;
    const auto is_below = [&](std::uint64_t percent, DiskSpace level) {
        const std::uint64_t from = before >= level ? percent + kDiskReliefPercent : percent;
        return free < total / 100 * from;
    };
    if (is_below(kDiskFullPercent, DiskSpace::Full)) return DiskSpace::Full;
    return is_below(kDiskLowPercent, DiskSpace::Low) ? DiskSpace::Low : DiskSpace::Enough;
}

}  // namespace lotmesh::broker
