#include <doctest/doctest.h>

#include <set>

#include "base/rng.h"
#include "base/topic.h"
#include "runtime/broker/retained_scan.h"

using namespace lotmesh;
using namespace lotmesh::broker;

namespace {

std::string random_text(Rng& rng, bool filter) {
    static constexpr const char* kLevels[] = {"a", "b", "b-", "b0", "", "c", "+", "+", "#"};
    std::string text;
    const std::size_t levels = 1 + rng.below(4);
    for (std::size_t i = 0; i < levels; ++i) {
        const std::string level = kLevels[rng.below(filter ? 9 : 6)];
        if (i > 0) text += '/';
        text += level;
        if (level == "#") break;
    }
    return text.empty() ? "a" : text;
}

}  // namespace

TEST_CASE("what cannot match is skipped by its first level that differs") {
    CHECK(skip_to("+/x", "a/b") == "a/x");
    CHECK(skip_to("+/x", "a/x-") == "a/x/");
    CHECK(skip_to("+/x/#", "a/x-y") == "a/x/");
    CHECK(skip_to("+/x", "a/y") == "a0");
    CHECK(skip_to("+/x", "a/x/y") == "a/x0");
    CHECK(skip_to("+", "a/b/c") == "a0");
    CHECK(skip_to("x/+", "a/b") == "x");
    CHECK(skip_to("x/+", "y/b") == "\xFF");
    CHECK_FALSE(skip_to("+/x", "a").has_value());
    CHECK_FALSE(skip_to("#", "$SYS").has_value());
}

TEST_CASE("nothing that matches is ever skipped") {
    Rng rng(12);
    std::set<std::string> topics;
    for (int i = 0; i < 400; ++i)
        topics.insert(random_text(rng, false));
    for (int i = 0; i < 300; ++i) {
        const std::string filter = random_text(rng, true);
        for (auto topic = topics.begin(); topic != topics.end(); ++topic) {
            if (topic_matches(filter, *topic)) continue;
            const auto target = skip_to(filter, *topic);
            if (!target) continue;
            REQUIRE(*target > *topic);
            for (auto skipped = topic; skipped != topics.end() && *skipped < *target; ++skipped)
                REQUIRE_FALSE(topic_matches(filter, *skipped));
        }
    }
}
