#include "runtime/cluster/retained_sync.h"

#include <doctest/doctest.h>

#include "tests/unit/cluster/two_nodes.h"

using namespace lotmesh;
using namespace lotmesh::cluster;
using namespace lotmesh::cluster::testing;

namespace {

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

// Linked, with 50 ms one way; a retained message each 20 ms, so that one is always on its way.
struct Busy {
    Net net;
    TestNode& a = net.add("a", 1);
    TestNode& b = net.add("b", 2);
    int published = 0;

    Busy() { net.latency = Duration::milliseconds(50); }
    void traffic(TestNode& from, Duration duration) {
        for (std::int64_t ms = 0; ms < duration.ms(); ms += 20) {
            net.publish_retained(from, "busy/" + std::to_string(published++ % 300), "v");
            net.run(Duration::milliseconds(20));
        }
    }
    void write_apart(TestNode& on, int topics) {
        for (int i = 0; i < topics; ++i)
            net.publish_retained(on, "apart/" + on.host + std::to_string(i), "v");
    }
    // How many of the topics that `one` holds the other one does not have.
    static std::size_t lacking(const TestNode& one, const TestNode& other) {
        std::size_t count = 0;
        for (const auto& [topic, value] : one.broker.retained)
            if (!other.broker.retained.contains(topic)) ++count;
        return count;
    }
};

}  // namespace

TEST_CASE("what was written apart arrives while retained messages never pause, and it shows") {
    Busy busy;
    busy.write_apart(busy.a, 300);
    busy.write_apart(busy.b, 300);
    busy.net.set_routes(busy.a, {Net::route_to("b")});
    busy.traffic(busy.a, Duration::seconds(15));
    // No more than what is on its way.
    CHECK(Busy::lacking(busy.a, busy.b) <= 5);
    CHECK(Busy::lacking(busy.b, busy.a) == 0);
    CHECK(linked(busy.a));
    CHECK(linked(busy.b));
    CHECK(busy.b.broker.payloads("busy/7").size() >= 2);
}

TEST_CASE("the status stays healthy under retained messages that never pause") {
    Busy busy;
    busy.net.set_routes(busy.b, {Net::route_to("a")});
    REQUIRE(busy.net.run_until([&] { return linked(busy.a) && linked(busy.b); }));
    for (int i = 0; i < 70; ++i) {
        busy.traffic(i % 2 == 0 ? busy.a : busy.b, Duration::seconds(1));
        REQUIRE(linked(busy.a));
        REQUIRE(linked(busy.b));
    }
    busy.net.run(Duration::seconds(1));
    CHECK(busy.a.broker.same_retained(busy.b.broker));
    CHECK(busy.a.broker.delivered.size() + busy.b.broker.delivered.size() ==
          static_cast<std::size_t>(busy.published));
}

TEST_CASE("a difference that stays is seen under retained messages that never pause") {
    Busy busy;
    busy.write_apart(busy.a, 1);
    busy.b.broker.refuse_merges = true;
    busy.net.set_routes(busy.a, {Net::route_to("b")});
    busy.traffic(busy.a, Duration::seconds(15));
    CHECK(contains(busy.a.sys("status"), "retained messages differ"));
    CHECK(contains(busy.b.sys("status"), "retained messages differ"));
}

TEST_CASE("a chunk that is never answered ends its round after one interval") {
    const Limits limits;
    FakeBroker broker;
    broker::Effects effects;
    const std::string topic = "t";
    const auto message = broker::MessageRef::make(
        {.topic = topic, .payload = as_bytes("v"), .retain = true, .version = Version{{1}, {}}});
    broker.merge_retained({topic, {{1}, {}}, message}, {}, effects);
    Limits small = limits;
    small.sync_chunk_bytes = 1;
    const Bytes other(broker::kRetainedBuckets * 8, 9);
    RetainedSync sync;
    NodeId peer;
    peer.bytes.fill(1);
    const auto answer_at = [&](Instant now) {
        FrameWriter out;
        sync.on_digests({false, other}, true, broker, now);
        sync.produce({}, broker, now, small, out);
        const auto reader = FrameReader::open(out.finish());
        auto first = *reader;
        return std::get<RetainedAnswer>(**first.next()).verdict;
    };
    sync.link_up(peer, {}, {});
    CHECK(answer_at({}) == RetainedVerdict::Differs);
    REQUIRE(sync.next_deadline(small).has_value());
    CHECK(*sync.next_deadline(small) == Instant{} + small.sync_interval);
    CHECK(answer_at({1'000}) == RetainedVerdict::Busy);
    FrameWriter out;
    sync.produce({}, broker, Instant{} + small.sync_interval, small, out);
    CHECK(sync.digests_equal() == false);
    CHECK(answer_at(Instant{} + small.sync_interval) == RetainedVerdict::Differs);
}

TEST_CASE(
    "tombstones are kept while a wanted node is away or not compared with, and a while longer") {
    Net net;
    TestNode& a = net.add("a", 1);
    TestNode& b = net.add("b", 2);
    const auto keeps = [&](TestNode& node) { return node.cluster->keeps_tombstones(net.now()); };
    CHECK_FALSE(keeps(a));
    net.refuse_dials = true;
    net.set_routes(a, {Net::route_to("b")});
    net.run(Duration::seconds(1));
    CHECK(keeps(a));
    net.refuse_dials = false;
    REQUIRE(net.run_until([&] { return linked(a) && linked(b); }));
    CHECK(contains(a.sys("sync"), "\"tombstones\":{\"count\":12,\"collected_early\":3}"));
    net.run(Duration::seconds(50));
    CHECK(keeps(a));
    net.run(Duration::seconds(15));
    CHECK_FALSE(keeps(a));
    net.kill(b);
    net.run(Duration::seconds(5'000));
    CHECK(keeps(a));
    net.set_routes(a, {});
    CHECK(keeps(a));
    net.run(Duration::seconds(70));
    CHECK_FALSE(keeps(a));
}
