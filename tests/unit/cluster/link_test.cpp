#include <doctest/doctest.h>

#include "runtime/cluster/frame.h"
#include "runtime/cluster/peer_link.h"
#include "runtime/mqtt/decode.h"
#include "runtime/mqtt/encode.h"
#include "runtime/mqtt/framer.h"
#include "tests/unit/cluster/two_nodes.h"

using namespace lotmesh;
using namespace lotmesh::cluster;
using namespace lotmesh::cluster::testing;

namespace {

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

bool route_is(const TestNode& node, const std::string& state) {
    return contains(node.sys("nodes"), "\"state\":\"" + state + "\",\"reason\"");
}

std::size_t lines_with(const TestNode& node, const std::string& part) {
    std::size_t count = 0;
    for (const std::string& line : node.log)
        if (contains(line, part)) ++count;
    return count;
}

Bytes connack(bool ours, mqtt::ReasonCode reason = mqtt::ReasonCode::Success) {
    Bytes bytes;
    if (ours) {
        append_connack(bytes, reason);
    } else {
        mqtt::encode(mqtt::Connack{false, reason, {}}, mqtt::ProtocolVersion::V5, bytes);
    }
    return bytes;
}

// One node with a route to a host that answers with these bytes.
struct Scripted {
    Net net;
    TestNode& a = net.add("a", 1);

    explicit Scripted(Bytes answer) {
        net.script("other", std::move(answer));
        net.set_routes(a, {Net::route_to("other")});
        net.run(Duration::seconds(10));
    }
};

}  // namespace

TEST_CASE("two nodes link over one route and pass a QoS 1 message in both directions") {
    Net net;
    TestNode& a = net.add("a", 1);
    TestNode& b = net.add("b", 2);
    net.set_routes(a, {Net::route_to("b")});
    a.subscribe("to/a", net.now());
    b.subscribe("to/b", net.now());
    REQUIRE(net.run_until([&] { return linked(a) && linked(b); }, Duration::seconds(5)));

    CHECK(net.publish(a, "to/b", "1") == broker::Forwarded::Accepted);
    CHECK(net.publish(b, "to/a", "2") == broker::Forwarded::Accepted);
    CHECK(net.publish(a, "elsewhere", "3") == broker::Forwarded::Nowhere);
    net.settle();
    CHECK(b.broker.delivered == std::vector<Delivered>{{"to/b", "1", 1}});
    CHECK(a.broker.delivered == std::vector<Delivered>{{"to/a", "2", 1}});
}

TEST_CASE("a route whose name cannot be resolved says so, once, and goes on trying") {
    Net net;
    TestNode& a = net.add("a", 1);
    net.set_routes(a, {Net::route_to("nowhere")});
    net.run(Duration::seconds(60));
    CHECK(route_is(a, "unresolvable"));
    CHECK(contains(a.sys("status"), "isolated"));
    CHECK(lines_with(a, "unresolvable") == 1);
    CHECK(lines_with(a, "red after") == 1);
    CHECK(net.dials >= 15);
    CHECK(contains(a.sys("nodes"), "\"red\":true"));
}

TEST_CASE("a peer that is not there is unreachable, tried at 0.1 s first and every 4 s at last") {
    Net net;
    TestNode& a = net.add("a", 1);
    TestNode& b = net.add("b", 2);
    net.kill(b);
    net.set_routes(a, {Net::route_to("b")});
    net.run(Duration::milliseconds(350));
    CHECK(net.dials >= 3);
    net.run(Duration::seconds(20));
    CHECK(route_is(a, "unreachable"));
    const std::uint64_t before = net.dials;
    net.run(Duration::seconds(40));
    CHECK(net.dials - before >= 9);
    CHECK(net.dials - before <= 22);
}

