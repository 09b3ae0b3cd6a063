#include <doctest/doctest.h>

#include <algorithm>

#include "runtime/cluster/frame.h"
#include "runtime/cluster/interest.h"
#include "runtime/cluster/peer_link.h"
#include "tests/unit/cluster/two_nodes.h"

using namespace lotmesh;
using namespace lotmesh::cluster;
using namespace lotmesh::cluster::testing;

namespace {

const broker::Principal kStranger{.origin = {.remote_address = "10.0.0.9:1"}};

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

std::size_t reachable_peers(const TestNode& node) {
    const std::string sync = node.sys("sync");
    std::size_t found = 0;
    for (std::size_t at = sync.find("\"reachable\":true"); at != std::string::npos;
         at = sync.find("\"reachable\":true", at + 1))
        ++found;
    return found;
}

}  // namespace

TEST_CASE("sixty-four peers are linked, the sixty-fifth is turned away") {
    Net net;
    TestNode& hub = net.add("hub", 200);
    std::vector<TestNode*> nodes;
    for (std::size_t i = 0; i <= kPeersMax; ++i) {
        const auto id = static_cast<std::uint8_t>(i + 1);
        nodes.push_back(&net.add("n" + std::to_string(i), id));
        net.set_routes(*nodes.back(), {Net::route_to("hub")});
        net.run(Duration::milliseconds(20));
    }
    net.run(Duration::seconds(5));
    CHECK(reachable_peers(hub) == kPeersMax);
    CHECK(linked(*nodes[kPeersMax - 1], "more pairs of nodes are not linked"));
    CHECK(linked(*nodes[kPeersMax], "isolated"));
    CHECK(contains(hub.log.back(), "too many peers"));
    hub.subscribe("x", net.now());
    net.settle();
    CHECK(net.publish(*nodes[0], "x", "1") == broker::Forwarded::Accepted);
    CHECK(net.publish(*nodes[kPeersMax - 1], "x", "2") == broker::Forwarded::Accepted);
    net.settle();
    CHECK(hub.broker.delivered.size() == 2);
}

TEST_CASE("one handshake more than the bound is refused") {
    Limits limits;
    limits.handshakes_max = 1;
    Net net;
    TestNode& a = net.add("a", 1, limits);
    TestNode& b = net.add("b", 2);
    TestNode& c = net.add("c", 3);
    // One that has said CONNECT and will never say HELLO.
    mqtt::Connect connect;
    connect.client_id = "silent";
    a.cluster->peer_connected({{900, 1}, kStranger, connect, {}}, net.now(), a.effects);
    a.effects.reset();
    net.set_routes(b, {Net::route_to("a")});
    net.settle();
    CHECK(contains(a.log.back(), "Quota exceeded"));
    a.cluster->handle(broker::Closed{{900, 1}, "gone"}, net.now(), a.broker, a.effects);
    net.set_routes(c, {Net::route_to("a")});
    CHECK(net.run_until([&] { return linked(c); }, Duration::seconds(5)));
}

TEST_CASE("our own dials are no handshakes of strangers") {
    Limits limits;
    limits.handshakes_max = 1;
    Net net;
    TestNode& a = net.add("a", 1, limits);
    TestNode& b = net.add("b", 2);
    net.script("slow", {});
    net.set_routes(a, {Net::route_to("slow")});
    net.set_routes(b, {Net::route_to("a")});
    CHECK(net.run_until([&] { return linked(b); }, Duration::seconds(2)));
}

TEST_CASE("a peer may have so many links, one more is ended and the others go on") {
    Limits limits;
    limits.links_per_peer_max = 2;
    Net net;
    TestNode& a = net.add("a", 1, limits);
    TestNode& b = net.add("b", 2);
    net.set_routes(b, {Net::route_to("a")});
    net.set_routes(a, {Net::route_to("b")});
    REQUIRE(net.run_until([&] { return linked(a) && linked(b); }));
    CHECK(net.open_connections() == 2);
    ir::Link link = Net::route_to("a");
    link.client_id = "another";
    net.set_routes(b, {link});
    net.run(Duration::milliseconds(500));
    CHECK(contains(a.log.back(), "too many links"));
    CHECK(net.open_connections() == 2);
    CHECK(linked(a));
}

