#include <doctest/doctest.h>

#include "tests/unit/cluster/two_nodes.h"

using namespace lotmesh;
using namespace lotmesh::cluster;
using namespace lotmesh::cluster::testing;

namespace {

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

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
};

}  // namespace

TEST_CASE("the same plan again, or a retuned one, does not touch the connection") {
    Pair pair;
    pair.net.set_routes(pair.a, {Net::route_to("b")});
    ir::Link link = Net::route_to("b");
    link.message_validity_sec = 5;
    link.reconnection_retries = 9;
    pair.net.set_routes(pair.a, {link});
    pair.net.run(Duration::seconds(20));
    CHECK(pair.net.dials == 1);
    CHECK(linked(pair.a));
    CHECK(linked(pair.b));
}

TEST_CASE("a changed route makes the new link before it breaks the old one, under load") {
    Pair pair;
    ir::Link link = Net::route_to("b");
    std::vector<std::string> expected;
    for (int i = 0; i < 60; ++i) {
        if (i % 10 == 5) {
            link.client_id = "label_" + std::to_string(i);
            pair.net.set_routes(pair.a, {link});
        }
        expected.push_back(std::to_string(i));
        pair.net.publish(pair.a, "t", expected.back(), i % 2);
        pair.net.publish(pair.b, "t", expected.back(), i % 2);
        REQUIRE(pair.a.sys("status").find("isolated") == std::string::npos);
        pair.net.run(Duration::milliseconds(i % 7 * 40));
    }
    pair.net.run(Duration::seconds(3));
    CHECK(pair.b.broker.payloads("t") == expected);
    CHECK(pair.a.broker.payloads("t") == expected);
    CHECK(pair.net.dials == 7);
    CHECK(pair.net.open_connections() == 1);
    CHECK(linked(pair.a));
    CHECK(contains(pair.a.sys("sync"), "\"link_losses\":0"));
    CHECK(contains(pair.a.sys("nodes"), "label_55"));
}

TEST_CASE("while the new address fails the old link serves, and people see it") {
    Pair pair;
    ir::Link link = Net::route_to("b");
    link.address = "nowhere";
    pair.net.set_routes(pair.a, {link});
    pair.net.run(Duration::seconds(30));
    CHECK(pair.net.publish(pair.a, "t", "1") == broker::Forwarded::Accepted);
    pair.net.settle();
    CHECK(pair.b.broker.payloads("t").size() == 1);
    CHECK(contains(pair.a.sys("nodes"), "\"pending\":{\"state\":\"unresolvable\""));
    CHECK(contains(pair.a.sys("status"), "(new address): unresolvable"));
    CHECK(contains(pair.a.sys("status"), "degraded"));
    pair.net.set_routes(pair.a, {Net::route_to("b")});
    CHECK(pair.net.run_until([&] { return linked(pair.a); }, Duration::seconds(5)));
    pair.net.run(Duration::seconds(2));
    CHECK(pair.net.open_connections() == 1);
}

TEST_CASE("what came from references is shown as references, whatever state the route is in") {
    Net net;
    TestNode& a = net.add("a", 1);
    TestNode& b = net.add("b", 2);
    ir::Link link = Net::route_to("b", "Hidden");
    ir::Link lost = Net::route_to("nowhere", "Lost");
    link.references = lost.references = {{"BROKER_ADDRESS", "GET ENV \"HOST\""},
                                         {"BROKER_PORT", "GET ENV \"PORT\""},
                                         {"CLIENT_ID", "GET ENV \"LABEL\""}};
    net.set_routes(a, {link, lost});
    net.run(Duration::seconds(10));
    for (const char* const topic : {"nodes", "status", "sync"}) {
        CHECK_FALSE(contains(a.sys(topic), "label_"));
        CHECK_FALSE(contains(a.sys(topic), "nowhere"));
    }
    CHECK(contains(a.sys("nodes"), "\"address\":\"GET ENV \\\"HOST\\\"\""));
    CHECK(contains(a.sys("nodes"), "\"port\":\"GET ENV \\\"PORT\\\"\""));
    CHECK(contains(a.sys("nodes"), "\"client_id\":\"GET ENV \\\"LABEL\\\"\""));
    CHECK(contains(b.sys("nodes"), "label_Hidden"));  // the peer's own view
}

