#include "base/deadline_queue.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "base/rng.h"
#include "base/slot_map.h"

using namespace lotmesh;

TEST_CASE("an empty queue has no deadline") {
    DeadlineQueue<int> queue;
    CHECK(queue.empty());
    CHECK_FALSE(queue.earliest().has_value());
    CHECK_FALSE(queue.pop_due({1'000'000}).has_value());
}

TEST_CASE("keys come out when they are due, the earliest first") {
    DeadlineQueue<std::string> queue;
    queue.push({30}, "c");
    queue.push({10}, "a");
    queue.push({20}, "b");
    CHECK(queue.earliest() == Instant{10});
    CHECK_FALSE(queue.pop_due({9}).has_value());
    CHECK(queue.pop_due({10}) == "a");
    CHECK_FALSE(queue.pop_due({10}).has_value());
    CHECK(queue.pop_due({100}) == "b");
    CHECK(queue.earliest() == Instant{30});
    CHECK(queue.pop_due({100}) == "c");
    CHECK(queue.empty());
}

TEST_CASE("keys of one instant come out in the order of push") {
    DeadlineQueue<int> queue;
    for (int i = 0; i < 100; ++i)
        queue.push({5}, i);
    for (int i = 0; i < 100; ++i)
        CHECK(queue.pop_due({5}) == i);
}

TEST_CASE("any order of pushes comes out sorted") {
    Rng rng(3);
    DeadlineQueue<std::int64_t> queue;
    for (int i = 0; i < 1'000; ++i) {
        const auto at = static_cast<std::int64_t>(rng.below(500));
        queue.push({at}, at);
    }
    CHECK(queue.size() == 1'000);
    std::int64_t last = -1;
    while (const auto key = queue.pop_due({1'000})) {
        CHECK(*key >= last);
        last = *key;
    }
    CHECK(queue.empty());
}

TEST_CASE("a thing that is put off or gone is sorted out by its user, with one entry each") {
    struct Thing {
        Instant deadline;
    };
    SlotMap<Thing> things;
    DeadlineQueue<SlotHandle> queue;
    const SlotHandle put_off = things.insert(Thing{{10}});
    const SlotHandle gone = things.insert(Thing{{10}});
    queue.push({10}, put_off);
    queue.push({10}, gone);
    things.find(put_off)->deadline = {30};
    things.erase(gone);

    std::vector<SlotHandle> expired;
    const auto run = [&](Instant now) {
        while (const auto key = queue.pop_due(now)) {
            const Thing* thing = things.find(*key);
            if (thing == nullptr) continue;
            if (thing->deadline > now)
                queue.push(thing->deadline, *key);
            else
                expired.push_back(*key);
        }
    };
    run({10});
    CHECK(expired.empty());
    CHECK(queue.size() == 1);
    CHECK(queue.earliest() == Instant{30});
    run({30});
    CHECK(expired == std::vector<SlotHandle>{put_off});
    CHECK(queue.empty());
}

TEST_CASE("stale entries can be erased and the others keep their order") {
    DeadlineQueue<int> queue;
    for (int i = 0; i < 100; ++i)
        queue.push({(i * 37) % 10}, i);
    queue.erase_if([](Instant at, int key) { return at == Instant{3} || key % 2 == 0; });
    std::vector<std::pair<std::int64_t, int>> expected;
    for (int i = 0; i < 100; ++i)
        if ((i * 37) % 10 != 3 && i % 2 != 0) expected.emplace_back((i * 37) % 10, i);
    std::ranges::sort(expected);
    CHECK(queue.size() == expected.size());
    for (const auto& [at, key] : expected) {
        CHECK(queue.earliest() == Instant{at});
        CHECK(queue.pop_due({100}) == key);
    }
}
