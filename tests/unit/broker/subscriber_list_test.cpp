#include <doctest/doctest.h>

#include <map>

#include "base/rng.h"
#include "runtime/broker/subscriber_list.h"

using namespace lotmesh;
using namespace lotmesh::broker;

namespace {

SessionId session(std::uint32_t n) { return {n, 1}; }

std::map<std::uint32_t, std::uint32_t> contents(const SubscriberList& list) {
    std::map<std::uint32_t, std::uint32_t> found;
    for (const Subscription& subscription : list)
        CHECK(found.emplace(subscription.session.index, subscription.identifier).second);
    return found;
}

}  // namespace

TEST_CASE("a list of subscribers holds what was put in, short and long, in a random history") {
    Rng rng(3);
    SubscriberList list;
    std::map<std::uint32_t, std::uint32_t> model;
    for (std::uint32_t round = 1; round <= 20'000; ++round) {
        // Grows and shrinks past the size from which there is an index.
        const std::uint64_t sessions = 1 + (round / 1000 % 2) * 100;
        const auto n = static_cast<std::uint32_t>(rng.below(sessions));
        if (!model.contains(n)) {
            list.add({.session = session(n), .identifier = round});
            model[n] = round;
        } else if (rng.chance(2)) {
            list.replace({.session = session(n), .identifier = round});
            model[n] = round;
        } else {
            list.remove(session(n));
            model.erase(n);
        }
        if (sessions == 1 && model.size() > 1) {
            const std::uint32_t last = model.rbegin()->first;
            list.remove(session(last));
            model.erase(last);
        }
        REQUIRE(list.size() == model.size());
        if (round % 50 == 0) REQUIRE(contents(list) == model);
    }
}

TEST_CASE("a filter with very many subscribers lets them go in any order at once") {
    // With a search for each this is ten billion comparisons.
    constexpr std::uint32_t kSessions = 200'000;
    SubscriberList list;
    for (std::uint32_t n = 0; n < kSessions; ++n)
        list.add({.session = session(n)});
    for (std::uint32_t n = kSessions; n-- > 0;)
        list.replace({.session = session(n), .identifier = n});
    for (std::uint32_t n = 0; n < kSessions; ++n)
        list.remove(session((n * 7919U) % kSessions));
    CHECK(list.empty());
}
