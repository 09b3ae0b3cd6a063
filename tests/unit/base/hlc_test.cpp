#include "base/hlc.h"

#include <doctest/doctest.h>

using namespace lotmesh;

TEST_CASE("times follow the wall clock while it runs") {
    Hlc clock;
    const HlcTime first = clock.next({1'000});
    CHECK(first.wall_ms() == 1'000);
    CHECK(clock.next({1'001}).wall_ms() == 1'001);
}

TEST_CASE("times grow where the wall clock stands still or steps back") {
    Hlc clock;
    HlcTime last = clock.next({1'000});
    for (const std::int64_t wall : {1'000, 1'000, 999, 1, 0}) {
        const HlcTime next = clock.next({wall});
        CHECK(next > last);
        last = next;
    }
    CHECK(last.wall_ms() == 1'000);
}

TEST_CASE("the next time is above every time seen") {
    Hlc clock;
    clock.next({1'000});
    const HlcTime seen{(std::uint64_t{5'000} << 16) + 7};
    CHECK(clock.observe(seen, {1'000}));
    CHECK(clock.next({1'001}) > seen);
}

TEST_CASE("an older time teaches nothing") {
    Hlc clock;
    const HlcTime last = clock.next({1'000});
    CHECK(clock.observe(HlcTime{1}, {1'000}));
    CHECK(clock.last() == last);
}

TEST_CASE("a time ahead is taken up to the bound and refused one past it") {
    Hlc clock;
    const auto ahead = [](std::int64_t ms) {
        return HlcTime{static_cast<std::uint64_t>(ms) << 16};
    };
    CHECK(clock.observe(ahead(1'000 + Hlc::kAheadMaxMs), {1'000}));
    const HlcTime last = clock.last();
    CHECK_FALSE(clock.observe(ahead(1'000 + Hlc::kAheadMaxMs + 1), {1'000}));
    CHECK(clock.last() == last);
}

TEST_CASE("of two versions the later wins, and at the same time the higher node") {
    NodeId low;
    NodeId high;
    high.bytes[0] = 1;
    CHECK(Version{{2}, low} > Version{{1}, high});
    CHECK(Version{{1}, high} > Version{{1}, low});
    CHECK(Version{{1}, low} == Version{{1}, low});
}
