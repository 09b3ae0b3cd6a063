// What is owed to sessions through faults: rows 7, 10, 19, 21, 22, 31, 34 and 44 of the failure
// modes, the SUBACK barrier, and isolation of route edits.
#include "tests/sim/scenario.h"

namespace lotmesh::sim {
namespace {

TEST_CASE("after SUBACK a message published anywhere arrives") {
    Scenario story(3);
    Client& subscriber = story.client("s", 0);
    Client& publisher = story.client("p", 2);
    story.world.slow_path(0, 2, milliseconds(80), milliseconds(40));
    for (int i = 0; i < 30; ++i) {
        const std::string topic = "race/" + std::to_string(i);
        subscriber.subscribe(topic, kQos1,
                             [&publisher, topic] { Scenario::publish(publisher, topic, kQos1); });
        story.world.run_for(milliseconds(37));
    }
    story.world.run_for(seconds(3));
    CHECK(story.deliveries() == 30);
    story.finish();
}

TEST_CASE("SUBACK waits for an unreachable peer no longer than a second or so") {
    Scenario story(2);
    Client& subscriber = story.client("s", 0);
    story.world.stall(0, 1, seconds(8));
    bool granted = false;
    subscriber.subscribe("t/#", kQos1, [&granted] { granted = true; });
    story.world.run_for(milliseconds(500));
    CHECK_FALSE(granted);
    story.world.run_for(milliseconds(1'000));
    CHECK(granted);
    story.world.run_for(seconds(10));
    story.finish();
}

TEST_CASE("both halves of a partition serve, and what they missed follows (row 19)") {
    Scenario story(3);
    story.subscriber("s0", 0, "t/#");
    story.subscriber("s2", 2, "t/#");
    Client& left = story.client("p0", 0);
    Client& right = story.client("p2", 2);
    story.world.partition({0}, seconds(12));
    story.world.run_for(seconds(5));
    Scenario::publish(left, "t/l", kQos1, 10);
    Scenario::publish(right, "t/r", kQos2, 10);
    story.world.run_for(seconds(1));
    CHECK(story.deliveries() == 20);
    story.world.run_for(seconds(20));
    CHECK(story.deliveries() == 40);
    story.finish();
}

TEST_CASE("what waits longer than its validity expires and is counted (row 21)") {
    Scenario story(2, Routes::BothSides, 10);
    story.subscriber("s", 1, "t/#");
    Client& publisher = story.client("p", 0);
    story.world.stall(0, 1, seconds(25));
    Scenario::publish(publisher, "t/a", kQos1, 10);
    story.world.run_for(seconds(24));
    Scenario::publish(publisher, "t/b", kQos1, 3);
    story.world.run_for(seconds(15));
    CHECK(story.deliveries() == 3);
    const std::string sync = story.world.sys(0, "sync");
    CHECK_MESSAGE(sync.find("\"validity\":10") != std::string::npos, sync);
    story.finish();
}

TEST_CASE("without a validity a message waits as long as it takes") {
    Scenario story(2, Routes::BothSides, 0);
    story.subscriber("s", 1, "t/#");
    Client& publisher = story.client("p", 0);
    story.world.stall(0, 1, seconds(900));
    Scenario::publish(publisher, "t/a", kQos1, 10);
    story.world.run_for(seconds(920));
    CHECK(story.deliveries() == 10);
    story.finish();
}

TEST_CASE("many filters arrive whole although the link breaks all the time (rows 7 and 10)") {
    Scenario story(2);
    Client& subscriber = story.client("s", 1, true);
    for (int i = 0; i < 400; ++i)
        subscriber.subscribe("many/" + std::to_string(i), kQos1);
    for (int flap = 0; flap < 15; ++flap) {
        story.world.run_for(milliseconds(70));
        story.world.cut(0, 1);
    }
    story.settle();
    story.world.run_for(seconds(10));
    Client& publisher = story.client("p", 0);
    for (int i = 0; i < 400; ++i)
        Scenario::publish(publisher, "many/" + std::to_string(i), kQos1);
    story.world.run_for(seconds(5));
    CHECK(story.deliveries() == 400);
    story.finish();
}

TEST_CASE("a persistent session gets what came while it was away") {
    Scenario story(2);
    Client& subscriber = story.subscriber("s", 1, "t/#", kQos2, true);
    Client& publisher = story.client("p", 0);
    for (int i = 0; i < 10; ++i) {
        subscriber.drop();
        Scenario::publish(publisher, "t/a", i % 2 == 0 ? kQos1 : kQos2, 5);
        story.world.run_for(seconds(1));
    }
    story.world.run_for(seconds(2));
    CHECK(story.deliveries() >= 50);
    story.finish();
}

TEST_CASE("a client that connects again takes its session over (I7)") {
    Scenario story(2);
    Client& subscriber = story.subscriber("s", 1, "t/#", kQos2, true);
    Client& publisher = story.client("p", 0);
    for (int i = 0; i < 10; ++i) {
        Scenario::publish(publisher, "t/a", kQos2, 5);
        subscriber.take_over();
        story.world.run_for(milliseconds(300));
    }
    story.settle();
    CHECK(subscriber.connects() == 11);
    story.finish();
}

TEST_CASE("retained messages reach nodes that join or come back (row 33)") {
    Scenario story(3);
    Client& publisher = story.client("p", 0);
    for (int i = 0; i < 50; ++i)
        Scenario::retain(publisher, "r/" + std::to_string(i));
    story.world.run_for(seconds(1));
    story.world.crash_node(2);
    story.world.run_for(seconds(1));
    story.world.start_node(2);
    story.finish();
}

TEST_CASE("a deletion on one side of a partition wins over the older value (row 34)") {
    Scenario story(3);
    Client& left = story.client("p0", 0);
    Client& right = story.client("p1", 1);
    for (int i = 0; i < 10; ++i)
        Scenario::retain(left, "r/" + std::to_string(i));
    story.world.run_for(seconds(10));
    story.world.partition({0}, seconds(15));
    story.world.run_for(seconds(5));
    for (int i = 0; i < 5; ++i)
        Scenario::clear(right, "r/" + std::to_string(i));
    for (int i = 5; i < 8; ++i)
        Scenario::retain(right, "r/" + std::to_string(i));
    story.world.run_for(seconds(15));
    story.finish();
}

TEST_CASE(
    "a partition of more than an hour does not bring back what was deleted meanwhile (row 34)") {
    Scenario story(2);
    Client& left = story.client("p0", 0);
    for (int i = 0; i < 10; ++i)
        Scenario::retain(left, "r/" + std::to_string(i));
    story.world.run_for(seconds(5));
    story.world.partition({0}, seconds(4'000));
    story.world.run_for(seconds(5));
    for (int i = 0; i < 5; ++i)
        Scenario::clear(left, "r/" + std::to_string(i));
    story.world.run_for(seconds(4'030));
    story.finish();
}

TEST_CASE("clocks that step by hours delay and lose nothing (row 22)") {
    Scenario story(2);
    story.subscriber("s", 1, "t/#");
    Client& publisher = story.client("p", 0);
    for (const std::int64_t hours : {3, -3, 0}) {
        story.world.set_clock_offset(0, hours * 3'600'000);
        Scenario::publish(publisher, "t/a", kQos1, 5);
        story.world.run_for(seconds(5));
    }
    CHECK(story.deliveries() == 15);
    story.finish();
}

TEST_CASE("a storm of route edits under load loses nothing (row 44)") {
    Scenario story(3);
    story.subscriber("s", 1, "t/#");
    Client& publisher = story.client("p", 0);
    for (int edit = 0; edit < 300; ++edit) {
        const auto peer = static_cast<NodeIndex>(1 + edit % 2);
        story.world.edit_validity(0, peer, static_cast<std::uint32_t>(30 + edit % 7));
        if (edit % 10 == 0) story.world.edit_address(0, peer);
        Scenario::publish(publisher, "t/a", kQos1);
        story.world.run_for(milliseconds(20));
    }
    story.world.run_for(seconds(3));
    CHECK(story.deliveries() == 300);
    CHECK(publisher.connects() == 1);
    story.finish();
}

TEST_CASE("a route removed on one side leaves the link to the other's route") {
    Scenario story(2);
    story.subscriber("s", 1, "t/#");
    Client& publisher = story.client("p", 0);
    for (const NodeIndex node : {0U, 1U}) {
        Scenario::publish(publisher, "t/a", kQos1, 5);
        story.world.remove_route(node, 1 - node);
        story.world.run_for(seconds(8));
        Scenario::publish(publisher, "t/a", kQos1, 5);
        story.world.run_for(seconds(1));
        story.world.restore_route(node, 1 - node);
        story.world.run_for(seconds(5));
    }
    CHECK(story.deliveries() == 20);
    story.finish();
}

TEST_CASE("a node that shuts down cleanly tells its clients and peers") {
    Scenario story(2);
    Client& subscriber = story.subscriber("s", 1, "t/#");
    Client& publisher = story.client("p", 0);
    Scenario::publish(publisher, "t/a", kQos1, 5);
    story.world.run_for(seconds(1));
    story.world.shut_down_node(1);
    story.world.run_for(seconds(4));
    CHECK_FALSE(subscriber.ready());
    story.world.start_node(1);
    story.finish();
}

}  // namespace
}  // namespace lotmesh::sim
