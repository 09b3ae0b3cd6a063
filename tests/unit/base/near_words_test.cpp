#include "base/near_words.h"

#include <doctest/doctest.h>

#include <array>

using namespace lotmesh;

TEST_CASE("distance counts insertions, deletions, changes and swaps, not case") {
    CHECK(edit_distance("WITH", "WITH", 2) == 0);
    CHECK(edit_distance("with", "WITH", 2) == 0);
    CHECK(edit_distance("WIHT", "WITH", 2) == 1);
    CHECK(edit_distance("WTH", "WITH", 2) == 1);
    CHECK(edit_distance("WIITH", "WITH", 2) == 1);
    CHECK(edit_distance("WIZARD", "WITH", 2) == 3);
    CHECK(edit_distance("", "AB", 2) == 2);
}

TEST_CASE("short words forgive one mistake, long ones two") {
    CHECK(is_near("ADDD", "ADD"));
    CHECK_FALSE(is_near("ADDDD", "ADD"));
    CHECK(is_near("BROKR_PRT", "BROKER_PORT"));
    CHECK_FALSE(is_near("BRKR_PRT", "BROKER_PORT"));
}

TEST_CASE("words longer than any we know are near to none, at any length") {
    CHECK_FALSE(is_near(std::string(64, 'x'), "WITH"));
    CHECK_FALSE(is_near(std::string(1'000'000, 'x'), "WITH"));
}

TEST_CASE("the nearest word is found, or none") {
    constexpr std::array<std::string_view, 3> kWords = {"lossless", "balanced", "realtime"};
    CHECK(nearest("balancd", kWords) == "balanced");
    CHECK(nearest("REALTIME", kWords) == "realtime");
    CHECK_FALSE(nearest("slow", kWords));
}
