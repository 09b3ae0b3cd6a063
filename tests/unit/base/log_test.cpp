#include "base/log.h"

#include <doctest/doctest.h>

using namespace lotmesh;

TEST_CASE("lines are kept to be shown elsewhere, as many as asked for, escaped") {
    log::info("nobody keeps this");
    CHECK(log::take_kept_lines().empty());
    log::keep_lines(2);
    log::warning("one\ntwo");
    log::debug("below the level");
    log::error("three");
    log::error("one too many");
    const std::vector<log::Line> lines = log::take_kept_lines();
    REQUIRE(lines.size() == 2);
    CHECK(lines[0].level == log::Level::Warning);
    CHECK(lines[0].text == "one\\x0atwo");
    CHECK(lines[1].text == "three");
    CHECK(log::take_kept_lines().empty());
    log::keep_lines(0);
    log::info("nobody keeps this");
    CHECK(log::take_kept_lines().empty());
}
