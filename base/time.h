// Time as values. A machine is told the time with every event and never reads a clock.
//
// Instant is monotonic (an arbitrary origin, never steps back); WallTime is milliseconds since the
// Unix epoch and may jump. Both travel together in Now.
#pragma once

#include <compare>
#include <cstdint>

namespace lotmesh {

struct Duration {
    std::int64_t us = 0;

    static constexpr Duration microseconds(std::int64_t n) { return {n}; }
    static constexpr Duration milliseconds(std::int64_t n) { return {n * 1'000}; }
    static constexpr Duration seconds(std::int64_t n) { return {n * 1'000'000}; }

    constexpr std::int64_t ms() const { return us / 1'000; }
    constexpr std::int64_t sec() const { return us / 1'000'000; }

    constexpr auto operator<=>(const Duration&) const = default;
    friend constexpr Duration operator+(Duration a, Duration b) { return {a.us + b.us}; }
    friend constexpr Duration operator-(Duration a, Duration b) { return {a.us - b.us}; }
    friend constexpr Duration operator*(Duration a, std::int64_t n) { return {a.us * n}; }
    friend constexpr Duration operator/(Duration a, std::int64_t n) { return {a.us / n}; }
};

struct Instant {
    std::int64_t us = 0;

    constexpr auto operator<=>(const Instant&) const = default;
    friend constexpr Instant operator+(Instant t, Duration d) { return {t.us + d.us}; }
    friend constexpr Instant operator-(Instant t, Duration d) { return {t.us - d.us}; }
    friend constexpr Duration operator-(Instant a, Instant b) { return {a.us - b.us}; }
};

struct WallTime {
    std::int64_t ms = 0;

    constexpr auto operator<=>(const WallTime&) const = default;
};

// What every machine is told with every event.
struct Now {
    Instant instant;
    WallTime wall;
};

}  // namespace lotmesh
