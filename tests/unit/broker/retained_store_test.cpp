#include <doctest/doctest.h>

#include <map>
#include <set>

#include "base/hash.h"
#include "base/rng.h"
#include "base/topic.h"
#include "runtime/broker/retained.h"

using namespace lotmesh;
using namespace lotmesh::broker;
using Applied = RetainedStore::Applied;

namespace {

constexpr std::int64_t kWall_ms = 1'700'000'000'000;

Version version(std::int64_t wall_ms, std::uint8_t node = 1) {
    return {HlcTime{static_cast<std::uint64_t>(wall_ms) << 16}, NodeId{{node}}};
}

Now at(std::int64_t ms) { return {.instant = {ms * 1000}, .wall = {kWall_ms + ms}}; }

MessageRef retained(std::string_view topic, std::string_view payload, Version version,
                    std::optional<Instant> expires_at = std::nullopt) {
    return MessageRef::make({.topic = topic,
                             .forwarded_properties = {},
                             .payload = as_bytes(payload),
                             .retain = true,
                             .expires_at = expires_at,
                             .version = version});
}

std::vector<std::string> live(const RetainedStore& store, std::string_view filter = "#",
                              Now now = at(0)) {
    std::vector<std::string> found;
    store.for_each_match(filter, now.instant, [&](const MessageRef& m) {
        found.push_back(std::string(m->topic()) + "=" + std::string(as_text(m->payload())));
    });
    return found;
}

std::vector<std::uint64_t> digests(const RetainedStore& store) {
    return {store.digests().begin(), store.digests().end()};
}

std::size_t entries(const RetainedStore& store) {
    std::size_t count = 0;
    for (std::size_t bucket = 0; bucket < kRetainedBuckets; ++bucket)
        store.for_each_in_bucket(bucket, [&](const RetainedEntry&) { ++count; });
    return count;
}

}  // namespace

TEST_CASE("the higher version wins, equal is nothing, nodes break ties") {
    const Limits limits;
    RetainedStore store(limits);
    CHECK(store.apply(retained("a", "1", version(kWall_ms)), at(0)) == Applied::Changed);
    CHECK(store.apply(retained("a", "2", version(kWall_ms)), at(0)) == Applied::NotNewer);
    CHECK(store.apply(retained("a", "3", version(kWall_ms - 1)), at(0)) == Applied::NotNewer);
    CHECK(live(store) == std::vector<std::string>{"a=1"});
    CHECK(store.apply(retained("a", "4", version(kWall_ms, 2)), at(0)) == Applied::Changed);
    CHECK(live(store) == std::vector<std::string>{"a=4"});
}

TEST_CASE("a tombstone keeps an older value from coming back") {
    const Limits limits;
    RetainedStore store(limits);
    store.apply(retained("a", "", version(kWall_ms + 5)), at(5));
    CHECK(store.apply(retained("a", "old", version(kWall_ms)), at(6)) == Applied::NotNewer);
    CHECK(live(store).empty());
    CHECK(store.live_count() == 0);
    CHECK(store.tombstone_count() == 1);
    CHECK(store.apply(retained("a", "new", version(kWall_ms + 7)), at(7)) == Applied::Changed);
    CHECK(store.tombstone_count() == 0);
}

TEST_CASE("digests depend on contents, not on the way there") {
    const Limits limits;
    RetainedStore one(limits);
    RetainedStore two(limits);
    one.apply(retained("a", "1", version(kWall_ms)), at(0));
    one.apply(retained("b", "1", version(kWall_ms + 1)), at(1));
    one.apply(retained("a", "", version(kWall_ms + 2)), at(2));
    two.apply(retained("a", "", version(kWall_ms + 2)), at(2));
    CHECK(digests(one) != digests(two));
    two.apply(retained("b", "1", version(kWall_ms + 1)), at(2));
    CHECK(digests(one) == digests(two));
}

TEST_CASE("two topics that swap their versions have another digest") {
    const Limits limits;
    RetainedStore one(limits);
    RetainedStore two(limits);
    // Both topics in one bucket, so that only the hash can tell.
    std::map<std::uint64_t, std::string> first_in_bucket;
    std::string a;
    std::string b;
    for (int i = 0; a.empty(); ++i) {
        const std::string topic = "t" + std::to_string(i);
        const auto [it, inserted] =
            first_in_bucket.emplace(hash64(topic) % kRetainedBuckets, topic);
        if (!inserted) {
            a = it->second;
            b = topic;
        }
    }
    one.apply(retained(a, "1", version(kWall_ms)), at(0));
    one.apply(retained(b, "1", version(kWall_ms + 1)), at(0));
    two.apply(retained(a, "1", version(kWall_ms + 1)), at(0));
    two.apply(retained(b, "1", version(kWall_ms)), at(0));
    CHECK(digests(one) != digests(two));
}

