#include "runtime/access/pattern.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include "base/rng.h"
#include "base/topic.h"

using namespace lotmesh;
using namespace lotmesh::access;

namespace {

const Names kAda = {"ada", "sensor-1"};

bool covers(const std::string& own, const std::string& asked, const Names& names = kAda) {
    return Pattern(own).covers(asked, names);
}
bool overlaps(const std::string& own, const std::string& asked, const Names& names = kAda) {
    return Pattern(own).overlaps(asked, names);
}

struct Case {
    const char* own;
    const char* asked;
    bool covers;
    bool overlaps;
};

using Levels = std::vector<std::string>;

// The second opinion: written from the words of section 4.7 over lists of words, with sets of names
// in the place of reasoning.
bool matches(const Levels& filter, const Levels& name, std::size_t at = 0) {
    const bool hidden = at == 0 && name[0].starts_with('$');
    if (at == filter.size()) return name.size() == at;
    if (filter[at] == "#") return !hidden && name.size() + (at == 0 ? 0 : 1) > at;
    if (at >= name.size()) return false;
    if (filter[at] == "+" ? hidden : filter[at] != name[at]) return false;
    // The parent level too.
    if (at + 1 == name.size() && at + 2 == filter.size() && filter[at + 1] == "#") return true;
    return matches(filter, name, at + 1);
}

std::string joined(const Levels& levels) {
    std::string text;
    for (std::size_t i = 0; i < levels.size(); ++i)
        text += (i == 0 ? "" : "/") + levels[i];
    return text;
}

// All names of up to four levels of words of which filters use but some.
std::vector<Levels> all_names() {
    std::vector<Levels> names;
    std::vector<Levels> longest = {{}};
    for (int depth = 0; depth < 4; ++depth) {
        std::vector<Levels> longer;
        for (const Levels& name : longest)
            for (const char* const level : {"a", "b", "other", "$s", ""}) {
                longer.push_back(name);
                longer.back().emplace_back(level);
            }
        names.insert(names.end(), longer.begin(), longer.end());
        longest = std::move(longer);
    }
    return names;
}

Levels random_filter(Rng& random) {
    Levels filter;
    const std::uint64_t levels = 1 + random.below(3);
    for (std::uint64_t i = 0; i < levels; ++i)
        filter.emplace_back(std::vector{"a", "b", "+", "$s", "", "+"}[random.below(6)]);
    if (random.chance(3)) filter.back() = "#";
    return filter;
}

std::set<std::size_t> matched(const Levels& filter, const std::vector<Levels>& names) {
    std::set<std::size_t> result;
    for (std::size_t i = 0; i < names.size(); ++i)
        if (matches(filter, names[i])) result.insert(i);
    return result;
}

}  // namespace

TEST_CASE("S24: what a filter covers and what it touches") {
    constexpr Case kCases[] = {
        {"a/#", "a", true, true},         {"a/#", "ab", false, false},
        {"a/#", "a/b", true, true},       {"a/#", "a/", true, true},
        {"a/#", "a/+/#", true, true},     {"a/#", "#", false, true},
        {"a", "a/#", false, true},        {"a/b", "a/#", false, true},
        {"a/+", "a", false, false},       {"a/+", "a/+", true, true},
        {"a/+", "a/b", true, true},       {"a/+", "a/#", false, true},
        {"a/+", "+/b", false, true},      {"a/+", "b/+", false, false},
        {"#", "#", true, true},           {"#", "+/+", true, true},
        {"+/#", "#", true, true},         {"+/+/#", "#", false, true},
        {"+", "#", false, true},          {"+/b", "a/+", false, true},
        {"a/b", "a/+", false, true},      {"a/b", "a/b", true, true},
        {"a/b", "a/c", false, false},     {"a//b", "a/+/b", false, true},
        {"#", "$SYS/a", false, false},    {"+/a", "$SYS/a", false, false},
        {"$SYS/#", "$SYS/a", true, true}, {"$SYS/#", "#", false, false},
        {"$SYS/#", "+/a", false, false},  {"$SYS/#", "$SYS/#", true, true},
        {"$SYS/+", "$SYS/a", true, true}, {"a/#/#", "x", false, false},
        {"a/b/#", "a", false, false},     {"a/b/#", "a/+", false, true},
    };
    for (const Case& row : kCases) {
        CAPTURE(row.own);
        CAPTURE(row.asked);
        CHECK(covers(row.own, row.asked) == row.covers);
        CHECK(overlaps(row.own, row.asked) == row.overlaps);
    }
}

