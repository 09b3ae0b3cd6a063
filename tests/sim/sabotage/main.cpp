// Runs seeds against a cluster with a mistake in it, until the oracle finds the mistake by the
// invariant that it breaks. It not finding it is the failure: then the simulator has no teeth
// there.
#include <fmt/core.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/assert.h"
#include "runtime/cluster/sabotage.h"
#include "tests/support/sim_oracle.h"
#include "tests/support/sim_swarm.h"

namespace {

using lotmesh::cluster::Sabotage;

constexpr std::uint64_t kSeedsMax = 500;

// That it does not come to rest is no proof: half of all mistakes end like that.
std::string_view broken_by(Sabotage sabotage) {
    switch (sabotage) {
        case Sabotage::None: return "";
        case Sabotage::NoDedup: return "I2";
        case Sabotage::AckBeforeApply: return "I1";
        case Sabotage::NoBarrier: return "I10";
        case Sabotage::NoGapDetection: return "I1";
        case Sabotage::ForgetInterest: return "I1";
        case Sabotage::NoTombstones: return "I9";
        case Sabotage::CountExpiredTwice: return "I25";
    }
    UNREACHABLE();
}

}  // namespace

int main() {
    using lotmesh::sim::invariant_of;
    const std::string_view invariant = broken_by(Sabotage::LOTMESH_SABOTAGE);
    const char* const wanted = std::getenv("LOTMESH_SIM_SEEDS");
    const std::uint64_t seeds = wanted != nullptr ? std::strtoull(wanted, nullptr, 0) : kSeedsMax;
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        const auto report = lotmesh::sim::run_swarm({.seed = seed});
        const auto found = std::ranges::find(report.violations, invariant, invariant_of);
        if (found == report.violations.end()) continue;
        fmt::print("{} found with seed {}: {}\n", invariant, seed, *found);
        return EXIT_SUCCESS;
    }
    fmt::print(stderr, "{} not found within {} seeds\n", invariant, seeds);
    return EXIT_FAILURE;
}
