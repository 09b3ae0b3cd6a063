// What the proxy does to one direction of its traffic, and the commands that change it.
//
// Values only. A command is one line: a verb, mostly a direction (up: to the target, down: from it,
// both), sometimes numbers. The same text is the documentation of the control socket:
//
//   pass DIR              forward as it comes
//   freeze DIR            accept and keep, forward nothing; what was kept goes on when healed
//   blackhole             new connections are accepted and led nowhere; bytes of all are dropped
//   delay DIR MS [JITTER] each read waits MS plus up to JITTER; order is kept
//   bandwidth DIR BYTES   per second; 0: no limit
//   corrupt DIR N         flip one bit in the byte after the next N bytes, once
//   cut DIR N             forward N more bytes, then reset that connection, once
//   cut                   reset every connection now
//   half-close DIR        end that direction of every connection with FIN
//   heal                  both directions as at the start; what a blackhole dropped from is reset
//   status                connections and bytes so far
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace lotmesh::fault_proxy {

enum class Mode : std::uint8_t { Pass, Freeze, Blackhole };

// Of one direction, shared by all its connections.
struct Fault {
    Mode mode = Mode::Pass;
    std::int64_t delay_us = 0;
    std::int64_t jitter_us = 0;
    std::uint64_t bytes_per_sec = 0;             // 0: no limit
    std::optional<std::uint64_t> corrupt_after;  // bytes to go until the one to spoil
    std::optional<std::uint64_t> cut_after;      // bytes to go until the reset
    bool operator==(const Fault&) const = default;
};

enum class Verb : std::uint8_t {
    Pass,
    Freeze,
    Blackhole,
    Delay,
    Bandwidth,
    Corrupt,
    CutAfter,
    Cut,
    HalfClose,
    Heal,
    Status
};

inline constexpr std::size_t kUp = 0;
inline constexpr std::size_t kDown = 1;
using Faults = std::array<Fault, 2>;

struct Command {
    Verb verb = Verb::Status;
    std::vector<std::size_t> directions;
    std::uint64_t amount = 0;
    std::uint64_t jitter = 0;
    bool operator==(const Command&) const = default;
};

// An error is a sentence for people.
Result<Command, std::string> parse_command(std::string_view line);

// What the command means for bytes to come. What it means for open connections (cut, half-close,
// heal) is the proxy's.
void apply(const Command& command, Faults& faults);

}  // namespace lotmesh::fault_proxy
