// A peer that was let in and is an attacker: it speaks for itself only.
#include <doctest/doctest.h>

#include <algorithm>

#include "base/rng.h"

#include "runtime/cluster/frame.h"
#include "runtime/cluster/peer_link.h"
#include "tests/unit/cluster/two_nodes.h"

using namespace lotmesh;
using namespace lotmesh::cluster;
using namespace lotmesh::cluster::testing;

namespace {

constexpr std::uint8_t kPeerId = 2;
constexpr std::uint8_t kOtherId = 9;

NodeId id_of(std::uint8_t byte) {
    NodeId id;
    id.bytes.fill(byte);
    return id;
}

struct Pair {
    Net net;
    TestNode& a = net.add("a", 1);
    TestNode& b = net.add("b", kPeerId);

    Pair() {
        net.set_routes(a, {Net::route_to("b")});
        REQUIRE(net.run_until([&] { return linked(a) && linked(b); }));
    }
    // As if b had written it. True: a is still linked with it.
    template <typename Entry>
    bool forge(const Entry& entry) {
        FrameWriter writer;
        writer.add(entry);
        append_frame(net.ends[0].incoming, writer.finish());
        net.settle();
        return linked(a, "\"status\":\"healthy\"") &&
               a.log.back().find("away") == std::string::npos;
    }
};

MessageBody body(std::string_view topic, std::optional<std::uint8_t> writer = std::nullopt) {
    MessageBody message;
    message.topic = topic;
    message.payload = as_bytes("forged");
    if (writer) {
        message.retain = true;
        message.version = Version{HlcTime{std::uint64_t{1'700'000'000'000} << 16}, id_of(*writer)};
    }
    return message;
}

}  // namespace

TEST_CASE("S35 a record of a peer's log is that peer's own, else the link ends") {
    for (const std::uint8_t writer : {std::uint8_t{1}, kOtherId}) {
        Pair pair;
        Record record;
        record.lsn = 1000;
        record.message = body("a", writer);
        CHECK_FALSE(pair.forge(record));
        CHECK(pair.a.broker.delivered.empty());
        CHECK(pair.a.broker.retained.empty());
    }
    Pair pair;
    Record record;
    record.lsn = 1000;  // of the future: a gap, asked for again
    record.message = body("a", kPeerId);
    CHECK(pair.forge(record));
}

TEST_CASE("S35 nor is a message of QoS 0 another node's") {
    Pair pair;
    CHECK_FALSE(pair.forge(BestEffort{.sequence = 1000, .message = body("a", kOtherId)}));
    CHECK(pair.a.broker.delivered.empty());
    Pair honest;
    CHECK(honest.forge(BestEffort{.sequence = 1000, .message = body("a")}));
    CHECK(honest.a.broker.delivered.size() == 1);
}

TEST_CASE("S35 a peer says nothing below $: not in its log, not of QoS 0, not as retained") {
    for (const char* topic : {"$SYS/broker/version", "$cluster", "$SYS/Coreflux/Command"}) {
        Pair pair;
        Record record;
        record.lsn = 1000;
        record.message = body(topic);
        CHECK_FALSE(pair.forge(record));
        Pair lossy;
        CHECK_FALSE(lossy.forge(BestEffort{.sequence = 1000, .message = body(topic)}));
        Pair retained;
        RetainedItem item;
        item.message = body(topic, kPeerId);
        item.version = *item.message.version;
        item.has_message = true;
        CHECK_FALSE(retained.forge(item));
        for (const Pair* each : {&pair, &lossy, &retained}) {
            CHECK(each->a.broker.delivered.empty());
            CHECK(each->a.broker.retained.empty());
        }
    }
}

