#include <doctest/doctest.h>

#include <map>
#include <set>

#include "base/rng.h"
#include "base/topic.h"
#include "runtime/broker/subscription_index.h"

using namespace lotmesh;
using namespace lotmesh::broker;

namespace {

SessionId session(std::uint32_t n) { return {n, 1}; }

Subscription subscription(std::uint32_t n, mqtt::QoS qos = mqtt::QoS::AtMostOnce,
                          std::uint32_t identifier = 0) {
    return {.session = session(n), .identifier = identifier, .qos = qos};
}

SubscriptionIndex make_index() { return SubscriptionIndex(1, 100, 1000); }

std::set<std::uint32_t> receivers(SubscriptionIndex& index, std::string_view topic) {
    std::set<std::uint32_t> found;
    for (const Receiver& receiver : index.receivers(topic).receivers)
        CHECK(found.insert(receiver.session.index).second);
    return found;
}

using Sessions = std::set<std::uint32_t>;

// What the index should hold, kept the simple way.
struct Model {
    std::map<std::pair<std::string, std::uint32_t>, std::uint8_t> subscriptions;

    std::map<std::uint32_t, std::uint8_t> match(std::string_view topic) const {
        std::map<std::uint32_t, std::uint8_t> found;
        for (const auto& [key, qos] : subscriptions)
            if (topic_matches(key.first, topic))
                found[key.second] = std::max(found[key.second], qos);
        return found;
    }
};

std::string random_topic(Rng& rng, bool filter) {
    static constexpr const char* kLevels[] = {"a", "b", "c", "", "$SYS", "+", "#"};
    std::string text;
    const std::size_t levels = 1 + rng.below(4);
    for (std::size_t i = 0; i < levels; ++i) {
        const char* level = kLevels[rng.below(filter ? 7 : 5)];
        if (i > 0) text += '/';
        text += level;
        if (level[0] == '#') break;
    }
    return text.empty() ? "a" : text;
}

void change_at_random(Rng& rng, SubscriptionIndex& index, Model& model) {
    const std::string filter = random_topic(rng, true);
    const auto n = static_cast<std::uint32_t>(rng.below(8));
    const auto qos = static_cast<std::uint8_t>(rng.below(3));
    const auto it = model.subscriptions.find({filter, n});
    const auto id = index.find(filter);
    if (it == model.subscriptions.end()) {
        index.add(filter, subscription(n, static_cast<mqtt::QoS>(qos)));
        model.subscriptions[{filter, n}] = qos;
    } else if (rng.chance(3)) {
        REQUIRE(id.has_value());
        index.replace(*id, subscription(n, static_cast<mqtt::QoS>(qos)));
        it->second = qos;
    } else {
        REQUIRE(id.has_value());
        index.remove(*id, session(n));
        model.subscriptions.erase(it);
    }
}

}  // namespace

TEST_CASE("the index finds what topic_matches says, in a random history, cached or not") {
    Rng rng(2026);
    SubscriptionIndex index(3, 20, 100);  // small, so that the cache overflows too
    Model model;
    for (int round = 0; round < 20'000; ++round) {
        change_at_random(rng, index, model);
        const std::string topic = random_topic(rng, false);
        const auto expected = model.match(topic);
        const Match& match = index.receivers(topic);
        REQUIRE(match.receivers.size() == expected.size());
        for (const Receiver& receiver : match.receivers) {
            const auto it = expected.find(receiver.session.index);
            REQUIRE(it != expected.end());
            REQUIRE(static_cast<std::uint8_t>(receiver.qos) == it->second);
        }
        REQUIRE(index.subscription_count() == model.subscriptions.size());
    }
}

TEST_CASE("every filter with a subscription is listed once, and none without") {
    Rng rng(7);
    SubscriptionIndex index = make_index();
    Model model;
    for (int round = 0; round < 2000; ++round)
        change_at_random(rng, index, model);
    std::multiset<std::string> listed;
    index.for_each_filter([&](std::string_view filter) { listed.emplace(filter); });
    std::set<std::string> expected;
    for (const auto& [key, qos] : model.subscriptions)
        expected.insert(key.first);
    CHECK(std::set<std::string>(listed.begin(), listed.end()) == expected);
    CHECK(listed.size() == expected.size());
}

