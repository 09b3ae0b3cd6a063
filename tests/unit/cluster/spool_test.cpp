#include <doctest/doctest.h>

#include "runtime/cluster/view.h"
#include "tests/unit/cluster/two_nodes.h"

using namespace lotmesh;
using namespace lotmesh::cluster;
using namespace lotmesh::cluster::testing;

namespace {

using broker::Forwarded;

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

// a has a route to b with MESSAGE_VALIDITY_SEC 30; b wants everything.
struct Pair {
    Net net;
    TestNode& a;
    TestNode& b;

    explicit Pair(Limits limits = {}) : a(net.add("a", 1, limits)), b(net.add("b", 2, limits)) {
        b.subscribe("#", net.now());
        net.set_routes(a, {Net::route_to("b")});
        REQUIRE(net.run_until([&] { return linked(a) && linked(b); }, Duration::seconds(10)));
    }
    void apart() {
        net.refuse_dials = true;
        net.cut_all();
        net.run(Duration::seconds(1));
    }
    void together() {
        net.refuse_dials = false;
        REQUIRE(net.run_until([&] { return linked(a) && linked(b); }, Duration::seconds(10)));
    }
    void congest(bool congested) {
        const auto conn = net.ends[0].conn;
        broker::Event event = broker::Congested{conn};
        if (!congested) event = broker::Writable{conn};
        a.cluster->handle(event, net.now(), a.broker, a.effects);
    }
};

}  // namespace

TEST_CASE("what waits for an away peer arrives within its validity and expires after it") {
    Pair pair;
    pair.apart();
    pair.net.publish(pair.a, "t", "old");
    pair.net.run(Duration::seconds(20));
    pair.net.publish(pair.a, "t", "young");
    pair.net.run(Duration::seconds(15));
    CHECK(contains(pair.a.sys("sync"), "\"expired\":{\"validity\":1,"));
    pair.together();
    CHECK(pair.b.broker.payloads("t") == std::vector<std::string>{"young"});
    pair.net.run(Duration::seconds(2));
    CHECK(contains(pair.b.sys("sync"), "\"expired_for_us\":1"));
}

TEST_CASE("the side without a route goes by the validity that the other one announced") {
    Pair pair;
    pair.a.subscribe("#", pair.net.now());
    pair.net.run(Duration::seconds(2));
    pair.apart();
    pair.net.publish(pair.b, "t", "1");
    pair.net.run(Duration::seconds(28));
    CHECK(contains(pair.b.sys("sync"), "\"expired\":{\"validity\":0,"));
    pair.net.run(Duration::seconds(4));
    CHECK(contains(pair.b.sys("sync"), "\"expired\":{\"validity\":1,"));
}

