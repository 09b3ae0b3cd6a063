// Links between nodes: rows 1, 2, 5, 11, 12, 13, 16 and 18 of the failure modes in the cluster
// design.
#include "tests/sim/scenario.h"

namespace lotmesh::sim {
namespace {

TEST_CASE("a message reaches subscribers on every node, at each QoS") {
    Scenario story(3);
    for (NodeIndex node = 0; node < 3; ++node)
        story.subscriber("s" + std::to_string(node), node, "t/#");
    Client& publisher = story.client("p", 0);
    for (const mqtt::QoS qos : {kQos0, kQos1, kQos2})
        Scenario::publish(publisher, "t/a", qos, 10);
    story.world.run_for(seconds(1));
    CHECK(story.deliveries() == 90);
    story.finish();
}

TEST_CASE("a route on one side only is a full link (row 11)") {
    Scenario story(2, Routes::OneSide);
    story.subscriber("s0", 0, "t/#");
    story.subscriber("s1", 1, "t/#");
    Scenario::publish(story.client("p0", 0), "t/a", kQos1, 5);
    Scenario::publish(story.client("p1", 1), "t/b", kQos1, 5);
    story.world.run_for(seconds(1));
    CHECK(story.deliveries() == 20);
    story.finish();
}

TEST_CASE("where both sides dial, the links come to rest and stay (row 12)") {
    Scenario story(2, Routes::BothSides);
    story.world.run_for(seconds(5));
    const std::size_t links = story.world.oracle().links_made(0, 1);
    CHECK(links <= 2);
    story.world.run_for(seconds(120));
    CHECK(story.world.oracle().links_made(0, 1) == links);
    story.finish();
}

TEST_CASE("a peer that restarts faster than anybody notices is a new one (rows 1 and 2)") {
    Scenario story(2);
    Client& subscriber = story.subscriber("s", 1, "t/#");
    Client& publisher = story.client("p", 0);
    Scenario::publish(publisher, "t/a", kQos1, 20);
    story.world.run_for(milliseconds(2));
    story.world.crash_node(1);
    story.world.run_for(milliseconds(10));
    story.world.start_node(1);
    story.settle();
    CHECK(subscriber.connects() == 2);
    Scenario::publish(publisher, "t/a", kQos1, 20);
    story.finish();
}

TEST_CASE("a publisher's node that restarts goes on where its peers expect it (row 1)") {
    Scenario story(3);
    story.subscriber("s", 1, "t/#");
    Client& publisher = story.client("p", 0);
    for (int life = 0; life < 3; ++life) {
        Scenario::publish(publisher, "t/a", kQos2, 10);
        story.world.run_for(seconds(1));
        story.world.crash_node(0);
        story.world.run_for(milliseconds(300));
        story.world.start_node(0);
        story.settle();
    }
    CHECK(story.deliveries() >= 30);
    story.finish();
}

TEST_CASE("what was applied is not applied again where only the ack was lost (row 5)") {
    Scenario story(2);
    story.subscriber("s", 1, "t/#");
    Client& publisher = story.client("p", 0);
    for (int round = 0; round < 5; ++round) {
        story.world.stall_one_way(1, 0, milliseconds(500));
        Scenario::publish(publisher, "t/a", kQos1, 10);
        story.world.run_for(milliseconds(200));
        story.world.cut(0, 1);
        story.settle();
    }
    story.world.run_for(seconds(2));
    CHECK(story.deliveries() == 50);
    story.finish();
}

TEST_CASE("a one-way link is no link, and comes back whole (row 13)") {
    Scenario story(2);
    story.subscriber("s", 1, "t/#");
    Client& publisher = story.client("p", 0);
    story.world.stall_one_way(0, 1, seconds(10));
    story.world.run_for(seconds(1));
    Scenario::publish(publisher, "t/a", kQos1, 10);
    story.world.run_for(seconds(6));
    CHECK_FALSE(story.world.healthy(0));
    CHECK_FALSE(story.world.healthy(1));
    story.world.run_for(seconds(15));
    CHECK(story.deliveries() == 10);
    story.finish();
}

TEST_CASE("a link that flaps loses nothing and repeats nothing") {
    Scenario story(3);
    story.subscriber("s1", 1, "t/#");
    story.subscriber("s2", 2, "t/#");
    Client& publisher = story.client("p", 0);
    for (int flap = 0; flap < 20; ++flap) {
        Scenario::publish(publisher, "t/a", flap % 2 == 0 ? kQos1 : kQos2, 5);
        story.world.run_for(milliseconds(130));
        story.world.cut(0, 1 + static_cast<NodeIndex>(flap % 2));
    }
    story.settle();
    story.world.run_for(seconds(5));
    CHECK(story.deliveries() == 200);
    story.finish();
}

TEST_CASE("in a mesh a message crosses one wire for each node that wants it (row 18)") {
    Scenario story(4);
    story.subscriber("s1", 1, "t/#");
    story.subscriber("s2", 2, "t/a");
    Client& publisher = story.client("p", 0);
    const auto bytes_to_3 = story.world.network().bytes_written(0, 3);
    Scenario::publish(publisher, "t/a", kQos1, 50);
    story.world.run_for(milliseconds(500));
    CHECK(story.deliveries() == 100);
    CHECK(story.world.oracle().crossings() == 100);
    CHECK(story.world.network().bytes_written(0, 3) - bytes_to_3 < 1'000);
    story.finish();
}

TEST_CASE("the death of one node is nothing to the others (row 17 without relays)") {
    Scenario story(3);
    story.subscriber("s", 1, "t/#");
    Client& publisher = story.client("p", 0);
    story.world.crash_node(2);
    Scenario::publish(publisher, "t/a", kQos2, 20);
    story.world.run_for(seconds(1));
    CHECK(story.deliveries() == 20);
    story.world.run_for(seconds(5));
    CHECK_FALSE(story.world.healthy(0));
    story.world.start_node(2);
    story.finish();
}

TEST_CASE("a route to itself and a second one to the same peer make no link (row 16)") {
    Scenario story(2);
    ir::Plan plan = story.world.node(0).plan();
    ir::Link self = plan.links[0];
    self.name = "to-itself";
    self.address = "n0";
    self.client_id = "itself";
    ir::Link alias = plan.links[0];
    alias.name = "to-n1-again";
    alias.address = "n1.alias";
    alias.client_id = "again";
    plan.links = {self, plan.links[0], alias};
    story.world.node(0).apply_plan(plan);
    story.world.run_for(seconds(20));
    const std::string nodes = story.world.sys(0, "nodes");
    CHECK_MESSAGE(nodes.find("\"self\"") != std::string::npos, nodes);
    CHECK_MESSAGE(nodes.find("\"alias\"") != std::string::npos, nodes);
    CHECK(story.world.network().connections_between(0, 1) <= 2);
    CHECK(story.world.network().connections_between(0, 0) == 0);
}

}  // namespace
}  // namespace lotmesh::sim