TEST_CASE("filters are bounded by what they take in memory, too") {
    Limits limits;
    limits.filter_bytes_per_peer_max = 3 * RemoteInterest::cost("a/1");
    Net net;
    TestNode& a = net.add("a", 1, limits);
    TestNode& b = net.add("b", 2);
    for (const char* filter : {"a/1", "a/2"})
        b.subscribe(filter, net.now());
    net.set_routes(a, {Net::route_to("b")});
    REQUIRE(net.run_until([&] { return linked(a) && linked(b); }));
    b.subscribe("a/3", net.now());
    net.settle();
    CHECK(linked(a));
    CHECK(a.log.back().find("more filters") == std::string::npos);
    b.subscribe("a/4", net.now());
    net.settle();
    CHECK(contains(a.log[a.log.size() - 1] + a.log[a.log.size() - 2], "more filters"));
}

TEST_CASE("a packet before START is small, whoever has said HELLO") {
    Limits limits;
    limits.hello_packet_bytes_max = 1'000;
    PeerLink link(LinkRole::Acceptor, {1, 1}, "10.0.0.1:1", {});
    FrameWriter writer;
    Hello hello;
    hello.id.bytes.fill(9);
    writer.add(hello);
    Bytes bytes;
    append_frame(bytes, writer.finish());
    Bytes out;
    const auto take = [&](ByteView) -> Result<void, LinkFailure> {
        link.on_hello(hello);
        return {};
    };
    CHECK(link.receive(bytes, limits, {}, out, take).has_value());
    const Bytes head = {0x30, 0xE9, 0x07};  // 1,001 bytes follow
    CHECK_FALSE(link.receive(head, limits, {}, out, take).has_value());
}

TEST_CASE("a linked peer that is too far behind our interest loses its link") {
    for (const int records : {10, 11}) {
        Limits limits;
        limits.interest_lag_max = 10;
        Net net;
        TestNode& a = net.add("a", 1, limits);
        TestNode& b = net.add("b", 2);
        net.set_routes(a, {Net::route_to("b")});
        REQUIRE(net.run_until([&] { return linked(a) && linked(b); }));
        net.freeze(true);
        for (int i = 0; i < records; ++i)
            a.subscribe("f/" + std::to_string(i), net.now());
        net.run(Duration::milliseconds(1'500));
        CHECK(contains(a.log.back(), "too far behind") == (records > 10));
    }
}

TEST_CASE("a SUBACK above the bound of waiting ones does not wait") {
    Limits limits;
    limits.barriers_max = 2;
    Net net;
    TestNode& a = net.add("a", 1);
    TestNode& b = net.add("b", 2, limits);
    net.set_routes(a, {Net::route_to("b")});
    REQUIRE(net.run_until([&] { return linked(a) && linked(b); }));
    const std::string_view filters[] = {"x"};
    b.subscribe("x", net.now());
    CHECK(b.cluster->subscribe_barrier(filters, net.now()) != 0);
    CHECK(b.cluster->subscribe_barrier(filters, net.now()) != 0);
    CHECK(b.cluster->subscribe_barrier(filters, net.now()) == 0);
    net.settle();
    CHECK(b.broker.passed.size() == 2);
}

TEST_CASE("a packet above the bound ends the link, one at the bound does not") {
    Limits small;
    small.packet_bytes_max = 4'000;
    Net net;
    TestNode& a = net.add("a", 1);
    TestNode& b = net.add("b", 2, small);
    b.subscribe("t", net.now());
    net.set_routes(a, {Net::route_to("b")});
    REQUIRE(net.run_until([&] { return linked(a) && linked(b); }));
    // PUBLISH head 3 + 11, frame head 10, entry head 5, record 16, body 11, topic 1.
    constexpr std::size_t kOverhead = 3 + 11 + 10 + 5 + 16 + 11 + 1;
    net.publish(a, "t", std::string(4'000 - kOverhead, 'x'));
    net.settle();
    CHECK(b.broker.delivered.size() == 1);
    net.publish(a, "t", std::string(4'001 - kOverhead, 'x'));
    net.settle();
    CHECK(b.broker.delivered.size() == 1);
    CHECK(contains(b.log.back(), "is away"));
}

TEST_CASE("bytes that came behind a CONNECT are taken in the same turn") {
    Net net;
    TestNode& a = net.add("a", 1);
    mqtt::Connect connect;
    connect.client_id = "eager";
    const std::uint8_t pingreq[] = {0xC0, 0x00};
    a.cluster->peer_connected({{900, 1}, kStranger, connect, pingreq}, net.now(), a.effects);
    a.cluster->end_turn(net.now(), a.broker, a.effects);
    Bytes out;
    a.effects.output({900, 1}).for_each_run(
        [&](ByteView run) { out.insert(out.end(), run.begin(), run.end()); });
    const Bytes pingresp = {0xD0, 0x00};
    CHECK(std::search(out.begin(), out.end(), pingresp.begin(), pingresp.end()) != out.end());
}
