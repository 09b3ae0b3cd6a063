// The compact record of a run: always a hash, so that two runs can be compared; with
// LOTMESH_SIM_TRACE=1 also one line of text per event on standard error, so that they can be
// diffed.
#pragma once

#include <fmt/core.h>

#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/time.h"

namespace lotmesh::sim {

class Trace {
public:
    explicit Trace(bool printing) : printing_(printing) {}

    bool printing() const { return printing_; }
    std::uint64_t hash() const { return hash_; }

    // Bytes that crossed the simulated network or any other fact of the run.
    void mix(ByteView bytes) {
        for (const std::uint8_t byte : bytes)
            hash_ = (hash_ ^ byte) * 0x100'0000'01B3ULL;
    }

    void note(Instant now, std::string_view who, std::string_view what) {
        const std::string line = fmt::format("{:>11.6f} {:<8} {}\n",
                                             static_cast<double>(now.us) / 1'000'000.0, who, what);
        mix(as_bytes(line));
        if (printing_) std::fputs(line.c_str(), stderr);
    }

private:
    std::uint64_t hash_ = 0xCBF2'9CE4'8422'2325ULL;
    bool printing_ = false;
};

}  // namespace lotmesh::sim
