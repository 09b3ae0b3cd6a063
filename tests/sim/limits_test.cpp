// Small limits: pauses of sources and peers, full spools, snapshots instead of records.
#include "tests/sim/scenario.h"

namespace lotmesh::sim {
namespace {

Scenario limited(const NodeLimits& limits) {
    return Scenario(WorldConfig{.seed = 11, .nodes = 2, .limits = limits});
}

TEST_CASE("a slow subscriber makes the other node hold back, and gets everything in the end") {
    NodeLimits limits;
    limits.broker.queue.messages_high = 4;
    limits.broker.inflight_max = 3;
    Scenario story = limited(limits);
    Client& subscriber = story.subscriber("s", 1, "t/#");
    Client& publisher = story.client("p", 0);
    story.world.slow_client(subscriber, seconds(8), milliseconds(100));
    Scenario::publish(publisher, "t/a", kQos1, 200);
    bool held_back = false;
    for (int i = 0; i < 80; ++i) {
        story.world.run_for(milliseconds(100));
        held_back |= story.world.sys(0, "sync").find("\"paused\":true") != std::string::npos;
    }
    CHECK(held_back);
    story.world.run_for(seconds(10));
    CHECK(story.deliveries() == 200);
    story.finish();
}

TEST_CASE("a subscriber that stops to acknowledge holds nobody up for ever") {
    NodeLimits limits;
    limits.broker.queue.messages_high = 4;
    limits.broker.inflight_max = 3;
    limits.broker.stall_after = seconds(2);
    Scenario story = limited(limits);
    Client& stalled = story.subscriber("stalled", 1, "t/#");
    story.subscriber("lively", 1, "t/#");
    Client& publisher = story.client("p", 0);
    story.world.slow_client(stalled, seconds(20), seconds(20));
    Scenario::publish(publisher, "t/a", kQos1, 100);
    story.world.run_for(seconds(8));
    CHECK(story.deliveries() == 103);
    story.world.run_for(seconds(15));
    CHECK(story.deliveries() == 200);
    story.finish();
}

TEST_CASE("a full spool refuses, and brings all that it took") {
    NodeLimits limits;
    limits.cluster.spool_bytes_max = 20'000;
    Scenario story = limited(limits);
    story.subscriber("s", 1, "t/#");
    Client& publisher = story.client("p", 0);
    story.world.stall(0, 1, seconds(10));
    story.world.run_for(seconds(5));
    Scenario::publish(publisher, "t/a", kQos1, 300);
    story.world.run_for(seconds(20));
    CHECK(story.deliveries() > 10);
    CHECK(story.deliveries() < 300);
    story.finish();
}

TEST_CASE("more changes of interest than an absent peer's view may hold become a snapshot") {
    NodeLimits limits;
    limits.cluster.control_records_max = 3;
    Scenario story = limited(limits);
    Client& subscriber = story.client("s", 1);
    Client& publisher = story.client("p", 0);
    story.world.stall(0, 1, seconds(10));
    story.world.run_for(seconds(5));
    for (int i = 0; i < 20; ++i)
        subscriber.subscribe("many/" + std::to_string(i), kQos1);
    story.world.run_for(seconds(20));
    for (int i = 0; i < 20; ++i)
        Scenario::publish(publisher, "many/" + std::to_string(i), kQos1);
    story.world.run_for(seconds(3));
    CHECK(story.deliveries() == 20);
    story.finish();
}

}  // namespace
}  // namespace lotmesh::sim