TEST_CASE("CONNECT says KEEPALIVE_SEC") {
    ir::Link link = Net::route_to("b");
    link.keepalive_sec = 7;
    Bytes bytes;
    append_connect(bytes, link);
    const auto framed = mqtt::next_frame(bytes, 1'000);
    REQUIRE(framed.has_value());
    const auto connect = mqtt::decode_connect(framed->frame);
    REQUIRE(connect.has_value());
    CHECK(connect->keep_alive_sec == 7);
}

TEST_CASE("an acceptor notices a silence of one and a half keep alives") {
    Net net;
    TestNode& a = net.add("a", 1);
    TestNode& b = net.add("b", 2);
    ir::Link link = Net::route_to("b");
    link.keepalive_sec = 1;
    net.set_routes(a, {link});
    REQUIRE(net.run_until([&] { return linked(a) && linked(b); }));
    net.run(Duration::seconds(5));
    CHECK(lines_with(b, "is away") == 0);
    net.freeze_towards(b, true);
    net.run(Duration::milliseconds(1'600));
    CHECK(lines_with(b, "is away: nothing heard") == 1);
}

TEST_CASE("a TLS alert where CONNACK is expected means that the port speaks TLS") {
    const Scripted scripted({0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x28});
    CHECK(route_is(scripted.a, "tls_expected"));
    CHECK(lines_with(scripted.a, "tls_expected") == 1);
}

TEST_CASE("a broker that is not ours is foreign") {
    CHECK(route_is(Scripted(connack(false)).a, "foreign"));
    CHECK(route_is(Scripted({'H', 'T', 'T', 'P', '/', '1', '.', '1'}).a, "foreign"));
    CHECK(route_is(Scripted({0x20, 0x02, 0x00, 0x01}).a, "foreign"));  // MQTT 3.1.1 refuses
}

TEST_CASE("a CONNACK with an error is refused, in the words of the standard") {
    const Scripted scripted(connack(true, mqtt::ReasonCode::NotAuthorized));
    CHECK(route_is(scripted.a, "refused"));
    CHECK(contains(scripted.a.sys("nodes"), "Not authorized"));
}

TEST_CASE("a peer that has no room for the moment is tried again soon") {
    for (const auto reason : {mqtt::ReasonCode::QuotaExceeded, mqtt::ReasonCode::ServerBusy}) {
        const Scripted scripted(connack(true, reason));
        CHECK(route_is(scripted.a, "unreachable"));
        CHECK(scripted.net.dials > 3);
    }
}

TEST_CASE("a peer that accepts and then sends no HELLO is unreachable after five seconds") {
    const Scripted scripted(connack(true));
    CHECK(route_is(scripted.a, "unreachable"));
    CHECK(contains(scripted.a.sys("nodes"), "no HELLO"));
}

TEST_CASE("a peer that never answers CONNECT is unreachable after five seconds") {
    const Scripted scripted(Bytes{});
    CHECK(route_is(scripted.a, "unreachable"));
    CHECK(contains(scripted.a.sys("nodes"), "no CONNACK"));
}

TEST_CASE("a peer with another protocol is incompatible") {
    Bytes answer = connack(true);
    FrameWriter writer;
    Hello hello;
    hello.id.bytes.fill(9);
    hello.protocol_min = 2;
    hello.protocol_max = 3;
    writer.add(hello);
    append_frame(answer, writer.finish());
    const Scripted scripted(answer);
    CHECK(route_is(scripted.a, "incompatible"));
    CHECK(contains(scripted.a.sys("nodes"), "it speaks protocol 2 to 3"));
}

TEST_CASE("a peer that demands what we do not know is incompatible") {
    Bytes answer = connack(true);
    FrameWriter writer;
    Hello hello;
    hello.id.bytes.fill(9);
    hello.must_understand = 1;
    writer.add(hello);
    append_frame(answer, writer.finish());
    CHECK(route_is(Scripted(answer).a, "incompatible"));
}

TEST_CASE("a route to itself is seen by its uuid and tried seldom") {
    Net net;
    TestNode& a = net.add("a", 1);
    net.set_routes(a, {Net::route_to("a")});
    net.run(Duration::seconds(60));
    CHECK(route_is(a, "self"));
    CHECK(lines_with(a, "route to_a: self") == 1);
    CHECK(net.dials <= 5);
}

TEST_CASE("another node with our uuid is cloned, on both sides") {
    Net net;
    TestNode& a = net.add("a", 1);
    TestNode& b = net.add("b", 1);
    b.config.boot_nonce = 77;
    b.cluster = std::make_unique<Cluster>(b.config, b.limits);
    net.set_routes(a, {Net::route_to("b")});
    net.run(Duration::seconds(5));
    CHECK(route_is(a, "cloned"));
    CHECK(lines_with(b, "cloned") == 1);
}

TEST_CASE("a second node with the uuid of a linked peer is refused, the first link stays") {
    Net net;
    TestNode& a = net.add("a", 1);
    TestNode& b = net.add("b", 2);
    TestNode& c = net.add("c", 2);
    c.config.boot_nonce = 88;
    c.cluster = std::make_unique<Cluster>(c.config, c.limits);
    net.set_routes(a, {Net::route_to("b")});
    REQUIRE(net.run_until([&] { return linked(a); }));
    net.set_routes(c, {Net::route_to("a")});
    net.run(Duration::seconds(5));
    CHECK(lines_with(a, "cloned") == 1);
    CHECK(contains(a.sys("nodes"), "has the same uuid"));
    // The clone is told, shows it and does not come back all the time.
    CHECK(route_is(c, "cloned"));
    CHECK(lines_with(c, "route to_a: cloned") == 1);
    CHECK(net.dials <= 3);
    CHECK(linked(a, "degraded"));
    CHECK(linked(b));
}

TEST_CASE("a second route to one peer is an alias and no second link") {
    Net net;
    TestNode& a = net.add("a", 1);
    TestNode& b = net.add("b", 2);
    net.set_routes(a, {Net::route_to("b", "first"), Net::route_to("b", "second")});
    net.run(Duration::seconds(20));
    CHECK(route_is(a, "alias"));
    CHECK(route_is(a, "up_primary"));
    CHECK(net.open_connections() == 1);
    CHECK(contains(a.sys("nodes"), "leads there already"));
    CHECK(lines_with(b, "turned away") == 0);
    CHECK(contains(a.sys("status"), "degraded"));
    CHECK(linked(b));
}

TEST_CASE("a route that asks for TLS is dialled with it, and never in plain") {
    Net net;
    TestNode& a = net.add("a", 1);
    TestNode& b = net.add("b", 2);
    ir::Link link = Net::route_to("b");
    link.tls.enabled = true;
    link.tls.server_ca_cert_path = "/etc/ca.pem";
    net.set_routes(a, {link});
    net.run(Duration::seconds(60));
    CHECK(net.tls_dials == std::vector{broker::DialTls{.ca_path = "/etc/ca.pem"}});
    CHECK(linked(b));
    CHECK(contains(a.sys("nodes"), R"("tls":true)"));
    CHECK_FALSE(contains(a.sys("nodes"), "cleartext"));
    CHECK(lines_with(a, "can be read and changed") == 0);
}

TEST_CASE("a TLS handshake that fails says why, and is tried again") {
    Net net;
    TestNode& a = net.add("a", 1);
    net.add("b", 2);
    net.refuse_tls = "certificate refused";
    ir::Link link = Net::route_to("b");
    link.tls.enabled = true;
    net.set_routes(a, {link});
    net.run(Duration::seconds(5));
    CHECK(route_is(a, "tls_failed"));
    CHECK(lines_with(a, "tls_failed (certificate refused)") == 1);
    net.refuse_tls.clear();
    net.run(Duration::seconds(60));
    CHECK(linked(a));
}

TEST_CASE("a link without TLS to another machine is told, in words and in /nodes") {
    Net net;
    TestNode& a = net.add("a", 1);
    net.add("b", 2);
    net.set_routes(a, {Net::route_to("b")});
    net.run(Duration::seconds(5));
    CHECK(lines_with(a, "can be read and changed on its way to b:1883") == 1);
    CHECK(contains(a.sys("nodes"), R"("tls":false,"cleartext":true)"));
}

TEST_CASE("a peer that shows another certificate than before is told") {
    Net net;
    TestNode& a = net.add("a", 1);
    net.add("b", 2);
    ir::Link link = Net::route_to("b");
    link.tls.enabled = true;
    net.set_routes(a, {link});
    net.run(Duration::seconds(5));
    CHECK(contains(a.sys("nodes"), R"("certificate":"c1","certificate_changes":0)"));
    net.certificate = "c2";
    net.cut_all();
    net.run(Duration::seconds(30));
    CHECK(linked(a));
    CHECK(lines_with(a, "shows another certificate than before: now sha256 c2, then c1") == 1);
    CHECK(contains(a.sys("nodes"), R"("certificate":"c2","certificate_changes":1)"));
}

TEST_CASE("the certificate of a peer is known to the next start, and to one that met it away") {
    const std::string first(64, '1');
    const std::string second(64, '2');
    Net net;
    TestNode& a = net.add("a", 1);
    net.add("b", 2);
    ir::Link link = Net::route_to("b");
    link.tls.enabled = true;
    net.certificate = first;
    net.set_routes(a, {link});
    net.run(Duration::seconds(5));
    REQUIRE(contains(a.kept_pins, first));
    a.config.pins = CertificatePins::parse(a.kept_pins).value();
    net.kill(a);
    net.certificate = second;
    net.restart(a);
    net.set_routes(a, {link});
    REQUIRE(net.run_until([&] { return linked(a); }));
    CHECK(lines_with(a, "now sha256 " + second + ", then " + first) == 1);
    CHECK(contains(a.kept_pins, second));
    CHECK_FALSE(contains(a.kept_pins, first));
}

TEST_CASE("two peers with one CLIENT_ID are both linked, with a warning") {
    Net net;
    TestNode& a = net.add("a", 1);
    TestNode& b = net.add("b", 2);
    TestNode& c = net.add("c", 3);
    net.set_routes(b, {Net::route_to("a")});
    net.set_routes(c, {Net::route_to("a"), Net::route_to("b")});
    net.run(Duration::seconds(5));
    CHECK(linked(b));
    CHECK(linked(c));
    CHECK(lines_with(a, "is used by another peer too") == 1);
    CHECK(contains(a.sys("nodes"), "is used by another peer too"));
}

TEST_CASE("warnings go when their cause is gone: a CLIENT_ID that was changed, a clone that left") {
    Net net;
    TestNode& a = net.add("a", 1);
    TestNode& b = net.add("b", 2);
    TestNode& clone = net.add("clone", 2);
    clone.config.boot_nonce = 77;
    clone.cluster = std::make_unique<Cluster>(clone.config, clone.limits);
    TestNode& c = net.add("c", 3);
    net.set_routes(b, {Net::route_to("a")});
    net.set_routes(c, {Net::route_to("a"), Net::route_to("b")});
    net.run(Duration::seconds(5));
    REQUIRE(contains(a.sys("nodes"), "is used by another peer too"));
    ir::Link other = Net::route_to("a");
    other.client_id = "another";
    net.set_routes(c, {other, Net::route_to("b")});
    net.run(Duration::seconds(5));
    CHECK_FALSE(contains(a.sys("nodes"), "is used by another peer too"));
    CHECK(linked(a));
    net.set_routes(clone, {Net::route_to("a")});
    net.run(Duration::seconds(3));
    CHECK(linked(a, "has the same uuid"));
    CHECK(linked(a, "degraded"));
    net.run(Duration::seconds(90));
    CHECK(linked(a, "degraded"));
    net.kill(clone);
    net.run(Duration::seconds(65));
    CHECK(linked(a));
    CHECK_FALSE(contains(a.sys("nodes"), "has the same uuid"));
}

TEST_CASE("garbage from a linked peer ends the link, which comes back") {
    Net net;
    TestNode& a = net.add("a", 1);
    TestNode& b = net.add("b", 2);
    net.set_routes(a, {Net::route_to("b")});
    REQUIRE(net.run_until([&] { return linked(a); }));
    net.ends.front().incoming = {0x30, 0x05, 1, 2, 3, 4, 5};
    net.settle();
    CHECK(contains(a.sys("status") + b.sys("status"), "healthy"));
    CHECK(lines_with(a, "is away") == 1);
    CHECK(net.run_until([&] { return linked(a) && linked(b); }, Duration::seconds(5)));
}
