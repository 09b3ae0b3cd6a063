#include <doctest/doctest.h>

#include "runtime/cluster/frame.h"
#include "runtime/cluster/peer_link.h"
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
    TestNode& a;
    TestNode& b;

    explicit Pair(Limits limits = {}) : a(net.add("a", 1, limits)), b(net.add("b", 2, limits)) {
        net.set_routes(a, {Net::route_to("b")});
    }
    void link() {
        REQUIRE(net.run_until([&] { return linked(a) && linked(b); }, Duration::seconds(10)));
    }
    broker::BarrierTicket subscribe(const std::string& filter) {
        b.subscribe(filter, net.now());
        const std::string_view filters[] = {filter};
        return b.cluster->subscribe_barrier(filters, net.now());
    }
    // Links without a status in between: a restart of the pair's timing.
    void apart() {
        net.refuse_dials = true;
        net.cut_all();
        net.run(Duration::seconds(1));
    }
    void together() {
        net.refuse_dials = false;
        link();
    }
};

}  // namespace

TEST_CASE("SUBACK is a barrier: once it passes, the other node routes here") {
    Pair pair;
    pair.link();
    const auto ticket = pair.subscribe("x/+");
    REQUIRE(ticket != 0);
    CHECK(pair.net.publish(pair.a, "x/1", "too early") == broker::Forwarded::Nowhere);
    CHECK(pair.b.broker.passed.empty());
    pair.net.settle();
    CHECK(pair.b.broker.passed == std::vector{ticket});
    CHECK(pair.net.publish(pair.a, "x/1", "1") == broker::Forwarded::Accepted);
    // Already known everywhere: nothing to wait for.
    const std::string_view again[] = {"x/+"};
    CHECK(pair.b.cluster->subscribe_barrier(again, pair.net.now()) == 0);
}

TEST_CASE("a barrier does not wait behind messages that the peer asked us to hold back") {
    Pair pair;
    pair.a.subscribe("slow", pair.net.now());
    pair.link();
    pair.a.broker.paused = true;
    pair.net.run(Duration::seconds(1));
    CHECK(pair.net.publish(pair.b, "slow", "held back") == broker::Forwarded::Accepted);
    pair.net.settle();
    const auto ticket = pair.subscribe("x");
    pair.net.settle();
    CHECK(pair.a.broker.delivered.empty());
    CHECK(pair.b.broker.passed == std::vector{ticket});
    CHECK(pair.net.publish(pair.a, "x", "1") == broker::Forwarded::Accepted);
    pair.net.settle();
    CHECK(pair.b.broker.payloads("x").size() == 1);
}

TEST_CASE("a barrier waits one second for a peer that is silent, which is counted") {
    Pair pair;
    pair.link();
    pair.net.freeze(true);
    const auto ticket = pair.subscribe("x");
    pair.net.run(Duration::milliseconds(900));
    CHECK(pair.b.broker.passed.empty());
    pair.net.run(Duration::milliseconds(200));
    CHECK(pair.b.broker.passed == std::vector{ticket});
    pair.net.run(Duration::seconds(1));
    CHECK(contains(pair.b.sys("sync"), "\"barrier_late\":1"));
}

TEST_CASE("a barrier does not wait for a peer that is away") {
    Pair pair;
    CHECK(pair.subscribe("x") == 0);
    pair.link();
    pair.net.freeze(true);
    const auto ticket = pair.subscribe("y");
    REQUIRE(ticket != 0);
    pair.net.freeze(false);
    pair.net.cut_all();
    pair.net.settle();
    CHECK(pair.b.broker.passed == std::vector{ticket});
}

TEST_CASE("filters that were there before the link, and changes while it is down, arrive") {
    Pair pair;
    pair.b.subscribe("before", pair.net.now());
    pair.b.subscribe("gone", pair.net.now());
    pair.link();
    pair.apart();
    pair.b.subscribe("during", pair.net.now());
    pair.b.unsubscribe("gone", pair.net.now());
    CHECK(pair.net.publish(pair.a, "gone", "kept while away") == broker::Forwarded::Accepted);
    pair.together();
    CHECK(pair.net.publish(pair.a, "before", "1") == broker::Forwarded::Accepted);
    CHECK(pair.net.publish(pair.a, "during", "1") == broker::Forwarded::Accepted);
    CHECK(pair.net.publish(pair.a, "gone", "1") == broker::Forwarded::Nowhere);
}

TEST_CASE("too many changes while a peer is away become one snapshot") {
    Limits limits;
    limits.control_records_max = 10;
    Pair pair(limits);
    pair.b.subscribe("old", pair.net.now());
    pair.link();
    pair.apart();
    pair.b.unsubscribe("old", pair.net.now());
    for (int i = 0; i < 10; ++i)
        pair.b.subscribe("new/" + std::to_string(i), pair.net.now());
    pair.net.run(Duration::seconds(2));
    CHECK(contains(pair.b.sys("sync"), "\"lag_records\":0"));
    pair.together();
    CHECK(pair.net.publish(pair.a, "new/9", "1") == broker::Forwarded::Accepted);
    CHECK(pair.net.publish(pair.a, "old", "1") == broker::Forwarded::Nowhere);
}

TEST_CASE("as many changes as the bound allows stay records") {
    Limits limits;
    limits.control_records_max = 10;
    Pair pair(limits);
    pair.link();
    pair.apart();
    for (int i = 0; i < 10; ++i)
        pair.b.subscribe("new/" + std::to_string(i), pair.net.now());
    pair.net.run(Duration::seconds(2));
    CHECK(contains(pair.b.sys("sync"), "\"lag_records\":10"));
    pair.together();
    CHECK(pair.net.publish(pair.a, "new/9", "1") == broker::Forwarded::Accepted);
}