TEST_CASE("a retuned validity holds at once, also for what is waiting") {
    Pair pair;
    pair.apart();
    pair.net.publish(pair.a, "t", "1");
    ir::Link link = Net::route_to("b");
    link.message_validity_sec = 0;
    pair.net.set_routes(pair.a, {link});
    pair.net.run(Duration::seconds(3'000));
    pair.together();
    CHECK(pair.b.broker.payloads("t") == std::vector<std::string>{"1"});
}

TEST_CASE("an away peer's spool is full at its bound: refused, and nothing of it is kept") {
    Limits limits;
    Pair probe;
    broker::MessageParts parts;
    parts.topic = "t";
    parts.payload = as_bytes("0123456789");
    parts.qos = mqtt::QoS::AtLeastOnce;
    limits.spool_bytes_max = 10 * View::cost(broker::MessageRef::make(parts));
    Pair pair(limits);
    pair.apart();
    for (int i = 0; i < 10; ++i)
        CHECK(pair.net.publish(pair.a, "t", "0123456789") == Forwarded::Accepted);
    CHECK(pair.net.publish(pair.a, "t", "0123456789") == Forwarded::QuotaFull);
    pair.together();
    CHECK(pair.b.broker.payloads("t").size() == 10);
    CHECK(pair.net.publish(pair.a, "t", "0123456789") == Forwarded::Accepted);
}

TEST_CASE("a full spool of a peer that does not want the topic leaves a retained record out") {
    Limits limits;
    limits.spool_bytes_max = 2'000;
    Pair pair(limits);
    pair.b.unsubscribe("#", pair.net.now());
    pair.b.subscribe("t", pair.net.now());
    pair.net.settle();
    pair.apart();
    while (pair.net.publish(pair.a, "t", "0123456789") == Forwarded::Accepted)
        continue;
    pair.net.publish_retained(pair.a, "r", "value");
    pair.net.run(Duration::seconds(1));
    CHECK(contains(pair.a.sys("sync"), "\"spool\":1}"));
    pair.together();
    CHECK(pair.b.broker.same_retained(pair.a.broker));
}

TEST_CASE("a congested link sends heartbeats only, and pauses the sources above high") {
    Limits limits;
    limits.view_bytes_high = 2'000;
    Pair pair(limits);
    pair.congest(true);
    const int resumed = pair.a.broker.resumed;
    CHECK_FALSE(pair.a.cluster->sources_should_pause());
    for (int i = 0; i < 30; ++i)
        pair.net.publish(pair.a, "t", std::to_string(i));
    CHECK(pair.a.cluster->sources_should_pause());
    pair.net.run(Duration::seconds(10));
    CHECK(pair.b.broker.delivered.empty());
    CHECK(contains(pair.a.sys("status"), "lags"));
    CHECK(pair.a.broker.resumed == resumed);
    pair.congest(false);
    pair.net.settle();
    CHECK(pair.b.broker.delivered.size() == 30);
    CHECK(pair.a.broker.resumed == resumed + 1);
    CHECK_FALSE(pair.a.cluster->sources_should_pause());
}

TEST_CASE("QoS 0 on a congested link is bounded, the oldest is dropped and counted") {
    Limits limits;
    limits.best_effort_bytes_max = 1'000;
    Pair pair(limits);
    pair.congest(true);
    for (int i = 0; i < 100; ++i)
        pair.net.publish(pair.a, "t", std::to_string(i), 0);
    pair.congest(false);
    pair.net.settle();
    const auto payloads = pair.b.broker.payloads("t");
    REQUIRE_FALSE(payloads.empty());
    CHECK(payloads.size() < 20);
    CHECK(payloads.back() == "99");
    pair.net.run(Duration::seconds(2));
    CHECK(contains(pair.a.sys("sync"),
                   "\"dropped_overflow\":" + std::to_string(100 - payloads.size())));
}

TEST_CASE("OVERLOAD_CAPACITY bounds how many QoS 0 messages wait, and is changed in place") {
    Pair pair;
    ir::Link link = Net::route_to("b");
    for (const std::uint32_t capacity : {3U, 5U}) {
        pair.b.broker.delivered.clear();
        link.overload.capacity = capacity;
        pair.net.set_routes(pair.a, {link});
        pair.congest(true);
        for (int i = 0; i < 6; ++i)
            pair.net.publish(pair.a, "t", std::to_string(i), 0);
        pair.congest(false);
        pair.net.settle();
        CHECK(pair.b.broker.payloads("t").size() == capacity);
        CHECK(pair.b.broker.payloads("t").back() == "5");
    }
    pair.b.broker.delivered.clear();
    pair.congest(true);
    for (int i = 0; i < 5; ++i)
        pair.net.publish(pair.a, "t", std::to_string(i), 0);
    pair.congest(false);
    pair.net.settle();
    CHECK(pair.b.broker.payloads("t").size() == 5);
    CHECK(pair.net.dials == 1);
}

TEST_CASE("OVERLOAD_POLICY lossless: QoS 0 waits as QoS 1 does, also for a peer that is away") {
    Limits limits;
    limits.best_effort_bytes_max = 1'000;
    Pair pair(limits);
    ir::Link link = Net::route_to("b");
    link.overload.policy = ir::OverloadPolicy::Lossless;
    link.overload.capacity = 1;  // means nothing then
    pair.net.set_routes(pair.a, {link});
    pair.congest(true);
    for (int i = 0; i < 100; ++i)
        CHECK(pair.net.publish(pair.a, "t", std::to_string(i), 0) == Forwarded::Accepted);
    pair.congest(false);
    pair.net.settle();
    CHECK(pair.b.broker.payloads("t").size() == 100);
    CHECK(pair.b.broker.delivered.back() == Delivered{"t", "99", 0});
    pair.apart();
    CHECK(pair.net.publish(pair.a, "t", "away", 0) == Forwarded::Accepted);
    pair.together();
    CHECK(pair.b.broker.payloads("t").back() == "away");
    link.overload.policy = ir::OverloadPolicy::Balanced;
    pair.net.set_routes(pair.a, {link});
    pair.apart();
    CHECK(pair.net.publish(pair.a, "t", "away", 0) == Forwarded::Nowhere);
}

TEST_CASE("a window of un-acked bytes is never exceeded, and all arrives in order") {
    Limits limits;
    limits.window_bytes_max = 1'000;
    limits.frame_bytes_max = 500;
    Pair pair(limits);
    std::vector<std::string> expected;
    for (int i = 0; i < 300; ++i) {
        expected.push_back(std::to_string(i) + std::string(50, 'x'));
        pair.net.publish(pair.a, "t", expected.back());
    }
    pair.a.cluster->end_turn(pair.net.now(), pair.a.broker, pair.a.effects);
    CHECK(pair.a.effects.pending_bytes(pair.net.ends[0].conn) < 2'500);
    pair.net.settle();
    CHECK(pair.b.broker.payloads("t") == expected);
}

TEST_CASE("a peer whose subscribers are slow holds back our records until it has room") {
    Pair pair;
    pair.b.broker.paused = true;
    pair.net.run(Duration::seconds(1));
    pair.net.publish(pair.a, "t", "1");
    pair.net.run(Duration::seconds(2));
    CHECK(pair.b.broker.delivered.empty());
    CHECK(contains(pair.a.sys("sync"), "\"paused\":true"));
    pair.b.broker.paused = false;
    pair.net.run(Duration::seconds(1));
    CHECK(pair.b.broker.delivered.size() == 1);
}

TEST_CASE("a peer that never stops asking is not obeyed for ever") {
    Limits limits;
    limits.view_bytes_high = 2'000;
    Pair pair(limits);
    pair.b.broker.paused = true;
    pair.net.run(Duration::seconds(1));
    for (int i = 0; i < 30; ++i)
        pair.net.publish(pair.a, "t", std::to_string(i));
    CHECK(pair.a.cluster->sources_should_pause());
    pair.net.run(limits.pause_max - Duration::seconds(2));
    CHECK(pair.b.broker.delivered.empty());
    pair.net.run(Duration::seconds(3));
    CHECK(pair.b.broker.delivered.size() == 30);
    CHECK_FALSE(pair.a.cluster->sources_should_pause());
    pair.b.broker.paused = false;
    pair.net.run(Duration::seconds(1));
    pair.b.broker.paused = true;  // asked anew
    pair.net.run(Duration::seconds(1));
    pair.net.publish(pair.a, "t", "again");
    pair.net.run(Duration::seconds(2));
    CHECK(pair.b.broker.delivered.size() == 30);
}

TEST_CASE("a message above the largest packet is refused") {
    Limits limits;
    limits.message_bytes_max = 1'000;
    Pair pair(limits);
    CHECK(pair.net.publish(pair.a, "t", std::string(2'000, 'x')) == Forwarded::QuotaFull);
    CHECK(pair.net.publish(pair.a, "t", std::string(700, 'x')) == Forwarded::Accepted);
}

TEST_CASE("a message's own expiry travels as remaining time") {
    Pair pair;
    pair.apart();
    broker::MessageParts parts;
    parts.topic = "t";
    parts.qos = mqtt::QoS::AtLeastOnce;
    parts.accepted_at = pair.net.now().instant;
    parts.expires_at = pair.net.now().instant + Duration::seconds(20);
    pair.a.cluster->forward(broker::MessageRef::make(parts), pair.net.now());
    parts.expires_at = pair.net.now().instant + Duration::seconds(2);
    pair.a.cluster->forward(broker::MessageRef::make(parts), pair.net.now());
    const Instant expiry = pair.net.now().instant + Duration::seconds(20);
    pair.net.run(Duration::seconds(10));
    pair.together();
    REQUIRE(pair.b.broker.messages.size() == 1);
    const auto expires_at = pair.b.broker.messages.front()->expires_at();
    REQUIRE(expires_at.has_value());
    CHECK((*expires_at - expiry).ms() == 0);
    CHECK((pair.net.now().instant - pair.b.broker.messages.front()->accepted_at()).ms() >= 10'000);
}