namespace {

// Groups beside the subscriptions of a Model.
struct GroupModel {
    struct Group {
        std::string filter;
        GroupPlace place;
    };
    std::map<GroupId, Group> groups;
    std::uint32_t made = 0;

    void change_at_random(Rng& rng, SubscriptionIndex& index) {
        if (groups.empty() || rng.chance(2)) {
            const GroupId id{++made, 1};
            const std::string filter = random_topic(rng, true);
            groups[id] = {filter, index.add_group(filter, id)};
            return;
        }
        const auto it =
            std::next(groups.begin(), static_cast<std::ptrdiff_t>(rng.below(groups.size())));
        const GroupPlace place = it->second.place;
        groups.erase(it);
        if (const auto moved = index.remove_group(place)) groups.at(*moved).place = place;
    }

    std::set<GroupId> match(std::string_view topic) const {
        std::set<GroupId> found;
        for (const auto& [id, group] : groups)
            if (topic_matches(group.filter, topic)) found.insert(id);
        return found;
    }
};

}  // namespace

TEST_CASE("groups are found beside subscriptions, in a random history, cached or not") {
    Rng rng(48);
    SubscriptionIndex index(3, 20, 100);
    Model model;
    GroupModel groups;
    for (int round = 0; round < 10'000; ++round) {
        change_at_random(rng, index, model);
        groups.change_at_random(rng, index);
        const std::string topic = random_topic(rng, false);
        const Match& match = index.receivers(topic);
        REQUIRE(match.receivers.size() == model.match(topic).size());
        REQUIRE(std::set<GroupId>(match.groups.begin(), match.groups.end()) == groups.match(topic));
        REQUIRE(match.groups.size() == groups.match(topic).size());
    }
    std::set<std::string> expected;
    for (const auto& [key, qos] : model.subscriptions)
        expected.insert(key.first);
    for (const auto& [id, group] : groups.groups)
        expected.insert(group.filter);
    std::size_t listed = 0;
    index.for_each_filter([&](std::string_view filter) {
        ++listed;
        CHECK(expected.contains(std::string(filter)));
    });
    CHECK(listed == expected.size());
}

TEST_CASE("a # matches its parent level, a + exactly one level [MQTT-4.7.1-1] [MQTT-4.7.1-2]") {
    SubscriptionIndex index = make_index();
    index.add("a/#", subscription(1));
    index.add("a/+", subscription(2));
    index.add("+", subscription(3));
    CHECK(receivers(index, "a") == Sessions{1, 3});
    CHECK(receivers(index, "a/b") == Sessions{1, 2});
    CHECK(receivers(index, "a/") == Sessions{1, 2});
    CHECK(receivers(index, "a/b/c") == Sessions{1});
    CHECK(receivers(index, "") == Sessions{3});
}

TEST_CASE("wildcards at the root leave $ topics alone [MQTT-4.7.2-1]") {
    SubscriptionIndex index = make_index();
    index.add("#", subscription(1));
    index.add("+/x", subscription(2));
    index.add("$SYS/#", subscription(3));
    index.add("$SYS/+", subscription(4));
    CHECK(receivers(index, "$SYS/x") == Sessions{3, 4});
    CHECK(receivers(index, "a/$SYS") == Sessions{1});
}

TEST_CASE("a change of an exact filter forgets that topic only") {
    SubscriptionIndex index = make_index();
    const FilterId id = index.add("a", subscription(1));
    CHECK(receivers(index, "a") == Sessions{1});
    CHECK(receivers(index, "b").empty());
    index.add("b", subscription(2));
    CHECK(receivers(index, "b") == Sessions{2});
    CHECK(receivers(index, "a") == Sessions{1});
    index.remove(id, session(1));
    CHECK(receivers(index, "a").empty());
    CHECK_FALSE(index.find("a").has_value());
}

TEST_CASE("a change of a wildcard filter is seen by every topic") {
    SubscriptionIndex index = make_index();
    CHECK(receivers(index, "a/b").empty());
    CHECK(receivers(index, "c").empty());
    const FilterId id = index.add("#", subscription(1));
    CHECK(receivers(index, "a/b") == Sessions{1});
    CHECK(receivers(index, "c") == Sessions{1});
    index.remove(id, session(1));
    CHECK(receivers(index, "a/b").empty());
}