TEST_CASE("S35 the uuid of a peer is not for another user, also as its newer incarnation") {
    Net net;
    TestNode& a = net.add("a", 1);
    TestNode& b = net.add("b", kPeerId);
    TestNode& thief = net.add("thief", kPeerId);
    thief.config.incarnation = 100;
    thief.cluster = std::make_unique<Cluster>(thief.config, thief.limits);
    const auto route_as = [](const char* user) {
        ir::Link link = Net::route_to("a");
        link.username = user;
        return link;
    };
    net.set_routes(b, {route_as("b")});
    REQUIRE(net.run_until([&] { return linked(a) && linked(b); }));
    net.set_routes(thief, {route_as("thief")});
    net.run(Duration::seconds(5));
    CHECK(linked(b));
    CHECK(thief.sys("nodes").find("\"state\":\"refused\"") != std::string::npos);
    // Nor while its owner is away; who comes back as before is taken.
    net.kill(b);
    net.run(Duration::seconds(40));
    CHECK_FALSE(linked(thief));
    net.restart(b);
    net.set_routes(b, {route_as("b")});
    CHECK(net.run_until([&] { return linked(b); }));
}

TEST_CASE("S34 a peer that may not be one any more loses its link, and another one does not") {
    Net net;
    TestNode& a = net.add("a", 1);
    TestNode& b = net.add("b", 2);
    TestNode& c = net.add("c", 3);
    const auto route_as = [](const char* user) {
        ir::Link link = Net::route_to("a");
        link.username = user;
        return link;
    };
    const auto is_up = [](const TestNode& node) {
        return node.sys("nodes").find("\"state\":\"up_primary\"") != std::string::npos;
    };
    net.set_routes(b, {route_as("b")});
    net.set_routes(c, {route_as("c")});
    REQUIRE(net.run_until([&] { return is_up(b) && is_up(c); }));
    const auto is_c = [](const broker::Principal& principal) { return principal.user_name == "c"; };
    CHECK(a.cluster->end_unwelcome_peers(is_c, net.now(), a.effects) == 1);
    net.settle();
    const auto lines = [&a](const std::string& part) {
        return std::ranges::count_if(
            a.log, [&](const std::string& line) { return line.find(part) != std::string::npos; });
    };
    CHECK(lines("refused (it may not be a peer any more)") == 1);
    CHECK(lines("peer node-b (" + b.config.id.text() + ") is away") == 1);
    CHECK(lines("peer node-c (" + c.config.id.text() + ") is away") == 0);
    CHECK(is_up(c));
}

TEST_CASE("the link of a peer ends with what showed who it is") {
    Net net;
    TestNode& a = net.add("a", 1);
    TestNode& b = net.add("b", 2);
    a.proof_ends_at = net.now().instant + Duration::seconds(30);
    net.set_routes(b, {Net::route_to("a")});
    REQUIRE(net.run_until([&] { return linked(b); }));
    net.run(Duration::seconds(25));
    CHECK(linked(b));
    CHECK(net.run_until([&] { return !linked(b); }));
    CHECK(net.now().instant >= *a.proof_ends_at);
}

TEST_CASE("what this node dialled itself is not ended by the policy") {
    Net net;
    TestNode& a = net.add("a", 1);
    net.add("b", 2);
    net.set_routes(a, {Net::route_to("b")});
    REQUIRE(net.run_until([&] { return linked(a); }));
    const auto nobody = [](const broker::Principal&) { return false; };
    CHECK(a.cluster->end_unwelcome_peers(nobody, net.now(), a.effects) == 0);
    CHECK(linked(a));
}

TEST_CASE(
    "S20: whatever a broker answers that a route leads to, the node goes on and tries again") {
    Rng rng(20);
    for (int round = 0; round < 200; ++round) {
        CAPTURE(round);
        Net net;
        TestNode& a = net.add("a", 1);
        Bytes answer;
        // Often a CONNACK first, so that what follows is looked at.
        if (rng.below(2) == 0) append_connack(answer, mqtt::ReasonCode::Success);
        const std::size_t size = rng.below(300);
        for (std::size_t i = 0; i < size; ++i)
            answer.push_back(static_cast<std::uint8_t>(rng.below(256)));
        net.script("evil", answer);
        net.set_routes(a, {Net::route_to("evil")});
        net.run(Duration::seconds(40));
        CHECK_FALSE(linked(a));
        CHECK(net.dials > 1);
    }
}