TEST_CASE("a changed address that leads to another node moves there") {
    Pair pair;
    TestNode& c = pair.net.add("c", 3);
    ir::Link link = Net::route_to("b");
    link.address = "c";
    pair.net.set_routes(pair.a, {link});
    pair.net.run(Duration::seconds(5));
    CHECK(linked(c));
    CHECK(linked(pair.a));
    CHECK(pair.net.open_connections() == 1);
    CHECK(linked(pair.b, "single"));
}

TEST_CASE("a removed route brings what is waiting, then says goodbye") {
    Pair pair;
    for (int i = 0; i < 100; ++i)
        pair.net.publish(pair.a, "t", std::to_string(i));
    pair.net.set_routes(pair.a, {});
    pair.net.run(Duration::seconds(1));
    CHECK(pair.b.broker.payloads("t").size() == 100);
    CHECK(pair.net.open_connections() == 0);
    CHECK(pair.net.dials == 1);
    CHECK(contains(pair.b.log.back(), "normal disconnection"));
}

TEST_CASE("a removed route takes what is on its way to us, and acks it, before it closes") {
    Pair pair;
    for (int i = 0; i < 50; ++i)
        pair.net.publish(pair.b, "t", std::to_string(i), i % 2);
    pair.net.set_routes(pair.a, {});
    pair.net.run(Duration::seconds(1));
    CHECK(pair.a.broker.payloads("t").size() == 50);
    CHECK(pair.net.open_connections() == 0);
    CHECK(contains(pair.b.sys("sync"), "\"lag_records\":0,"));
}

TEST_CASE("a removed route brings QoS 0 that waits for a congested link") {
    Pair pair;
    const broker::ConnId conn = pair.net.ends[0].conn;
    pair.a.cluster->handle(broker::Congested{conn}, pair.net.now(), pair.a.broker, pair.a.effects);
    pair.net.publish(pair.a, "t", "1", 0);
    pair.net.set_routes(pair.a, {});
    pair.net.run(Duration::milliseconds(500));
    CHECK(pair.net.open_connections() == 1);
    pair.a.cluster->handle(broker::Writable{conn}, pair.net.now(), pair.a.broker, pair.a.effects);
    pair.net.settle();
    CHECK(pair.b.broker.payloads("t").size() == 1);
    CHECK(pair.net.open_connections() == 0);
}

TEST_CASE("a renamed route goes on with its link, and nothing is lost under load") {
    Pair pair;
    std::vector<std::string> expected;
    for (int i = 0; i < 40; ++i) {
        expected.push_back(std::to_string(i));
        pair.net.publish(pair.a, "t", expected.back(), i % 2);
        pair.net.publish(pair.b, "t", expected.back(), i % 2);
        ir::Link link = Net::route_to("b", "name_" + std::to_string(i / 4));
        if (i < 20) link.client_id = "label_to_b";
        if (i % 4 == 0) pair.net.set_routes(pair.a, {link});
        pair.net.run(Duration::milliseconds(i % 7 * 40));
    }
    pair.net.run(Duration::seconds(3));
    CHECK(pair.b.broker.payloads("t") == expected);
    CHECK(pair.a.broker.payloads("t") == expected);
    CHECK(pair.net.dials == 6);  // one, and one for each other CLIENT_ID
    CHECK(pair.net.open_connections() == 1);
    CHECK(contains(pair.a.sys("nodes"), "\"route\":\"name_9\""));
    CHECK(contains(pair.a.sys("sync"), "\"link_losses\":0"));
}

TEST_CASE("a route that comes back with an address that its old link does not lead to is dialled") {
    Pair pair;
    pair.net.script("c", {});
    ir::Link link = Net::route_to("b");
    link.address = "c";
    pair.net.set_routes(pair.a, {link});
    pair.net.run(Duration::milliseconds(100));
    pair.net.freeze(true);  // so that it does not drain at once
    pair.net.set_routes(pair.a, {});
    pair.net.settle();
    const std::uint64_t before = pair.net.dials;
    pair.net.set_routes(pair.a, {link});
    pair.net.settle();
    pair.net.freeze(false);
    pair.net.run(Duration::seconds(1));
    CHECK(pair.net.dials == before + 1);
    CHECK(pair.net.open_connections() == 1);  // to c
    CHECK(contains(pair.a.sys("status"), "isolated"));
}