TEST_CASE("S24: an independent matcher comes to the same results") {
    const std::vector<Levels> names = all_names();
    Rng random(24);
    for (int round = 0; round < 1500; ++round) {
        const Levels own = random_filter(random);
        const Levels asked = random_filter(random);
        CAPTURE(joined(own));
        CAPTURE(joined(asked));
        if (joined(own).empty() || joined(asked).empty()) continue;
        const std::set<std::size_t> of_own = matched(own, names);
        const std::set<std::size_t> of_asked = matched(asked, names);
        const bool all = std::ranges::includes(of_own, of_asked);
        std::set<std::size_t> both;
        std::ranges::set_intersection(of_own, of_asked, std::inserter(both, both.end()));
        REQUIRE(covers(joined(own), joined(asked)) == all);
        REQUIRE(overlaps(joined(own), joined(asked)) == !both.empty());
    }
}

TEST_CASE("for a topic name both questions are the one whether it matches") {
    const std::vector<Levels> names = all_names();
    Rng random(25);
    for (int round = 0; round < 2000; ++round) {
        const std::string own = joined(random_filter(random));
        const std::string name = joined(names[random.below(names.size())]);
        if (own.empty() || name.empty()) continue;
        CAPTURE(own);
        CAPTURE(name);
        REQUIRE(covers(own, name) == topic_matches(own, name));
        REQUIRE(overlaps(own, name) == topic_matches(own, name));
    }
}

TEST_CASE("placeholders stand for whole levels") {
    CHECK(covers("plant/%u/#", "plant/ada/x"));
    CHECK(covers("plant/%u/#", "plant/ada"));
    CHECK_FALSE(covers("plant/%u/#", "plant/adam/x"));
    CHECK_FALSE(covers("plant/%u/#", "plant/+/x"));
    CHECK(overlaps("plant/%u/#", "plant/+/x"));
    CHECK(covers("%c/%u", "sensor-1/ada"));
    CHECK_FALSE(covers("%c/%u", "ada/sensor-1"));
    CHECK(covers("plant/%user", "plant/%user"));
}

TEST_CASE("S1: a name with a wildcard or a slash in it never widens a rule") {
    for (const char* const name : {"+", "#", "a/b", "a+", "#a", "/", ""}) {
        CAPTURE(name);
        const Names as_user = {name, "c"};
        const Names as_client = {"u", name};
        for (const char* const asked : {"p/a/x", "p/a/b", "p/+/x", "p/#", "p/#/x", "p//x", "p/a"}) {
            CHECK_FALSE(covers("p/%u/#", asked, as_user));
            CHECK_FALSE(overlaps("p/%u/#", asked, as_user));
            CHECK_FALSE(covers("p/%c/#", asked, as_client));
            CHECK_FALSE(overlaps("p/%c/#", asked, as_client));
        }
        CHECK_FALSE(overlaps("p/x/%u", "p/#", as_user));
        CHECK(covers("p/%c/#", "p/c", as_user));
    }
}

TEST_CASE("a name does not lead to topics that begin with $") {
    const Names names = {"$SYS", "$share"};
    CHECK_FALSE(covers("%u/#", "$SYS/broker", names));
    CHECK_FALSE(overlaps("%u/#", "$SYS/broker", names));
    CHECK_FALSE(covers("%c/#", "$share/a/b", names));
    CHECK(covers("a/%u", "a/$SYS", names));
}