TEST_CASE("every entry is in the bucket of its topic, tombstones without a message") {
    const Limits limits;
    RetainedStore store(limits);
    for (int i = 0; i < 500; ++i)
        store.apply(retained("t" + std::to_string(i), i % 5 == 0 ? "" : "x", version(kWall_ms)),
                    at(0));
    std::size_t tombstones = 0;
    std::size_t values = 0;
    for (std::size_t bucket = 0; bucket < kRetainedBuckets; ++bucket) {
        store.for_each_in_bucket(bucket, [&](const RetainedEntry& entry) {
            CHECK(hash64(entry.topic) % kRetainedBuckets == bucket);
            CHECK(entry.version == version(kWall_ms));
            ++(entry.message ? values : tombstones);
        });
    }
    CHECK(tombstones == 100);
    CHECK(values == 400);
}

TEST_CASE("tombstones go when their version is old enough, digests with them") {
    const Limits limits;
    RetainedStore store(limits);
    const auto before = digests(store);
    store.apply(retained("a", "", version(kWall_ms)), at(0));
    store.sweep(at(3'599'999));
    CHECK(entries(store) == 1);
    store.sweep(at(3'600'000));
    CHECK(entries(store) == 0);
    CHECK(digests(store) == before);
}

TEST_CASE("a tombstone past its age deletes and is not kept") {
    const Limits limits;
    RetainedStore store(limits);
    CHECK(store.apply(retained("a", "", version(kWall_ms)), at(4'000'000)) == Applied::NotNewer);
    CHECK(entries(store) == 0);
    store.apply(retained("a", "x", version(kWall_ms - 1)), at(0));
    CHECK(store.apply(retained("a", "", version(kWall_ms)), at(4'000'000)) == Applied::Changed);
    CHECK(entries(store) == 0);
}

TEST_CASE("tombstones are bounded: the oldest goes early and is counted") {
    const Limits limits{.tombstones_max = 3};
    RetainedStore store(limits);
    for (const char* topic : {"a", "b", "c"})
        store.apply(retained(topic, "", version(kWall_ms)), at(0));
    CHECK(store.tombstones_collected_early() == 0);
    store.apply(retained("d", "", version(kWall_ms)), at(0));
    CHECK(store.tombstone_count() == 3);
    CHECK(store.tombstones_collected_early() == 1);
    CHECK(store.apply(retained("a", "x", version(kWall_ms - 1)), at(0)) == Applied::Changed);
}

TEST_CASE("tombstones are bounded in bytes, too") {
    const std::size_t bytes = retained("a", "", version(kWall_ms))->memory_bytes();
    const Limits limits{.tombstone_bytes_max = 3 * bytes};
    RetainedStore store(limits);
    for (const char* topic : {"a", "b", "c"})
        store.apply(retained(topic, "", version(kWall_ms)), at(0));
    CHECK(store.tombstone_count() == 3);
    store.apply(retained("dd", "", version(kWall_ms)), at(0));  // one byte more
    CHECK(store.tombstone_count() == 2);
    CHECK(store.tombstones_collected_early() == 2);
}

TEST_CASE("a scan finds what topic_matches says") {
    Rng rng(5);
    const Limits limits;
    RetainedStore store(limits);
    std::set<std::string> topics;
    for (int i = 0; i < 2000; ++i) {
        std::string topic = "t" + std::to_string(rng.below(20));
        for (std::size_t levels = rng.below(3); levels > 0; --levels)
            topic += "/" + std::to_string(rng.below(30));
        topics.insert(topic);
        store.apply(retained(topic, "x", version(kWall_ms)), at(0));
    }
    for (const char* filter : {"+/7", "+/+/7", "t3/+/7", "+/7/#", "t3", "t3/#", "+", "#", "u/+"}) {
        std::vector<std::string> expected;
        for (const std::string& topic : topics)
            if (topic_matches(filter, topic)) expected.push_back(topic + "=x");
        CHECK(live(store, filter) == expected);
    }
}

