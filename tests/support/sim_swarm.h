// One random run: a cluster, a workload and faults, all from a seed. Swarm testing: each seed has
// only some families of faults and of behaviour, since "everything on" hides what a few can show.
//
// A failure can be repeated with the seed alone, and made smaller by switching families off.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace lotmesh::sim {

// Bits of the set of families of a run.
enum class Family : std::uint32_t {
    Cut = 1U << 0U,        // connections between two nodes are reset
    Stall = 1U << 1U,      // nothing arrives for a while, both ways
    OneWay = 1U << 2U,     // or one way: half-open
    Partition = 1U << 3U,  // one node against the rest
    Refuse = 1U << 4U,     // dials are refused for a while
    Crash = 1U << 5U,      // a node loses its memory and comes back
    Freeze = 1U << 6U,     // a node stops like a stopped process
    Clock = 1U << 7U,      // wall clocks step
    Edit = 1U << 8U,       // routes are edited
    Slow = 1U << 9U,       // long latency and jitter
    Rude = 1U << 10U,      // clients drop connections and stop reading
    Takeover = 1U << 11U,  // clients connect over themselves
    Retained = 1U << 12U,
    Persistent = 1U << 13U,
    Burst = 1U << 14U,  // many messages at once
    Unsubscribe = 1U << 15U,
    Large = 1U << 16U,  // payloads of several KiB
    LateStart = 1U << 17U,
    Mesh = 1U << 18U,         // four or five nodes
    SmallLimits = 1U << 19U,  // and clients that acknowledge slowly, so that all of them are met
};
inline constexpr std::uint32_t kAllFamilies = (1U << 20U) - 1;

struct SwarmOptions {
    std::uint64_t seed = 1;
    std::uint32_t families = kAllFamilies;  // those of the seed that are in here
    std::uint32_t always = 0;               // and these, whatever the seed says
    std::uint32_t nodes = 0;                // 0: as many as the seed says
    bool trace = false;
};

struct SwarmReport {
    std::uint64_t seed = 0;
    std::uint32_t families = 0;
    std::uint32_t always = 0;
    std::vector<std::string> violations;
    std::uint64_t trace_hash = 0;
    std::size_t messages = 0;
    std::size_t deliveries = 0;
    std::size_t obligations = 0;
    std::size_t refused = 0;  // messages
    std::size_t pauses = 0;   // how often a node said that a peer holds back
    std::uint64_t tasks = 0;

    bool ok() const { return violations.empty(); }
    // Seed, families, what was violated, and the command that runs it again.
    std::string text() const;
};

SwarmReport run_swarm(const SwarmOptions& options);

std::string family_names(std::uint32_t families);

}  // namespace lotmesh::sim
