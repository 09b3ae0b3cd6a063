#include "base/rng.h"

#include <doctest/doctest.h>

#include <set>

using namespace lotmesh;

TEST_CASE("the same seed gives the same numbers") {
    Rng a(7);
    Rng b(7);
    for (int i = 0; i < 100; ++i)
        CHECK(a.next() == b.next());
}

TEST_CASE("the numbers are those of SplitMix64") {
    Rng rng(1234567);
    CHECK(rng.next() == 6457827717110365317ULL);
    CHECK(rng.next() == 3203168211198807973ULL);
    CHECK(rng.next() == 9817491932198370423ULL);
}

TEST_CASE("another seed gives other numbers") {
    std::set<std::uint64_t> seen;
    for (std::uint64_t seed = 0; seed < 1'000; ++seed)
        seen.insert(Rng(seed).next());
    CHECK(seen.size() == 1'000);
}

TEST_CASE("a number below a bound is below it and each can come") {
    Rng rng(1);
    std::set<std::uint64_t> seen;
    for (int i = 0; i < 1'000; ++i) {
        const std::uint64_t value = rng.below(7);
        CHECK(value < 7);
        seen.insert(value);
    }
    CHECK(seen.size() == 7);
    CHECK(rng.below(1) == 0);
    CHECK(rng.below(0) == 0);
}

TEST_CASE("one in one is always, one in four now and then") {
    Rng rng(1);
    int hits = 0;
    for (int i = 0; i < 4'000; ++i) {
        CHECK(rng.chance(1));
        hits += rng.chance(4) ? 1 : 0;
    }
    CHECK(hits > 800);
    CHECK(hits < 1'200);
}
