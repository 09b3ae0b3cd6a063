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
    CHECK(kArrivingMax == 2'000);
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

TEST_CASE("who has said nothing for longest makes room") {
    Transports transports(3);
    add(transports, {0, 1});
    add(transports, {1, 1});
    add(transports, {2, 1});
    CHECK(transports.is_full());
    transports.has_spoken({0, 1});
    CHECK(transports.take_oldest_silent() == SlotHandle{1, 1});
    transports.erase({1, 1});
    add(transports, {1, 2});
    transports.arrive({2, 1}, kStart);
    CHECK(transports.take_oldest_silent() == SlotHandle{1, 2});
    CHECK_FALSE(transports.take_oldest_silent());
}

TEST_CASE("those that come and go are not remembered") {
    Transports transports(3);
    add(transports, {9, 1});
    for (std::uint32_t i = 1; i < 1000; ++i) {
        add(transports, {0, i});
        transports.erase({0, i});
    }
    CHECK(transports.take_oldest_silent() == SlotHandle{9, 1});
    CHECK_FALSE(transports.take_oldest_silent());
}

TEST_CASE("so many handshakes may begin at once, the rest waits for its turn, in order") {
    Transports transports;
    const Bytes hello{0x16};
    const auto asks = [&](std::uint32_t index, Instant now) {
        add(transports, {index, 1}, now);
        return transports.may_begin_handshake({index, 1}, hello, now);
    };
    for (std::uint32_t i = 0; i < kHandshakesAtOnce; ++i)
        CHECK(asks(i, kStart));
    CHECK_FALSE(transports.next_handshake());
    CHECK_FALSE(asks(100, kStart));
    CHECK_FALSE(asks(101, kStart));
    CHECK_FALSE(asks(102, kStart));
    CHECK(transports.take_ready(kStart).empty());
    transports.erase({101, 1});  // it would not wait
    const Instant next = *transports.next_handshake();
    CHECK(next == kStart + Duration::seconds(1) / kHandshakesPerSecond);
    const auto ready = transports.take_ready(next);
    REQUIRE(ready.size() == 1);
    CHECK(ready[0].connection == SlotHandle{100, 1});
    CHECK(ready[0].bytes == hello);
    // Whoever comes now is behind those who wait, though time has passed.
    CHECK_FALSE(asks(103, kStart + Duration::seconds(9)));
    const auto rest = transports.take_ready(kStart + Duration::seconds(9));
    REQUIRE(rest.size() == 2);
    CHECK(rest[0].connection == SlotHandle{102, 1});
    CHECK(rest[1].connection == SlotHandle{103, 1});
    CHECK_FALSE(transports.next_handshake());
}
