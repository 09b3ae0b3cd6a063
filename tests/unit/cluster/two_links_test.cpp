#include <doctest/doctest.h>

#include "tests/unit/cluster/two_nodes.h"

using namespace lotmesh;
using namespace lotmesh::cluster;
using namespace lotmesh::cluster::testing;

namespace {

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

std::size_t count(const std::string& text, const std::string& part) {
    std::size_t found = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
        ++found;
    return found;
}

// Both dial each other.
struct BothDial {
    Net net;
    TestNode& a = net.add("a", 1);
    TestNode& b = net.add("b", 2);

    explicit BothDial(Limits limits = {}) {
        a.limits = b.limits = limits;
        a.cluster = std::make_unique<Cluster>(a.config, limits);
        b.cluster = std::make_unique<Cluster>(b.config, limits);
        a.subscribe("to/a", net.now());
        b.subscribe("to/b", net.now());
        net.set_routes(a, {Net::route_to("b")});
        net.set_routes(b, {Net::route_to("a")});
        REQUIRE(net.run_until([&] { return linked(a) && linked(b); }, Duration::seconds(5)));
    }

    // Publishes `count` messages on a, in order, running a little after each.
    void publish_many(int first, int last, int qos = 1) {
        for (int i = first; i < last; ++i)
            net.publish(a, "to/b", std::to_string(i), qos);
    }
    static std::vector<std::string> numbers(int last) {
        std::vector<std::string> texts;
        for (int i = 0; i < last; ++i)
            texts.push_back(std::to_string(i));
        return texts;
    }
};

}  // namespace

TEST_CASE("both dial: the smaller uuid's connection is primary, the other one a standby") {
    BothDial two;
    two.net.run(Duration::seconds(30));
    CHECK(two.net.open_connections() == 2);
    CHECK(two.net.dials == 2);
    CHECK(contains(two.a.sys("nodes"), "\"state\":\"up_primary\",\"reason\""));
    CHECK(contains(two.b.sys("nodes"), "\"state\":\"up_standby\",\"reason\""));
    CHECK(linked(two.a));
    CHECK(linked(two.b));
}

