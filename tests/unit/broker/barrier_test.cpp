#include <doctest/doctest.h>

#include "tests/support/broker_rig.h"

using namespace lotmesh;
using namespace lotmesh::test;

namespace {

struct Bench {
    explicit Bench(broker::Limits limits = {}) : rig(limits) {
        publisher.publish("a", "retained", kQoS0, 0, true);
        rig.cluster.next_ticket = 1;
    }
    void pass(broker::BarrierTicket ticket) {
        rig.core.barrier_passed(ticket, rig.now, rig.effects);
        rig.collect();
    }

    BrokerRig rig;
    TestClient publisher{rig, Hello{.client_id = "publisher"}};
    TestClient client{rig, Hello{}};
};

}  // namespace

TEST_CASE("the order is SUBACK, retained, live: everything waits for the barrier") {
    Bench bench;
    bench.client.send_subscribe("a", {.qos = kQoS1});
    CHECK(bench.rig.cluster.barriers == std::vector<std::vector<std::string>>{{"a"}});
    bench.publisher.publish("a", "live 0");
    bench.publisher.publish("a", "live 1", kQoS1, 1);
    CHECK(bench.publisher.expect<mqtt::Puback>().reason == ReasonCode::Success);
    CHECK(bench.client.silent());
    bench.pass(1);
    bench.client.expect<mqtt::Suback>();
    CHECK(bench.client.expect_message() == "a=retained");
    CHECK(bench.client.expect_message() == "a=live 0");
    CHECK(bench.client.expect_message() == "a=live 1");
    CHECK(bench.client.silent());
}

// Else the old value would be the last one that a subscriber sees.
TEST_CASE("a live message of QoS 0 does not overtake the retained one of QoS 1") {
    Bench bench;
    bench.publisher.publish("a", "retained 1", kQoS1, 1, true);
    bench.publisher.expect<mqtt::Puback>();
    bench.client.send_subscribe("a", {.qos = kQoS1});
    bench.publisher.publish("a", "live 0");
    bench.pass(1);
    bench.client.expect<mqtt::Suback>();
    CHECK(bench.client.expect_message() == "a=retained 1");
    CHECK(bench.client.expect_message() == "a=live 0");
    CHECK(bench.client.silent());
}

TEST_CASE("other packets are not held by a barrier") {
    Bench bench;
    bench.client.send_subscribe("a", {});
    bench.client.send(mqtt::Pingreq{});
    bench.client.expect<mqtt::Pingresp>();
    bench.client.publish("b", "x", kQoS1, 5);
    CHECK(bench.client.expect<mqtt::Puback>().packet_id == 5);
}

TEST_CASE("deliveries go on when the last of several barriers has passed") {
    Bench bench;
    bench.client.send_subscribe("a", {});
    bench.client.send_subscribe("b", {});
    bench.pass(2);
    bench.client.expect<mqtt::Suback>();
    CHECK(bench.client.silent());
    bench.pass(1);
    bench.client.expect<mqtt::Suback>();
    CHECK(bench.client.expect_message() == "a=retained");
}

TEST_CASE("a barrier that passes after its client has gone does nothing") {
    Bench bench;
    bench.client.send_subscribe("a", {});
    bench.client.drop();
    bench.pass(1);
    bench.pass(1);
    bench.pass(99);
    TestClient next(bench.rig, Hello{});
    bench.rig.cluster.next_ticket = 0;
    next.subscribe("a");
    CHECK(next.expect_message() == "a=retained");
}

TEST_CASE("a session that is resumed is not held by the barrier of its last connection") {
    BrokerRig rig;
    rig.cluster.next_ticket = 1;
    const Hello hello{.clean_start = false, .session_expiry_sec = 100};
    TestClient publisher(rig, Hello{.client_id = "p"});
    TestClient first(rig, hello);
    first.send_subscribe("a", {.qos = kQoS1});
    first.drop();
    TestClient second(rig, hello);
    publisher.publish("a", "x", kQoS1, 1);
    CHECK(second.expect_message() == "a=x");
    rig.core.barrier_passed(1, rig.now, rig.effects);
    rig.collect();
    CHECK(second.silent());
}

TEST_CASE("one ticket may stand for several SUBSCRIBEs") {
    Bench bench;
    bench.client.send_subscribe("b", {});
    bench.rig.cluster.next_ticket = 1;
    bench.client.send_subscribe("c", {});
    bench.pass(1);
    bench.client.expect<mqtt::Suback>();
    bench.client.expect<mqtt::Suback>();
    CHECK(bench.client.silent());
}

TEST_CASE("QoS 0 held for a SUBACK is bounded and counted") {
    Bench bench(broker::Limits{.qos0_messages_max = 2});
    bench.client.send_subscribe("b", {});
    for (const char* payload : {"1", "2", "3"})
        bench.publisher.publish("b", payload);
    CHECK(bench.rig.core.counters().drops.qos0_queue == 1);
    bench.pass(1);
    bench.client.expect<mqtt::Suback>();
    CHECK(bench.client.expect_message() == "b=1");
    CHECK(bench.client.expect_message() == "b=2");
    CHECK(bench.client.silent());
}

TEST_CASE("so many SUBSCRIBEs may wait at a time and no more") {
    Bench bench(broker::Limits{.pending_subacks_max = 2});
    bench.client.send_subscribe("x", {});
    bench.client.send_subscribe("y", {});
    CHECK(bench.client.silent());
    CHECK(bench.client.subscribe("z") == ReasonCode::QuotaExceeded);
}

TEST_CASE("only the filters that were granted are asked for") {
    Bench bench(broker::Limits{.topic_levels_max = 3});
    mqtt::Subscribe packet;
    packet.packet_id = 1;
    packet.entries = {{"x", {}}, {"1/2/3/4", {}}, {"$SYS/#", {}}, {"z", {}}};
    bench.client.send(packet);
    CHECK(bench.rig.cluster.barriers == std::vector<std::vector<std::string>>{{"x", "z"}});
}

TEST_CASE("a subscription that was there already passes the barrier, too") {
    Bench bench;
    bench.client.send_subscribe("a", {});
    bench.client.send_subscribe("a", {.retain_handling = mqtt::RetainHandling::DoNotSend});
    CHECK(bench.rig.cluster.barriers.size() == 2);
    bench.pass(1);
    bench.pass(2);
    bench.client.expect<mqtt::Suback>();
    bench.client.expect<mqtt::Suback>();
    CHECK(bench.client.expect_message() == "a=retained");
    CHECK(bench.client.silent());
}
