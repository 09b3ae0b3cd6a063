#include "compiler/topology/flow.h"

#include <doctest/doctest.h>

using namespace lotmesh;
using topology::intersection;
using topology::mapped;

TEST_CASE("two filters have in common what both match") {
    CHECK(intersection("a/b", "a/b") == "a/b");
    CHECK(intersection("a/+", "+/b") == "a/b");
    CHECK(intersection("a/#", "a/b/+") == "a/b/+");
    CHECK(intersection("#", "a/#") == "a/#");
    CHECK(intersection("a/#", "a") == "a");
    CHECK(intersection("+/#", "#") == "+/#");
    CHECK_FALSE(intersection("a/b", "a/c").has_value());
    CHECK_FALSE(intersection("a", "a/b").has_value());
    CHECK_FALSE(intersection("a/+", "a").has_value());
    CHECK_FALSE(intersection("a/#", "b/#").has_value());
}

TEST_CASE("topics go where their wildcards lead") {
    CHECK(mapped("line/#", "line/#", "site/line/#") == "site/line/#");
    CHECK(mapped("line/7/x", "line/#", "site/#") == "site/7/x");
    CHECK(mapped("a/b", "+/+", "x/+/y/+") == "x/a/y/b");
    CHECK(mapped("a/+/c/#", "a/+/#", "+/#") == "+/c/#");
    CHECK(mapped("a", "a/#", "b/#") == "b");
    CHECK(mapped("a/b", "a/b", "fixed") == "fixed");
    CHECK(mapped("a/b", "a/#", "fixed") == "fixed");
}