TEST_CASE("the primary dies: the standby takes over at once, nothing lost, doubled or reordered") {
    BothDial two;
    two.net.run(Duration::seconds(3));
    two.publish_many(0, 5);
    two.net.settle();
    two.net.freeze(true);
    two.publish_many(5, 10);  // on their way on the primary when it dies
    two.a.cluster->end_turn(two.net.now(), two.a.broker, two.a.effects);
    two.a.effects.reset();
    two.net.freeze(false);
    for (std::size_t i = 0; i < two.net.ends.size(); ++i)
        if (two.net.ends[i].node == &two.a && i % 2 == 0 && !two.net.ends[i].gone) {
            two.net.ends[i].closing = true;
            break;
        }
    two.publish_many(10, 15);
    two.net.settle();
    CHECK(two.b.broker.payloads("to/b") == BothDial::numbers(15));
    two.net.run(Duration::milliseconds(1'100));
    CHECK(contains(two.a.sys("sync"), "\"link_losses\":1"));
    CHECK(two.net.run_until([&] { return two.net.open_connections() == 2; }));
}

TEST_CASE("all connections are cut: what is waiting arrives after the link is back") {
    BothDial two;
    two.publish_many(0, 50);
    two.net.settle();
    for (int round = 0; round < 20; ++round) {
        two.publish_many(50 + round * 10, 60 + round * 10);
        if (round % 3 == 0) two.a.cluster->end_turn(two.net.now(), two.a.broker, two.a.effects);
        two.net.cut_all();
        two.net.run(Duration::milliseconds(30 + 70 * round));
    }
    REQUIRE(two.net.run_until([&] { return linked(two.a); }, Duration::seconds(10)));
    CHECK(two.b.broker.payloads("to/b") == BothDial::numbers(250));
}

TEST_CASE("a frozen network is noticed within three seconds and healed after it thaws") {
    BothDial two;
    two.net.run(Duration::seconds(2));
    two.net.freeze(true);
    two.publish_many(0, 10);
    two.net.run(Duration::milliseconds(3'500));
    CHECK(contains(two.a.sys("status"), "isolated"));
    CHECK(contains(two.b.sys("status"), "isolated"));
    two.net.freeze(false);
    REQUIRE(
        two.net.run_until([&] { return linked(two.a) && linked(two.b); }, Duration::seconds(6)));
    CHECK(two.b.broker.payloads("to/b") == BothDial::numbers(10));
}

TEST_CASE("a one-way link dies on both sides") {
    BothDial two;
    two.net.run(Duration::seconds(2));
    two.net.freeze_towards(two.b, true);  // b hears nothing, a hears everything
    two.net.run(Duration::milliseconds(4'500));
    CHECK_FALSE(linked(two.a));
    CHECK_FALSE(linked(two.b));
    CHECK(contains(two.a.sys("status"), "isolated"));
}

TEST_CASE("a peer that restarts gets what waited, and its old interest serves until then") {
    BothDial two;
    two.net.kill(two.b);
    two.publish_many(0, 3);
    two.net.run(Duration::seconds(5));
    CHECK(two.net.publish(two.a, "to/b", "3") == broker::Forwarded::Accepted);
    two.net.restart(two.b);
    two.b.subscribe("to/b", two.net.now());
    two.net.set_routes(two.b, {Net::route_to("a")});
    REQUIRE(
        two.net.run_until([&] { return linked(two.a) && linked(two.b); }, Duration::seconds(5)));
    CHECK(two.b.broker.payloads("to/b") == BothDial::numbers(4));
    CHECK(count(two.a.sys("nodes"), "\"incarnation\":2") == 1);
}

TEST_CASE("a restart that is faster than the detection drops the old links") {
    BothDial two;
    two.net.run(Duration::seconds(2));
    // The old process vanishes without a word: its ends stay open and say nothing.
    for (End& end : two.net.ends)
        if (end.node == &two.b) end.node = nullptr, end.frozen = true;
    two.b.config.incarnation = 2;
    two.b.config.boot_nonce = 5;
    two.b.cluster = std::make_unique<Cluster>(two.b.config, two.b.limits);
    two.b.effects.reset();
    two.net.set_routes(two.b, {Net::route_to("a")});
    two.net.run(Duration::milliseconds(500));
    CHECK(contains(two.a.sys("nodes"), "\"incarnation\":2"));
    CHECK(two.net.publish(two.a, "to/b", "0") == broker::Forwarded::Accepted);
    two.net.settle();
    CHECK(two.b.broker.payloads("to/b") == BothDial::numbers(1));
}

TEST_CASE("three nodes in a mesh deliver each message once on each of them") {
    Net net;
    TestNode& a = net.add("a", 1);
    TestNode& b = net.add("b", 2);
    TestNode& c = net.add("c", 3);
    net.set_routes(a, {Net::route_to("b"), Net::route_to("c")});
    net.set_routes(b, {Net::route_to("a"), Net::route_to("c")});
    net.set_routes(c, {Net::route_to("a"), Net::route_to("b")});
    for (TestNode* node : {&a, &b, &c})
        node->subscribe("#", net.now());
    REQUIRE(net.run_until([&] { return linked(a) && linked(b) && linked(c); }));
    for (int i = 0; i < 30; ++i)
        net.publish(i % 2 == 0 ? a : b, "t", std::to_string(i), i % 3);
    net.settle();
    CHECK(a.broker.delivered.size() == 15);
    CHECK(b.broker.delivered.size() == 15);
    CHECK(c.broker.delivered.size() == 30);
}

TEST_CASE("QoS 0 keeps its order and is lost only while the peer is away, which is counted") {
    BothDial two;
    for (int i = 0; i < 20; ++i) {
        two.publish_many(i, i + 1, 0);
        two.net.run(Duration::milliseconds(100));
    }
    CHECK(two.b.broker.payloads("to/b") == BothDial::numbers(20));
    two.net.kill(two.b);
    two.net.settle();
    CHECK(two.net.publish(two.a, "to/b", "x", 0) == broker::Forwarded::Nowhere);
    two.net.run(Duration::seconds(2));
    CHECK(contains(two.a.sys("sync"), "\"dropped_away\":1"));
}

TEST_CASE("skewed clocks are shown and make the cluster degraded") {
    BothDial two;
    two.net.skew_ms["b"] = 700;
    two.net.run(Duration::seconds(3));
    CHECK(contains(two.a.sys("nodes"), "\"skew_ms\":700"));
    CHECK(contains(two.a.sys("status"), "degraded"));
    CHECK(contains(two.b.sys("nodes"), "\"skew_ms\":-700"));
    two.net.skew_ms["b"] = 400;
    two.net.run(Duration::seconds(3));
    CHECK(linked(two.a));
}
