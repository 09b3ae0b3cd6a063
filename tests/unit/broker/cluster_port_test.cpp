#include <doctest/doctest.h>

#include "tests/support/broker_rig.h"

using namespace lotmesh;
using namespace lotmesh::test;
using broker::Merged;
using broker::MessageRef;
using broker::RetainedEntry;

namespace {

struct Bench {
    MessageRef message(std::string_view payload, std::optional<Version> version = std::nullopt) {
        return MessageRef::make({.topic = "a",
                                 .forwarded_properties = {},
                                 .payload = as_bytes(payload),
                                 .qos = kQoS1,
                                 .retain = version.has_value(),
                                 .expires_at = std::nullopt,
                                 .accepted_at = rig.now.instant,
                                 .version = version});
    }
    Version version(std::int64_t offset_ms) const {
        return {HlcTime{static_cast<std::uint64_t>(rig.now.wall.ms + offset_ms) << 16},
                NodeId{{9}}};
    }
    void deliver(const MessageRef& m) {
        rig.core.deliver(m, rig.now, rig.effects);
        rig.collect();
    }
    Merged merge(const RetainedEntry& entry) {
        const Merged merged = rig.core.merge_retained(entry, rig.now, rig.effects);
        rig.collect();
        return merged;
    }
    std::string retained() {
        TestClient reader(rig, Hello{.client_id = "reader"});
        reader.subscribe("a");
        return reader.silent() ? "" : reader.expect_message();
    }

    BrokerRig rig;
    TestClient client{rig, Hello{}};
};

}  // namespace

TEST_CASE("a message from a peer goes to local subscribers and not back to the cluster") {
    Bench bench;
    bench.client.subscribe("a", kQoS1);
    bench.deliver(bench.message("x"));
    const mqtt::Publish got = bench.client.expect<mqtt::Publish>();
    CHECK(as_text(got.payload) == "x");
    CHECK(got.qos == kQoS1);
    CHECK(bench.rig.cluster.messages.empty());
    CHECK(bench.retained().empty());
}

TEST_CASE("a message with a version is also retained where it is the higher one") {
    Bench bench;
    bench.client.subscribe("a", kQoS1);
    bench.deliver(bench.message("new", bench.version(10)));
    bench.deliver(bench.message("old", bench.version(5)));
    CHECK(bench.client.expect_message() == "a=new");
    CHECK(bench.client.expect_message() == "a=old");  // it was published, so it is delivered
    CHECK(bench.retained() == "a=new");
    bench.deliver(bench.message("", bench.version(11)));
    CHECK(bench.retained().empty());
}

TEST_CASE("a version too far ahead is delivered and not retained") {
    Bench bench;
    bench.client.subscribe("a", kQoS1);
    bench.deliver(bench.message("x", bench.version(120'000)));
    CHECK(bench.client.expect_message() == "a=x");
    CHECK(bench.retained().empty());
}

TEST_CASE("our own later writes are above every version seen") {
    Bench bench;
    bench.deliver(bench.message("ahead", bench.version(30'000)));
    bench.client.publish("a", "ours", kQoS0, 0, true);
    CHECK(bench.retained() == "a=ours");
}

TEST_CASE("merging what is newer changes and is told to live subscribers") {
    Bench bench;
    bench.client.subscribe("a", kQoS1);
    const Version v = bench.version(0);
    CHECK(bench.merge({"a", v, bench.message("x", v)}) == Merged::Changed);
    CHECK(bench.client.expect_message() == "a=x");
    CHECK(bench.merge({"a", v, bench.message("x", v)}) == Merged::Known);
    CHECK(bench.client.silent());
    const Version deleted = bench.version(1);
    CHECK(bench.merge({"a", deleted, {}}) == Merged::Changed);
    CHECK(bench.client.expect_message() == "a=");
    CHECK(bench.retained().empty());
}

// Else a third node would let the newest value overtake the older ones, and bring it twice.
TEST_CASE("a merged value that its writer's own log still brings is kept and not yet told") {
    Bench bench;
    bench.client.subscribe("a", kQoS1);
    const Version v = bench.version(0);
    RetainedEntry entry{"a", v, bench.message("x", v)};
    entry.follows_in_log = true;
    CHECK(bench.merge(entry) == Merged::Changed);
    CHECK(bench.client.silent());
    CHECK(bench.retained() == "a=x");
    bench.deliver(bench.message("x", v));
    CHECK(bench.client.expect_message() == "a=x");
    CHECK(bench.client.silent());
}

TEST_CASE("merging a deletion of what was never here is told to nobody") {
    Bench bench;
    bench.client.subscribe("a", kQoS1);
    CHECK(bench.merge({"a", bench.version(0), {}}) == Merged::Changed);
    CHECK(bench.client.silent());
    CHECK(bench.merge({"a", bench.version(-5), bench.message("old", bench.version(-5))}) ==
          Merged::Known);
    CHECK(bench.client.silent());
    CHECK(bench.retained().empty());
}

TEST_CASE("merging refuses a clock too far ahead") {
    Bench bench;
    const Version v = bench.version(61'000);
    CHECK(bench.merge({"a", v, bench.message("x", v)}) == Merged::Refused);
    CHECK(bench.retained().empty());
}

TEST_CASE("two brokers that exchange what differs have equal digests") {
    Bench one;
    Bench two;
    one.client.publish("a", "1", kQoS0, 0, true);
    two.client.publish("b", "2", kQoS0, 0, true);
    two.client.publish("b", "", kQoS0, 0, true);
    const auto copy = [](Bench& from, Bench& to) {
        for (std::size_t bucket = 0; bucket < broker::kRetainedBuckets; ++bucket) {
            std::vector<RetainedEntry> entries;
            from.rig.core.for_each_retained(
                bucket, [&](const RetainedEntry& entry) { entries.push_back(entry); });
            for (const RetainedEntry& entry : entries)
                CHECK(to.merge(entry) != Merged::Refused);
        }
    };
    copy(one, two);
    copy(two, one);
    const auto a = one.rig.core.retained_digests();
    const auto b = two.rig.core.retained_digests();
    CHECK(std::ranges::equal(a, b));
    CHECK(two.retained() == "a=1");
}

TEST_CASE("No Local does not concern messages from peers") {
    Bench bench;
    bench.client.subscribe("a", mqtt::SubscriptionOptions{.qos = kQoS1, .no_local = true});
    bench.deliver(bench.message("x"));
    CHECK(bench.client.expect_message() == "a=x");
}