TEST_CASE("the account of live bytes follows what is kept") {
    const Limits limits;
    RetainedStore store(limits);
    const MessageRef first = retained("a", "1", version(kWall_ms), at(10).instant);
    store.apply(first, at(0));
    CHECK(store.live_bytes() == first->memory_bytes());
    const MessageRef longer = retained("a", "22", version(kWall_ms + 1), at(10).instant);
    store.apply(longer, at(0));
    CHECK(store.live_bytes() == longer->memory_bytes());
    for (std::size_t i = 0; i < kRetainedBuckets; ++i)
        store.sweep(at(20));
    CHECK(store.live_bytes() == 0);
}

TEST_CASE("tombstones go by their versions, in whatever order they came") {
    const Limits limits;
    RetainedStore one(limits);
    RetainedStore two(limits);
    const MessageRef older = retained("a", "", version(kWall_ms));
    const MessageRef newer = retained("b", "", version(kWall_ms + 5'000));
    one.apply(older, at(5'000));
    one.apply(newer, at(5'000));
    two.apply(newer, at(5'000));
    two.apply(older, at(5'000));
    one.sweep(at(3'600'000));
    two.sweep(at(3'600'000));
    CHECK(one.tombstone_count() == 1);
    CHECK(digests(one) == digests(two));
}

TEST_CASE("held tombstones outlive their age; the bound forces the oldest out, which is counted") {
    const Limits limits{.tombstones_max = 2};
    RetainedStore store(limits);
    store.hold_tombstones(true);
    store.apply(retained("a", "", version(kWall_ms)), at(0));
    store.apply(retained("b", "", version(kWall_ms + 1)), at(1));
    store.sweep(at(4'000'000));
    CHECK(store.tombstone_count() == 2);
    CHECK(store.apply(retained("a", "old", version(kWall_ms - 1)), at(4'000'000)) ==
          Applied::NotNewer);
    CHECK(store.tombstones_collected_early() == 0);
    store.apply(retained("c", "", version(kWall_ms + 2)), at(4'000'000));
    CHECK(store.tombstone_count() == 2);
    CHECK(store.tombstones_collected_early() == 1);
    store.hold_tombstones(false);
    store.sweep(at(4'000'000));
    CHECK(store.tombstone_count() == 0);
    CHECK(store.tombstones_collected_early() == 1);
}

TEST_CASE("a topic that is set and deleted again and again leaves bounded traces") {
    const Limits limits{.tombstones_max = 10};
    RetainedStore store(limits);
    for (int i = 0; i < 1000; ++i)
        store.apply(retained("a", i % 2 == 0 ? "x" : "", version(kWall_ms + i)), at(i));
    CHECK(entries(store) == 1);
    CHECK(store.tombstones_collected_early() == 0);
}

TEST_CASE("an expired message becomes a tombstone of the same version: digests stay") {
    const Limits limits;
    RetainedStore store(limits);
    store.apply(retained("a", "x", version(kWall_ms), at(10).instant), at(0));
    const auto before = digests(store);
    CHECK(live(store, "a", at(10)).empty());
    for (std::size_t i = 0; i < kRetainedBuckets; ++i)
        store.sweep(at(20));
    CHECK(store.live_count() == 0);
    CHECK(store.tombstone_count() == 1);
    CHECK(digests(store) == before);
}

TEST_CASE("a random history leaves what the highest versions say, in every order") {
    Rng rng(42);
    const Limits limits;
    std::map<std::string, std::pair<Version, std::string>> model;
    std::vector<MessageRef> history;
    for (int i = 0; i < 3000; ++i) {
        const std::string topic = "t/" + std::to_string(rng.below(200));
        const std::string payload = rng.chance(3) ? "" : std::to_string(i);
        const Version v = version(kWall_ms + static_cast<std::int64_t>(rng.below(5000)),
                                  static_cast<std::uint8_t>(rng.below(3)));
        auto& slot = model[topic];
        if (slot.first < v)
            slot = {v, payload};
        else if (slot.first == v)
            continue;
        history.push_back(retained(topic, payload, v));
    }
    RetainedStore forwards(limits);
    RetainedStore backwards(limits);
    for (const MessageRef& message : history)
        forwards.apply(message, at(5000));
    std::ranges::reverse(history);
    for (const MessageRef& message : history)
        backwards.apply(message, at(5000));
    CHECK(digests(forwards) == digests(backwards));
    std::vector<std::string> expected;
    for (const auto& [topic, value] : model)
        if (!value.second.empty()) expected.push_back(topic + "=" + value.second);
    CHECK(live(forwards) == expected);
    CHECK(live(backwards) == expected);
}
