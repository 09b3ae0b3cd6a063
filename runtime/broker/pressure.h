// How near the memory of this node is to its end: what the shell says, and what the broker refuses
// then (docs/limits.md).
#pragma once

#include <cstdint>

namespace lotmesh::broker {

enum class Pressure : std::uint8_t {
    None,
    High,      // nothing that lasts is begun: no new session, no retained message; QoS 0 is shed
    Critical,  // and nothing is read that would be kept: who publishes waits
};

// Percent of the memory. Falls back below a level only some way down, so that it does not flap.
inline constexpr std::uint64_t kHighPercent = 70;
inline constexpr std::uint64_t kCriticalPercent = 85;
inline constexpr std::uint64_t kReliefPercent = 5;

constexpr Pressure pressure_at(std::uint64_t used, std::uint64_t limit, Pressure before) {
    const auto is_above = [&](std::uint64_t percent, Pressure level) {
        const std::uint64_t from = before >= level ? percent - kReliefPercent : percent;
        return used >= limit / 100 * from;
    };
    if (is_above(kCriticalPercent, Pressure::Critical)) return Pressure::Critical;
    return is_above(kHighPercent, Pressure::High) ? Pressure::High : Pressure::None;
}

}  // namespace lotmesh::broker