TEST_CASE("a lost update of interest is found by its digest and repaired by a snapshot") {
    Pair pair;
    pair.link();
    pair.net.run(Duration::seconds(2));
    // a sees a record that b never wrote, so that b's next one looks like a duplicate.
    const std::string sync = pair.b.sys("sync");
    Record forged;
    forged.type = RecordType::InterestRemove;
    forged.previous = std::stoull(sync.substr(sync.find(':') + 1));
    forged.lsn = forged.previous + 1;
    FrameWriter writer;
    writer.add(forged);
    append_frame(pair.net.ends[0].incoming, writer.finish());
    pair.net.settle();
    pair.b.subscribe("lost", pair.net.now());
    pair.net.settle();
    CHECK(pair.net.publish(pair.a, "lost", "1") == broker::Forwarded::Nowhere);
    pair.net.run(Duration::milliseconds(1'500));
    CHECK(contains(pair.a.sys("status"), "interest differs"));
    pair.net.run(Duration::seconds(3));
    CHECK(pair.net.publish(pair.a, "lost", "1") == broker::Forwarded::Accepted);
    CHECK(contains(pair.a.sys("sync"), "\"snapshot_requests\":1"));
    CHECK(linked(pair.a));
}

TEST_CASE("many requests for a snapshot are answered by one") {
    Pair pair;
    for (int i = 0; i < 100; ++i)
        pair.a.subscribe("filter/" + std::to_string(i), pair.net.now());
    pair.link();
    FrameWriter writer;
    for (int i = 0; i < 2'000; ++i)
        writer.add(SnapshotRequest{});
    for (int i = 0; i < 3; ++i)  // the answer is on its way, and not acked
        append_frame(pair.net.ends[0].incoming, writer.finish());
    pair.net.freeze_towards(pair.b, true);
    pair.net.run(Duration::milliseconds(1'100));
    CHECK(contains(pair.a.sys("sync"), "\"lag_records\":3,"));
    append_frame(pair.net.ends[0].incoming, writer.finish());
    pair.net.run(Duration::milliseconds(1'100));
    CHECK(contains(pair.a.sys("sync"), "\"lag_records\":3,"));
    pair.net.freeze_towards(pair.b, false);
    pair.net.run(Duration::milliseconds(1'100));
    CHECK(contains(pair.a.sys("sync"), "\"lag_records\":0,"));
}

TEST_CASE("one filter more than a peer may have ends the link, with the reason") {
    Limits limits;
    limits.filters_per_peer_max = 3;
    Pair pair(limits);
    for (int i = 0; i < 3; ++i)
        pair.b.subscribe("f/" + std::to_string(i), pair.net.now());
    pair.link();
    pair.b.subscribe("f/3", pair.net.now());
    pair.net.settle();
    CHECK(contains(pair.a.log.back() + pair.a.log[pair.a.log.size() - 2], "more filters"));
}

TEST_CASE("retained messages written on both sides before the link converge, deletes too") {
    Pair pair;
    pair.net.publish_retained(pair.a, "only/a", "1");
    pair.net.publish_retained(pair.b, "only/b", "2");
    pair.net.publish_retained(pair.a, "both", "older");
    pair.net.publish_retained(pair.b, "both", "newer");
    pair.net.publish_retained(pair.a, "deleted", "x");
    pair.net.publish_retained(pair.b, "deleted", "");
    pair.link();
    CHECK(pair.a.broker.same_retained(pair.b.broker));
    const auto& retained = pair.a.broker.retained;
    CHECK(as_text(retained.at("both").second->payload()) == "newer");
    CHECK_FALSE(retained.at("deleted").second);
    CHECK(retained.size() == 4);
}

TEST_CASE("a retained message goes to every peer as a record, with its version") {
    Pair pair;
    pair.link();
    CHECK(pair.net.publish_retained(pair.a, "r", "1") == broker::Forwarded::Accepted);
    pair.net.settle();
    CHECK(pair.b.broker.same_retained(pair.a.broker));
    pair.net.run(Duration::seconds(40));
    CHECK(pair.b.broker.delivered.size() == 1);
    CHECK(pair.b.broker.merged_live == 0);
}

TEST_CASE("many retained messages travel in bounded chunks") {
    Limits limits;
    limits.sync_chunk_bytes = 300;
    Pair pair(limits);
    for (int i = 0; i < 2'000; ++i)
        pair.net.publish_retained(i % 2 == 0 ? pair.a : pair.b, "r/" + std::to_string(i), "v");
    pair.link();
    CHECK(pair.a.broker.retained.size() == 2'000);
    CHECK(pair.a.broker.same_retained(pair.b.broker));
}

TEST_CASE("a synchronisation that is cut starts again and ends equal") {
    Limits limits;
    limits.sync_chunk_bytes = 200;
    Pair pair(limits);
    for (int i = 0; i < 500; ++i)
        pair.net.publish_retained(pair.a, "r/" + std::to_string(i), "v");
    for (int round = 0; round < 5; ++round) {
        pair.net.run_until(
            [&] { return pair.b.broker.retained.size() > 80 * static_cast<std::size_t>(round); });
        pair.net.cut_all();
    }
    pair.link();
    CHECK(pair.a.broker.same_retained(pair.b.broker));
}

TEST_CASE("retained messages from a clock too far ahead are refused, counted and shown") {
    Pair pair;
    pair.b.broker.refuse_merges = true;
    pair.net.publish_retained(pair.a, "r", "1");
    pair.net.run(Duration::seconds(5));
    CHECK(contains(pair.b.sys("nodes"), "their clock is too far ahead"));
    CHECK(contains(pair.b.sys("status"), "retained messages differ"));
    CHECK_FALSE(linked(pair.a));
}
