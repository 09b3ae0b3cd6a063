#include <doctest/doctest.h>

#include "tests/unit/cluster/two_nodes.h"

using namespace lotmesh;
using namespace lotmesh::cluster;
using namespace lotmesh::cluster::testing;

namespace {

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

// a has a route to b; all messages go to both.
struct Pair {
    Net net;
    TestNode& a = net.add("a", 1);
    TestNode& b = net.add("b", 2);

    Pair() {
        b.subscribe("#", net.now());
        a.subscribe("#", net.now());
        net.set_routes(a, {Net::route_to("b")});
        REQUIRE(net.run_until([&] { return linked(a) && linked(b); }, Duration::seconds(10)));
    }
    bool knows(const NodeId& id) const { return contains(a.sys("sync"), id.text()); }
};

}  // namespace

TEST_CASE("a node that comes back without its identity takes the place of its old self") {
    Pair pair;
    const NodeId old = pair.b.config.id;
    pair.net.kill(pair.b);
    pair.net.publish(pair.a, "t", "for the old one");
    pair.net.publish(pair.a, "t", "and this");
    pair.b.config.id.bytes.fill(7);
    pair.net.restart(pair.b);
    const auto leaving = [&] { return contains(pair.a.sys("nodes"), "\"state\":\"leaving\""); };
    REQUIRE(pair.net.run_until(leaving, Duration::seconds(10)));
    CHECK(pair.net.publish(pair.a, "nobody/left", "x") == broker::Forwarded::Nowhere);
    pair.net.run(Duration::seconds(7));
    CHECK_FALSE(pair.knows(old));
    CHECK(linked(pair.a));
    CHECK(contains(pair.a.sys("sync"), "\"forgotten\":{\"peers\":1,\"expired\":2}"));
    CHECK(contains(pair.a.log.back(), "with 2 messages that waited for it"));
}

TEST_CASE("both ends of a removed route forget each other within seconds") {
    Pair pair;
    pair.net.set_routes(pair.a, {});
    pair.net.run(Duration::seconds(2));
    CHECK(linked(pair.a, "single"));
    CHECK(linked(pair.b, "single"));
    CHECK(pair.net.publish(pair.a, "t", "1") == broker::Forwarded::Nowhere);
    CHECK(pair.net.publish(pair.b, "t", "1") == broker::Forwarded::Nowhere);
    pair.net.run(Duration::seconds(6));
    CHECK_FALSE(pair.knows(pair.b.config.id));
    CHECK(contains(pair.b.sys("sync"), "\"forgotten\":{\"peers\":1,\"expired\":0}"));
}

TEST_CASE("a peer whose route is removed while it is away is forgotten within seconds") {
    Pair pair;
    pair.net.kill(pair.b);
    pair.net.run(Duration::seconds(1));
    pair.net.set_routes(pair.a, {});
    pair.net.run(Duration::seconds(2));
    CHECK(linked(pair.a, "single"));
    pair.net.run(Duration::seconds(6));
    CHECK_FALSE(pair.knows(pair.b.config.id));
}

TEST_CASE("a route that gets another name keeps what waits for its peer, linked or away") {
    Pair pair;
    pair.net.publish(pair.a, "t", "1");
    pair.net.set_routes(pair.a, {Net::route_to("b", "renamed")});
    CHECK(pair.net.publish(pair.a, "t", "2") == broker::Forwarded::Accepted);
    pair.net.run(Duration::seconds(3));
    pair.net.refuse_dials = true;
    pair.net.cut_all();
    pair.net.run(Duration::seconds(1));
    pair.net.set_routes(pair.a, {Net::route_to("b", "again")});
    CHECK(pair.net.publish(pair.a, "t", "3") == broker::Forwarded::Accepted);
    pair.net.run(Duration::seconds(10));
    pair.net.refuse_dials = false;
    pair.net.run(Duration::seconds(10));
    CHECK(pair.b.broker.payloads("t") == std::vector<std::string>{"1", "2", "3"});
    CHECK(linked(pair.a));
}

TEST_CASE("a peer that dials us, or shut down, is kept although no route wants it") {
    Pair pair;
    pair.b.cluster->shut_down(pair.net.now(), pair.b.broker, pair.b.effects);
    pair.a.cluster->shut_down(pair.net.now(), pair.a.broker, pair.a.effects);
    pair.net.restart(pair.a);
    pair.net.restart(pair.b);
    pair.a.subscribe("#", pair.net.now());
    pair.net.set_routes(pair.a, {Net::route_to("b")});
    REQUIRE(pair.net.run_until([&] { return linked(pair.b); }, Duration::seconds(10)));
    pair.a.cluster->shut_down(pair.net.now(), pair.a.broker, pair.a.effects);
    pair.net.run(Duration::seconds(20));
    CHECK(linked(pair.b, "isolated"));
    CHECK(pair.net.publish(pair.b, "t", "1") == broker::Forwarded::Accepted);
    pair.net.set_routes(pair.b, {Net::route_to("a")});
    pair.net.set_routes(pair.b, {});
    CHECK(pair.net.publish(pair.b, "t", "2") == broker::Forwarded::Accepted);
}
