#include <doctest/doctest.h>

#include "tests/support/broker_rig.h"

using namespace lotmesh;
using namespace lotmesh::test;
using broker::MemoryPressure;
using broker::Pressure;

TEST_CASE("while memory is short there are no new sessions, and old ones come back") {
    BrokerRig rig;
    TestClient old(rig);
    old.connect(Hello{.client_id = "old", .session_expiry_sec = 100});
    old.expect<mqtt::Connack>();
    old.drop();
    rig.handle(MemoryPressure{Pressure::High});
    TestClient fresh(rig);
    fresh.connect(Hello{.client_id = "fresh"});
    CHECK(fresh.expect<mqtt::Connack>().reason == ReasonCode::QuotaExceeded);
    TestClient back(rig);
    back.connect(Hello{.client_id = "old", .clean_start = false, .session_expiry_sec = 100});
    CHECK(back.expect<mqtt::Connack>().reason == ReasonCode::Success);
    rig.handle(MemoryPressure{Pressure::None});
    TestClient late(rig);
    late.connect(Hello{.client_id = "late"});
    CHECK(late.expect<mqtt::Connack>().reason == ReasonCode::Success);
}

TEST_CASE("while memory is short QoS 0 is shed, nothing new is retained, and QoS 1 goes on") {
    BrokerRig rig;
    TestClient client(rig);
    client.connect(Hello{});
    client.expect<mqtt::Connack>();
    rig.handle(MemoryPressure{Pressure::High});
    client.publish("a", "x");
    CHECK(rig.cluster.messages.empty());
    CHECK(rig.core.counters().drops.memory == 1);
    client.publish("a", "x", kQoS1, 1);
    CHECK(client.expect<mqtt::Puback>().reason == ReasonCode::NoMatchingSubscribers);
    CHECK(rig.cluster.messages.size() == 1);
    mqtt::Publish retained;
    retained.topic = "a";
    retained.payload = as_bytes("x");
    retained.qos = kQoS1;
    retained.retain = true;
    retained.packet_id = 2;
    client.send(retained);
    CHECK(client.expect<mqtt::Puback>().reason == ReasonCode::QuotaExceeded);
}

TEST_CASE("when memory is nearly over, who publishes waits; nothing is lost of it") {
    BrokerRig rig;
    TestClient client(rig);
    client.connect(Hello{});
    client.expect<mqtt::Connack>();
    rig.handle(MemoryPressure{Pressure::Critical});
    client.publish("a", "x", kQoS1, 1);
    CHECK(rig.count(broker::PauseReading{client.conn()}) == 1);
    CHECK(rig.cluster.messages.empty());
    rig.handle(MemoryPressure{Pressure::None});
    CHECK(rig.count(broker::ResumeReading{client.conn()}) == 1);
    CHECK(client.expect<mqtt::Puback>().reason == ReasonCode::NoMatchingSubscribers);
    CHECK(rig.cluster.messages.size() == 1);
}

TEST_CASE("S2: of connections without CONNECT there are so many, the oldest makes room") {
    BrokerRig rig(broker::Limits{.unauthenticated_connections_max = 2});
    TestClient first(rig);
    TestClient second(rig);
    second.connect(Hello{.client_id = "second"});
    second.expect<mqtt::Connack>();
    TestClient third(rig);
    CHECK_FALSE(first.closed());
    TestClient fourth(rig);
    CHECK(first.closed());
    CHECK_FALSE(second.closed());
    CHECK_FALSE(third.closed());
    CHECK_FALSE(fourth.closed());
    CHECK(rig.core.counters().strangers_closed == 1);
}
