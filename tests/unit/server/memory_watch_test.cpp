#include "runtime/server/memory_watch.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace lotmesh;
using namespace lotmesh::server;
using broker::Pressure;
using broker::pressure_at;

TEST_CASE("pressure begins at 70 and 85 percent, and ends 5 percent below") {
    CHECK(pressure_at(699, 1000, Pressure::None) == Pressure::None);
    CHECK(pressure_at(700, 1000, Pressure::None) == Pressure::High);
    CHECK(pressure_at(849, 1000, Pressure::High) == Pressure::High);
    CHECK(pressure_at(850, 1000, Pressure::None) == Pressure::Critical);
    CHECK(pressure_at(800, 1000, Pressure::Critical) == Pressure::Critical);
    CHECK(pressure_at(799, 1000, Pressure::Critical) == Pressure::High);
    CHECK(pressure_at(650, 1000, Pressure::High) == Pressure::High);
    CHECK(pressure_at(649, 1000, Pressure::High) == Pressure::None);
    CHECK(pressure_at(649, 1000, Pressure::Critical) == Pressure::None);
}

TEST_CASE("another pressure is told once, to the node and below $SYS") {
    net::Loop loop;
    std::uint64_t used = 800;
    std::vector<Pressure> told;
    std::string state;
    MemoryWatch watch(
        loop, [&used] { return MemoryWatch::Use{used, 1000}; },
        [&told](Pressure level) { told.push_back(level); },
        [&state](std::string_view topic, std::string_view payload) {
            CHECK(topic == kMemoryStateTopic);
            state = payload;
        });
    CHECK(told == std::vector{Pressure::High});
    CHECK(state == R"({"pressure":"high","used_bytes":800,"limit_bytes":1000})");
    used = 100;
    while (told.size() < 2)
        loop.run_turn();
    CHECK(told.back() == Pressure::None);
    CHECK(state == R"({"pressure":"none","used_bytes":100,"limit_bytes":1000})");
}

TEST_CASE("an allocation that failed is critical, whatever is in use, and told at once") {
    net::Loop loop;
    bool exhausted = false;
    std::vector<Pressure> told;
    MemoryWatch watch(
        loop, [&exhausted] { return MemoryWatch::Use{100, 1000, exhausted}; },
        [&told](Pressure level) { told.push_back(level); },
        [](std::string_view, std::string_view) {});
    exhausted = true;
    watch.look();
    CHECK(told == std::vector{Pressure::Critical});
    exhausted = false;
    watch.look();
    CHECK(told.back() == Pressure::None);
}
