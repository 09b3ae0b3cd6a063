#include "runtime/server/descriptors.h"

#include <doctest/doctest.h>

#include <cstdint>

using namespace lotmesh::server;

TEST_CASE("of the descriptors 256 are kept for other things, or half where there are few") {
    CHECK(connections_within(10'256, 10'000) == 10'000);
    CHECK(connections_within(10'255, 10'000) == 9'999);
    CHECK(connections_within(512, 10'000) == 256);
    CHECK(connections_within(100, 10'000) == 50);
    CHECK(connections_within(1'000'000, 10'000) == 10'000);
    CHECK(connections_within(UINT64_MAX, 10'000) == 10'000);
}
