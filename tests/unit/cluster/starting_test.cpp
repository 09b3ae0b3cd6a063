// A node that was started a moment ago: how long publishers wait until it knows what peers want.
#include <algorithm>

#include <doctest/doctest.h>

#include "tests/unit/cluster/two_nodes.h"

using namespace lotmesh;
using namespace lotmesh::cluster;
using namespace lotmesh::cluster::testing;

namespace {

// b wants everything and is there; a starts when its routes are set.
struct Start {
    Net net;
    TestNode& a;
    TestNode& b;

    explicit Start(Limits limits = {}) : a(net.add("a", 1, limits)), b(net.add("b", 2, limits)) {
        b.subscribe("#", net.now());
    }
    void begin() { net.set_routes(a, {Net::route_to("b")}); }
    bool starting() const { return a.cluster->is_starting(); }
};

}  // namespace

TEST_CASE("before it has a plan, and with a plan without routes, a node is not starting") {
    Start start;
    CHECK_FALSE(start.starting());
    start.net.set_routes(start.a, {});
    start.net.settle();
    CHECK_FALSE(start.starting());
}

TEST_CASE("a node is starting until it knows what the peer of each route wants") {
    Start start;
    start.net.latency = Duration::milliseconds(20);
    start.begin();
    CHECK(start.starting());
    start.net.run(Duration::milliseconds(30));
    CHECK(start.starting());
    CHECK(start.a.broker.resumed == 0);
    REQUIRE(start.net.run_until([&] { return !start.starting(); }, Duration::seconds(1)));
    CHECK(start.a.broker.resumed == 1);
    CHECK(start.net.publish(start.a, "t", "first") == broker::Forwarded::Accepted);
    start.net.run(Duration::seconds(1));
    CHECK(start.b.broker.payloads("t") == std::vector<std::string>{"first"});
}

TEST_CASE("a peer that is not there ends the wait with its first refusal") {
    Start start;
    start.net.kill(start.b);
    start.begin();
    start.net.settle();
    CHECK_FALSE(start.starting());
    CHECK(start.a.broker.resumed == 1);
}

TEST_CASE("a peer that accepts and says nothing is waited for up to a bound") {
    Limits limits;
    limits.start_link_max = Duration::milliseconds(700);
    Start start(limits);
    start.net.script("b", {});
    start.begin();
    start.net.run(Duration::milliseconds(699));
    CHECK(start.starting());
    start.net.run(Duration::milliseconds(2));
    CHECK_FALSE(start.starting());
}

TEST_CASE("the interest of a linked peer is waited for longer, up to a bound") {
    Limits limits;
    limits.start_link_max = Duration::milliseconds(500);
    limits.start_interest_max = Duration::milliseconds(1'500);
    limits.window_bytes_max = 1;  // a snapshot comes record by record, each after an ack
    Start start(limits);
    start.net.latency = Duration::milliseconds(50);
    start.begin();
    const Instant began = start.net.now().instant;
    const auto is_linked = [&] {
        return std::ranges::any_of(
            start.a.log, [](const auto& line) { return line.find("is linked") != line.npos; });
    };
    REQUIRE(start.net.run_until(is_linked, limits.start_link_max));
    start.net.freeze(true);
    const auto run_until = [&](Duration age) {
        start.net.run(began + age - start.net.now().instant);
    };
    run_until(limits.start_interest_max - Duration::milliseconds(1));
    CHECK(start.starting());
    run_until(limits.start_interest_max + Duration::milliseconds(1));
    CHECK_FALSE(start.starting());
}

TEST_CASE("a later plan does not make a node start again") {
    Start start;
    start.net.set_routes(start.a, {});
    start.net.settle();
    start.begin();
    CHECK_FALSE(start.starting());
}

TEST_CASE("a node that was killed waits again when it is back") {
    Start start;
    start.begin();
    REQUIRE(start.net.run_until([&] { return !start.starting(); }, Duration::seconds(1)));
    start.net.restart(start.a);
    start.begin();
    CHECK(start.starting());
    REQUIRE(start.net.run_until([&] { return !start.starting(); }, Duration::seconds(1)));
    CHECK(start.net.publish(start.a, "t", "again") == broker::Forwarded::Accepted);
}