TEST_CASE("a removed route whose peer does not answer is closed after five seconds") {
    Limits limits;
    limits.dead_after = Duration::seconds(100);
    Net net;
    TestNode& a = net.add("a", 1, limits);
    TestNode& b = net.add("b", 2, limits);
    b.subscribe("#", net.now());
    net.set_routes(a, {Net::route_to("b")});
    REQUIRE(net.run_until([&] { return linked(a) && linked(b); }));
    net.freeze(true);
    net.publish(a, "t", "1");
    net.set_routes(a, {});
    net.run(Duration::milliseconds(4'500));
    CHECK(contains(a.sys("nodes"), "\"state\":\"draining\""));
    net.run(Duration::milliseconds(1'000));
    CHECK_FALSE(contains(a.sys("nodes"), "\"state\":\"draining\""));
}

TEST_CASE("a route that is back before it has drained goes on with its link") {
    Pair pair;
    pair.net.freeze(true);
    pair.net.publish(pair.a, "t", "1");
    pair.net.set_routes(pair.a, {});
    pair.net.settle();
    pair.net.set_routes(pair.a, {Net::route_to("b")});
    pair.net.freeze(false);
    pair.net.run(Duration::seconds(3));
    CHECK(linked(pair.a));
    CHECK(pair.net.dials == 1);
}

TEST_CASE("an alias takes over at once where the route that led there is removed") {
    Pair pair;
    ir::Link second = Net::route_to("b", "another");
    pair.net.set_routes(pair.a, {Net::route_to("b"), second});
    pair.net.run(Duration::seconds(20));
    CHECK(contains(pair.a.sys("nodes"), "\"state\":\"alias\""));
    pair.net.set_routes(pair.a, {second});
    pair.net.run(Duration::seconds(2));
    CHECK(linked(pair.a));
    CHECK(pair.net.open_connections() == 1);
}

TEST_CASE("a route removed while it dials cancels the dial") {
    Net net;
    TestNode& a = net.add("a", 1);
    net.script("slow", {});
    net.set_routes(a, {Net::route_to("slow")});
    net.settle();
    CHECK(net.open_connections() == 1);
    net.set_routes(a, {});
    net.run(Duration::seconds(2));
    CHECK(net.open_connections() == 0);
    CHECK(contains(a.sys("status"), "single"));
}

TEST_CASE("a peer without route and link is forgotten after an hour, one with a route is not") {
    Pair pair;
    pair.net.kill(pair.b);
    pair.net.run(Duration::seconds(4'000));
    CHECK(contains(pair.a.sys("sync"), pair.b.config.id.text()));
    pair.net.set_routes(pair.a, {});
    pair.net.run(Duration::seconds(60));
    CHECK_FALSE(contains(pair.a.sys("sync"), pair.b.config.id.text()));
    CHECK(contains(pair.a.sys("status"), "single"));
    CHECK(pair.net.publish(pair.a, "t", "1") == broker::Forwarded::Nowhere);
}

TEST_CASE("a peer that forgot us is brought up to date when it is back") {
    Limits limits;
    limits.forget_after = Duration::seconds(2);
    Net net;
    TestNode& a = net.add("a", 1);
    TestNode& b = net.add("b", 2, limits);
    a.subscribe("x", net.now());
    b.subscribe("y", net.now());
    net.set_routes(a, {Net::route_to("b")});
    REQUIRE(net.run_until([&] { return linked(a) && linked(b); }));
    net.publish(a, "y", "1");
    for (int i = 0; i < 5; ++i)
        net.publish(b, "x", "before", 0);
    net.settle();
    net.refuse_dials = true;
    net.cut_all();
    net.run(Duration::seconds(5));
    CHECK(net.publish(a, "y", "2") == broker::Forwarded::Accepted);
    net.refuse_dials = false;
    REQUIRE(net.run_until([&] { return linked(a) && linked(b); }, Duration::seconds(10)));
    a.broker.delivered.clear();
    CHECK(net.publish(b, "x", "3") == broker::Forwarded::Accepted);
    CHECK(net.publish(b, "x", "4", 0) == broker::Forwarded::Accepted);
    net.settle();
    CHECK(b.broker.payloads("y") == std::vector<std::string>{"1", "2"});
    CHECK(a.broker.payloads("x") == std::vector<std::string>{"3", "4"});
}

TEST_CASE("shutting down first brings what was acked to publishers, over a slow link") {
    Limits limits;
    limits.window_bytes_max = 1'000;
    Net net;
    TestNode& a = net.add("a", 1, limits);
    TestNode& b = net.add("b", 2, limits);
    b.subscribe("#", net.now());
    net.set_routes(a, {Net::route_to("b")});
    REQUIRE(net.run_until([&] { return linked(a) && linked(b); }));
    for (int i = 0; i < 200; ++i)
        net.publish(a, "t", std::string(400, 'x'));
    a.cluster->shut_down(net.now(), a.broker, a.effects);
    net.settle();
    CHECK(b.broker.payloads("t").size() == 200);
    CHECK(net.open_connections() == 0);
    CHECK(contains(b.log.back(), "Server shutting down"));
}

TEST_CASE("a peer that does not take it ends the shutting down after four and a half seconds") {
    Limits limits;
    limits.dead_after = Duration::seconds(100);
    Net net;
    TestNode& a = net.add("a", 1, limits);
    TestNode& b = net.add("b", 2, limits);
    a.subscribe("#", net.now());
    net.set_routes(a, {Net::route_to("b")});
    REQUIRE(net.run_until([&] { return linked(a) && linked(b); }));
    net.freeze(true);
    net.publish(b, "t", "1");
    b.cluster->shut_down(net.now(), b.broker, b.effects);
    net.run(Duration::milliseconds(4'400));
    CHECK(net.open_connections() == 1);
    net.run(Duration::milliseconds(200));
    CHECK(net.open_connections() == 0);
}

TEST_CASE("a node that shuts down takes no more messages: they wait for its next life") {
    Pair pair;
    pair.net.freeze_towards(pair.a, true);
    pair.net.publish(pair.b, "t", "1");  // so that b goes on for a while
    pair.b.cluster->shut_down(pair.net.now(), pair.b.broker, pair.b.effects);
    pair.net.settle();
    CHECK(pair.net.publish(pair.a, "t", "2") == broker::Forwarded::Accepted);
    pair.a.subscribe("more", pair.net.now());
    const std::string_view filters[] = {"more"};
    const auto ticket = pair.a.cluster->subscribe_barrier(filters, pair.net.now());
    pair.net.settle();
    CHECK(pair.b.broker.delivered.empty());
    pair.net.freeze_towards(pair.a, false);
    pair.net.settle();
    CHECK(pair.a.broker.passed == std::vector{ticket});
    CHECK(pair.a.broker.payloads("t") == std::vector<std::string>{"1"});
    pair.net.restart(pair.b);
    pair.b.subscribe("#", pair.net.now());
    pair.net.run(Duration::seconds(5));
    CHECK(pair.b.broker.payloads("t") == std::vector<std::string>{"2"});
}

TEST_CASE("shutting down says so to the peers, who do not take it for a failure of the network") {
    Pair pair;
    pair.net.publish(pair.b, "t", "last words");
    pair.b.cluster->shut_down(pair.net.now(), pair.b.broker, pair.b.effects);
    pair.net.settle();
    CHECK(contains(pair.a.log.back(), "Server shutting down"));
    CHECK(pair.a.broker.payloads("t") == std::vector<std::string>{"last words"});
}

TEST_CASE("a route is a connection below $SYS, under the name that mosquitto gives its bridges") {
    Pair pair;
    const std::string topic = "$SYS/broker/connection/to_b/state";
    CHECK(pair.a.broker.sys[topic] == "1");
    pair.net.set_routes(pair.a, {});
    pair.net.run(Duration::seconds(2));
    CHECK(pair.a.broker.sys[topic].empty());
    pair.net.set_routes(pair.a, {Net::route_to("nowhere", "to_b")});
    pair.net.run(Duration::seconds(2));
    CHECK(pair.a.broker.sys[topic] == "0");
}

TEST_CASE("a route that comes back elsewhere has its own status, not that of the one that drains") {
    Pair pair;
    const std::string topic = "$SYS/Coreflux/Routes/to_b/status";
    CHECK(contains(pair.a.broker.sys[topic], "\"connection\":\"Connected\""));
    pair.net.freeze_towards(pair.b, true);
    pair.net.publish(pair.a, "t", "1");  // so that it drains for a while
    pair.net.set_routes(pair.a, {});
    pair.net.run(Duration::milliseconds(200));
    pair.net.set_routes(pair.a, {Net::route_to("nowhere", "to_b")});
    pair.net.run(Duration::seconds(1));
    CHECK(contains(pair.a.broker.sys[topic], "unresolvable"));
    pair.net.run(Duration::seconds(10));
    CHECK(contains(pair.a.broker.sys[topic], "unresolvable"));
    pair.net.set_routes(pair.a, {});
    pair.net.run(Duration::seconds(2));
    CHECK(pair.a.broker.sys[topic].empty());
}
