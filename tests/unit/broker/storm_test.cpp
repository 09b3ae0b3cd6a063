// With LOTMESH_STORM_SEEDS set to a number this test runs so many seeds.
#include "tests/support/storm.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <string>

#include "base/rng.h"

using namespace lotmesh;
using namespace lotmesh::test;

namespace {

constexpr std::uint64_t kSeeds = 400;
constexpr int kSteps = 500;

std::uint64_t seeds_wanted() {
    const char* const wanted = std::getenv("LOTMESH_STORM_SEEDS");
    return wanted == nullptr ? kSeeds : std::stoull(wanted);
}

}  // namespace

TEST_CASE(
    "S19, S29: legal and illegal packets in any order: each offender is told and closed, nobody "
    "else") {
    std::size_t offences = 0;
    std::size_t connects = 0;
    std::size_t messages = 0;
    for (std::uint64_t seed = 1; seed <= seeds_wanted(); ++seed) {
        CAPTURE(seed);
        Rng rng(seed);
        Storm storm([&rng](std::size_t bound) { return rng.below(bound); });
        for (int i = 0; i < kSteps; ++i)
            storm.step();
        storm.finish();
        offences += storm.offences();
        connects += storm.connects();
        messages += storm.messages_heard();
    }
    CHECK(offences > 10 * seeds_wanted());
    CHECK(connects > 10 * seeds_wanted());
    CHECK(messages > 40 * seeds_wanted());
}
