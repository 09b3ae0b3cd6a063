#include "runtime/server/transports.h"

#include <doctest/doctest.h>

using namespace lotmesh;
using namespace lotmesh::server;

namespace {

constexpr Instant kStart{1'000'000};

SharedRules rules() {
    TransportRules made;
    made.proxy = net::ProxyVersion::V1;
    return std::make_shared<const TransportRules>(made);
}

void add(Transports& transports, SlotHandle connection, Instant now = kStart) {
    transports.add(connection, rules(), *net::Address::parse("10.0.0.1", 1), now);
}

}  // namespace

TEST_CASE("a transport is found by its connection alone") {
    Transports transports;
    const SlotHandle first{3, 1};
    const SlotHandle next{3, 2};  // in the same slot, later
    add(transports, first);
    CHECK(transports.find(first) != nullptr);
    CHECK(transports.find(next) == nullptr);
    CHECK(transports.find({7, 1}) == nullptr);
    transports.erase(next);
    CHECK(transports.find(first) != nullptr);
    transports.erase(first);
    CHECK(transports.find(first) == nullptr);
    add(transports, next);
    CHECK(transports.find(next) != nullptr);
}

TEST_CASE("so many may be on their way at once, and not one more") {
    Transports transports(2);
    add(transports, {0, 1});
    CHECK_FALSE(transports.is_full());
    add(transports, {1, 1});
    CHECK(transports.is_full());
    transports.arrive({0, 1}, kStart);
    CHECK_FALSE(transports.is_full());
    add(transports, {2, 1});
    CHECK(transports.is_full());
    CHECK(transports.arriving() == std::vector<SlotHandle>{{1, 1}, {2, 1}});
    transports.erase({0, 1});  // has arrived before
    CHECK(transports.is_full());
    transports.erase({1, 1});
    CHECK_FALSE(transports.is_full());
    CHECK(kArrivingMax == 10'000);
}

TEST_CASE("who has not arrived in time is overdue, once") {
    Transports transports;
    const Instant due = kStart + kArrivalMax;
    add(transports, {0, 1});
    add(transports, {1, 1});
    add(transports, {2, 1});
    add(transports, {3, 1}, kStart + Duration::seconds(1));
    CHECK(transports.arrive({0, 1}, kStart + Duration::seconds(2)) == Duration::seconds(2));
    transports.erase({1, 1});
    CHECK(transports.next_deadline() == due);
    CHECK(transports.take_overdue(due - Duration::microseconds(1)).empty());
    CHECK(transports.take_overdue(due) == std::vector<SlotHandle>{{2, 1}});
    CHECK(transports.take_overdue(due).empty());
    CHECK(transports.next_deadline() == due + Duration::seconds(1));
}

TEST_CASE("deadlines of those that have come and gone are kept up to twice the bound") {
    Transports transports(2);
    for (std::uint32_t generation = 1; generation <= 4; ++generation) {
        add(transports, {0, generation});
        transports.erase({0, generation});
    }
    CHECK(transports.next_deadline().has_value());
    add(transports, {1, 1}, kStart + Duration::seconds(1));
    add(transports, {0, 5});
    transports.erase({0, 5});
    CHECK(transports.next_deadline() == kStart + Duration::seconds(1) + kArrivalMax);
}