TEST_CASE("several subscriptions of one session are one receiver with all identifiers") {
    SubscriptionIndex index = make_index();
    index.add("a/b", subscription(1, mqtt::QoS::AtMostOnce, 10));
    index.add("a/+", subscription(2, mqtt::QoS::AtMostOnce, 30));
    index.add("a/#", subscription(1, mqtt::QoS::ExactlyOnce, 20));
    index.add("#", subscription(1, mqtt::QoS::AtLeastOnce));
    const Match& match = index.receivers("a/b");
    REQUIRE(match.receivers.size() == 2);
    const Receiver& one = match.receivers[0];
    CHECK(one.session == session(1));
    CHECK(one.qos == mqtt::QoS::ExactlyOnce);
    CHECK(one.identifier_count == 2);
    const Receiver& two = match.receivers[1];
    REQUIRE(two.identifier_count == 1);
    CHECK(match.identifiers[two.identifiers_at] == 30);
}

TEST_CASE("a filter is found under its own name only, and its name can be told") {
    SubscriptionIndex index = make_index();
    for (const char* filter : {"a/b/c", "a", "/", "//x", "+/+", "a/#", "#"}) {
        CHECK_FALSE(index.find(filter).has_value());
        const FilterId id = index.add(filter, subscription(1));
        CHECK(index.find(filter) == id);
        CHECK(index.filter(id) == filter);
    }
    CHECK_FALSE(index.find("a/b").has_value());
}

TEST_CASE("the cache is bounded by topics and by receivers and stays right") {
    SubscriptionIndex index(1, 4, 6);
    for (std::uint32_t n = 1; n <= 3; ++n)
        index.add("#", subscription(n));
    for (int round = 0; round < 3; ++round)
        for (int i = 0; i < 10; ++i)
            CHECK(receivers(index, "t" + std::to_string(i)) == Sessions{1, 2, 3});
}

TEST_CASE("a topic of the longest size is remembered, a longer one only answered") {
    MatchCache cache(1, 10, 100);
    Match match;
    match.receivers.push_back({.session = session(1)});
    const std::string longest(kCachedTopicBytesMax, 'x');
    CHECK(cache.remember(longest, match).receivers.size() == 1);
    CHECK(cache.find(longest) != nullptr);
    CHECK(cache.remember(longest + "x", match).receivers.size() == 1);
    CHECK(cache.find(longest + "x") == nullptr);
    CHECK(cache.size() == 1);
}

TEST_CASE("identifiers count in the cache as receivers do") {
    MatchCache cache(1, 10, 5);
    Match match;
    match.receivers.push_back({.session = session(1)});
    match.identifiers = {1, 2, 3, 4};
    cache.remember("a", match);
    CHECK(cache.size() == 1);
    cache.remember("b", match);  // all else is forgotten
    CHECK(cache.size() == 1);
    CHECK(cache.find("b") != nullptr);
}

TEST_CASE("groups count in the cache as receivers do") {
    MatchCache cache(1, 10, 5);
    Match match;
    match.groups.resize(3);
    cache.remember("a", match);
    match.groups.resize(2);
    cache.remember("b", match);
    CHECK(cache.size() == 2);
    cache.remember("c", match);  // all else is forgotten
    CHECK(cache.size() == 1);
}

TEST_CASE("many filters come and go and leave nothing behind") {
    SubscriptionIndex index = make_index();
    std::vector<FilterId> ids;
    for (int i = 0; i < 10'000; ++i)
        ids.push_back(index.add("site/" + std::to_string(i) + "/state", subscription(1)));
    CHECK(receivers(index, "site/1234/state") == Sessions{1});
    for (const FilterId id : ids)
        index.remove(id, session(1));
    CHECK(index.subscription_count() == 0);
    CHECK(receivers(index, "site/1234/state").empty());
    index.for_each_filter([](std::string_view) { FAIL("nothing should be left"); });
    CHECK(index.add("x", subscription(1)) <= ids.back() + 3);  // numbers are used again
}
