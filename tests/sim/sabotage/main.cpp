// Runs seeds against a cluster with a mistake in it, until the oracle finds the mistake. It not
// finding it is the failure: then the simulator has no teeth there.
#include <fmt/core.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "tests/support/sim_swarm.h"

namespace {

constexpr std::uint64_t kSeedsMax = 200;

}  // namespace

int main() {
    using lotmesh::sim::run_swarm;
    const char* const wanted = std::getenv("LOTMESH_SIM_SEEDS");
    const std::uint64_t seeds = wanted != nullptr ? std::strtoull(wanted, nullptr, 0) : kSeedsMax;
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        const auto report = run_swarm({.seed = seed});
        if (report.ok()) continue;
        fmt::print("found with seed {}: {}\n", seed, report.violations.front());
        return EXIT_SUCCESS;
    }
    fmt::print(stderr, "not found within {} seeds\n", seeds);
    return EXIT_FAILURE;
}
