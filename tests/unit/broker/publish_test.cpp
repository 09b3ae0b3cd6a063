#include <doctest/doctest.h>

#include "tests/support/broker_rig.h"

using namespace lotmesh;
using namespace lotmesh::test;

namespace {

struct Pair {
    BrokerRig rig;
    TestClient publisher{rig, Hello{.client_id = "publisher"}};
    TestClient subscriber{rig, Hello{.client_id = "subscriber"}};
};

}  // namespace

TEST_CASE("QoS 0 arrives and is not acknowledged [MQTT-4.3.1-1]") {
    Pair pair;
    pair.subscriber.subscribe("a/b");
    pair.publisher.publish("a/b", "hello");
    const mqtt::Publish got = pair.subscriber.expect<mqtt::Publish>();
    CHECK(got == TestClient::message("a/b", "hello"));
    CHECK(pair.publisher.silent());
}

TEST_CASE("QoS 1 is acknowledged and delivered once [MQTT-3.3.4-1] [MQTT-4.3.2-4]") {
    Pair pair;
    pair.subscriber.subscribe("a", kQoS1);
    pair.publisher.publish("a", "x", kQoS1, 77);
    const mqtt::Puback ack = pair.publisher.expect<mqtt::Puback>();
    CHECK(ack.packet_id == 77);  // [MQTT-2.2.1-5]
    CHECK(ack.reason == ReasonCode::Success);
    const mqtt::Publish got = pair.subscriber.expect<mqtt::Publish>();
    CHECK(got.qos == kQoS1);
    CHECK(got.packet_id == 1);
    CHECK_FALSE(got.dup);  // [MQTT-4.3.2-2]
    CHECK(pair.subscriber.silent());
}

TEST_CASE("after PUBACK the same identifier is a new message [MQTT-4.3.2-5]") {
    Pair pair;
    pair.subscriber.subscribe("a", kQoS1);
    pair.publisher.publish("a", "one", kQoS1, 5);
    pair.publisher.publish("a", "two", kQoS1, 5);
    CHECK(pair.subscriber.expect_message() == "a=one");
    CHECK(pair.subscriber.expect_message() == "a=two");
}

TEST_CASE("QoS 2 is passed on at PUBLISH and once [MQTT-4.3.3-8] [MQTT-4.3.3-10]") {
    Pair pair;
    pair.subscriber.subscribe("a", kQoS2);
    pair.publisher.publish("a", "x", kQoS2, 9);
    CHECK(pair.publisher.expect<mqtt::Pubrec>().packet_id == 9);
    CHECK(pair.subscriber.expect_message() == "a=x");
    mqtt::Publish again = TestClient::message("a", "x", kQoS2, 9);
    again.dup = true;
    pair.publisher.send(again);
    CHECK(pair.publisher.expect<mqtt::Pubrec>().packet_id == 9);
    CHECK(pair.subscriber.silent());
    pair.publisher.pubrel(9);
    const mqtt::Pubcomp done = pair.publisher.expect<mqtt::Pubcomp>();  // [MQTT-4.3.3-11]
    CHECK(done.packet_id == 9);
    CHECK(done.reason == ReasonCode::Success);
}

TEST_CASE("after PUBCOMP the identifier is new [MQTT-4.3.3-12]") {
    Pair pair;
    pair.subscriber.subscribe("a", kQoS0);
    for (int i = 0; i < 2; ++i) {
        pair.publisher.publish("a", "x", kQoS2, 9);
        pair.publisher.expect<mqtt::Pubrec>();
        pair.publisher.pubrel(9);
        pair.publisher.expect<mqtt::Pubcomp>();
        CHECK(pair.subscriber.expect_message() == "a=x");
    }
}

TEST_CASE("PUBREL of an unknown identifier is answered so in 5.0") {
    Pair pair;
    pair.publisher.pubrel(4);
    CHECK(pair.publisher.expect<mqtt::Pubcomp>().reason == ReasonCode::PacketIdentifierNotFound);
}

TEST_CASE("inbound QoS 2 identifiers survive a reconnect [MQTT-4.3.3-10]") {
    BrokerRig rig;
    TestClient subscriber(rig, Hello{.client_id = "subscriber"});
    subscriber.subscribe("a", kQoS0);
    TestClient first(rig, Hello{.client_id = "p", .session_expiry_sec = 100});
    first.publish("a", "x", kQoS2, 3);
    first.drop();
    CHECK(subscriber.expect_message() == "a=x");
    TestClient second(rig,
                      Hello{.client_id = "p", .clean_start = false, .session_expiry_sec = 100});
    mqtt::Publish again = TestClient::message("a", "x", kQoS2, 3);
    again.dup = true;
    second.send(again);
    CHECK(second.expect<mqtt::Pubrec>().packet_id == 3);
    CHECK(subscriber.silent());
    second.pubrel(3);
    CHECK(second.expect<mqtt::Pubcomp>().reason == ReasonCode::Success);
}

TEST_CASE("nobody subscribed: 0x10 in 5.0, for QoS 1 and 2") {
    BrokerRig rig;
    TestClient client(rig, Hello{});
    client.publish("a", "x", kQoS1, 1);
    CHECK(client.expect<mqtt::Puback>().reason == ReasonCode::NoMatchingSubscribers);
    client.publish("a", "x", kQoS2, 2);
    CHECK(client.expect<mqtt::Pubrec>().reason == ReasonCode::NoMatchingSubscribers);
    client.pubrel(2);
    CHECK(client.expect<mqtt::Pubcomp>().reason == ReasonCode::Success);
}

TEST_CASE("a subscriber at a peer counts as one") {
    BrokerRig rig;
    rig.cluster.forwarded = broker::Forwarded::Accepted;
    TestClient client(rig, Hello{});
    client.publish("a", "x", kQoS1, 1);
    CHECK(client.expect<mqtt::Puback>().reason == ReasonCode::Success);
    REQUIRE(rig.cluster.messages.size() == 1);
    CHECK(rig.cluster.messages[0]->topic() == "a");
    CHECK(rig.cluster.messages[0]->qos() == kQoS1);
}

TEST_CASE("S7 clients may not publish below $: 0x90, or dropped and counted") {
    BrokerRig rig;
    TestClient client(rig, Hello{});
    for (const char* topic : {"$SYS/broker/version", "$share/x", "$other"}) {
        client.publish(topic, "x", kQoS1, 1);
        CHECK(client.expect<mqtt::Puback>().reason == ReasonCode::TopicNameInvalid);
        client.publish(topic, "x", kQoS2, 1);
        CHECK(client.expect<mqtt::Pubrec>().reason == ReasonCode::TopicNameInvalid);
        client.publish(topic, "x");
    }
    CHECK(client.silent());
    CHECK_FALSE(client.closed());
    CHECK(rig.cluster.messages.empty());
    CHECK(rig.core.counters().drops.not_allowed == 9);
}

TEST_CASE("after PUBREC 0x80 or more the identifier is free [MQTT-4.3.3-9]") {
    BrokerRig rig;
    TestClient client(rig, Hello{});
    client.publish("$x", "x", kQoS2, 1);
    client.expect<mqtt::Pubrec>();
    client.publish("a", "x", kQoS2, 1);
    CHECK(client.expect<mqtt::Pubrec>().reason == ReasonCode::NoMatchingSubscribers);
    CHECK(rig.cluster.messages.size() == 1);
}

TEST_CASE("a 3.1.1 client cannot be told, so its $ message is acknowledged and dropped") {
    BrokerRig rig;
    TestClient client(rig, Hello{.version = ProtocolVersion::V311});
    client.publish("$SYS/x", "x", kQoS1, 1);
    client.expect<mqtt::Puback>();
    client.publish("$SYS/x", "x", kQoS2, 2);
    client.expect<mqtt::Pubrec>();
    client.pubrel(2);
    client.expect<mqtt::Pubcomp>();
    CHECK(rig.cluster.messages.empty());
}

TEST_CASE("a topic alias stands for its topic [MQTT-3.3.2-12]") {
    Pair pair;
    pair.subscriber.subscribe("#");
    mqtt::Publish packet = TestClient::message("a/b", "one");
    packet.properties.topic_alias = 32;
    pair.publisher.send(packet);
    packet = TestClient::message("", "two");
    packet.properties.topic_alias = 32;
    pair.publisher.send(packet);
    packet = TestClient::message("c", "three");  // set anew
    packet.properties.topic_alias = 32;
    pair.publisher.send(packet);
    packet = TestClient::message("", "four");
    packet.properties.topic_alias = 32;
    pair.publisher.send(packet);
    for (const char* expected : {"a/b=one", "a/b=two", "c=three", "c=four"})
        CHECK(pair.subscriber.expect_message() == expected);
}

TEST_CASE("a topic alias above the maximum is refused [MQTT-3.3.2-9]") {
    BrokerRig rig;
    TestClient client(rig, Hello{});
    mqtt::Publish packet = TestClient::message("a", "x");
    packet.properties.topic_alias = 33;
    client.send(packet);
    CHECK(client.expect<mqtt::Disconnect>().reason == ReasonCode::TopicAliasInvalid);
    CHECK(client.closed());
}

TEST_CASE("a topic alias that was never set is a protocol error") {
    BrokerRig rig;
    TestClient client(rig, Hello{});
    mqtt::Publish packet = TestClient::message("a", "x");
    packet.properties.topic_alias = 5;
    client.send(packet);
    packet.topic = "";
    packet.properties.topic_alias = 4;
    client.send(packet);
    CHECK(client.expect<mqtt::Disconnect>().reason == ReasonCode::ProtocolError);
}

TEST_CASE("topic aliases end with the connection [MQTT-3.3.2-7]") {
    BrokerRig rig;
    const Hello hello{.clean_start = false, .session_expiry_sec = 100};
    TestClient first(rig, hello);
    mqtt::Publish packet = TestClient::message("a", "x");
    packet.properties.topic_alias = 1;
    first.send(packet);
    first.drop();
    TestClient second(rig, hello);
    packet.topic = "";
    second.send(packet);
    CHECK(second.expect<mqtt::Disconnect>().reason == ReasonCode::ProtocolError);
}

TEST_CASE("the window of inbound QoS 2 is our Receive Maximum, one more is 0x93 [MQTT-3.3.4-7]") {
    BrokerRig rig(broker::Limits{.receive_maximum = 3});
    TestClient client(rig, Hello{});
    CHECK(client.connack.properties.receive_maximum == 3);
    for (mqtt::PacketId id = 1; id <= 3; ++id) {
        client.publish("a", "x", kQoS2, id);
        client.expect<mqtt::Pubrec>();
    }
    client.publish("a", "x", kQoS2, 3);  // said again: not one more
    client.expect<mqtt::Pubrec>();
    client.publish("a", "x");  // QoS 0 is not counted
    CHECK_FALSE(client.closed());
    client.publish("a", "x", kQoS1, 9);
    CHECK(client.expect<mqtt::Disconnect>().reason == ReasonCode::ReceiveMaximumExceeded);
    CHECK(client.closed());
}

TEST_CASE("what is not released from an earlier connection leaves the new window open") {
    BrokerRig rig(broker::Limits{.receive_maximum = 3});
    const Hello hello{.clean_start = false, .session_expiry_sec = 100};
    TestClient first(rig, hello);
    for (mqtt::PacketId id = 1; id <= 3; ++id)
        first.publish("a", "x", kQoS2, id);
    first.drop();
    TestClient second(rig, hello);
    for (mqtt::PacketId id = 4; id <= 6; ++id) {
        second.publish("a", "x", kQoS2, id);
        second.expect<mqtt::Pubrec>();
    }
    second.pubrel(1);  // gives no place
    second.expect<mqtt::Pubcomp>();
    second.pubrel(4);
    second.expect<mqtt::Pubcomp>();
    second.publish("a", "x", kQoS2, 7);
    second.expect<mqtt::Pubrec>();
    second.publish("a", "x", kQoS2, 8);
    CHECK(second.expect<mqtt::Disconnect>().reason == ReasonCode::ReceiveMaximumExceeded);
}

TEST_CASE("3.1.1 has no Receive Maximum") {
    BrokerRig rig(broker::Limits{.receive_maximum = 3});
    TestClient client(rig, Hello{.version = ProtocolVersion::V311});
    for (mqtt::PacketId id = 1; id <= 100; ++id) {
        client.publish("a", "x", kQoS2, id);
        client.expect<mqtt::Pubrec>();
    }
    CHECK_FALSE(client.closed());
}

TEST_CASE("properties reach 5.0 receivers unaltered and in order [MQTT-3.3.2-18]") {
    Pair pair;
    pair.subscriber.subscribe("a");
    mqtt::Publish packet = TestClient::message("a", "x");
    packet.properties.forwarded = {0x01, 1,                     // payload format indicator
                                   0x26, 0, 1, 'k', 0, 1, '1',  // user property
                                   0x26, 0, 1, 'k', 0, 1, '2',  // again
                                   0x03, 0, 1, 't'};            // content type
    pair.publisher.send(packet);
    const mqtt::Publish got = pair.subscriber.expect<mqtt::Publish>();
    CHECK(got.properties.forwarded.size() == packet.properties.forwarded.size());
    CHECK(got.properties.forwarded == packet.properties.forwarded);
}

TEST_CASE("3.1.1 receivers get the message without properties") {
    BrokerRig rig;
    TestClient publisher(rig, Hello{.client_id = "p"});
    TestClient subscriber(rig, Hello{.client_id = "s", .version = ProtocolVersion::V311});
    subscriber.subscribe("a");
    mqtt::Publish packet = TestClient::message("a", "x");
    packet.properties.forwarded = {0x01, 1};
    packet.properties.message_expiry_interval_sec = 10;
    publisher.send(packet);
    CHECK(subscriber.expect<mqtt::Publish>() == TestClient::message("a", "x"));
}

TEST_CASE("a wildcard in a topic name is refused [MQTT-3.3.2-2]") {
    BrokerRig rig;
    TestClient client(rig, Hello{});
    client.publish("a/+", "x");
    CHECK(client.expect<mqtt::Disconnect>().reason == ReasonCode::TopicNameInvalid);
}

TEST_CASE("a peer's spool is full: 5.0 is refused, nothing is kept or delivered") {
    Pair pair;
    pair.rig.cluster.forwarded = broker::Forwarded::QuotaFull;
    pair.subscriber.subscribe("a", kQoS1);
    pair.publisher.publish("a", "x", kQoS1, 1, true);
    CHECK(pair.publisher.expect<mqtt::Puback>().reason == ReasonCode::QuotaExceeded);
    pair.publisher.publish("a", "x", kQoS2, 2, true);
    CHECK(pair.publisher.expect<mqtt::Pubrec>().reason == ReasonCode::QuotaExceeded);
    CHECK(pair.subscriber.silent());
    CHECK(pair.rig.core.counters().drops.quota == 2);
    TestClient late(pair.rig, Hello{.client_id = "late"});
    late.subscribe("a");
    CHECK(late.silent());
}

TEST_CASE("a peer's spool is full: QoS 0 still goes to the subscribers here") {
    Pair pair;
    pair.rig.cluster.forwarded = broker::Forwarded::QuotaFull;
    pair.subscriber.subscribe("a");
    pair.publisher.publish("a", "x");
    CHECK(pair.subscriber.expect_message() == "a=x");
    CHECK(pair.rig.core.counters().drops.quota == 1);
}

TEST_CASE("a peer's spool is full: 3.1.1 waits with its packet and is taken later") {
    BrokerRig rig;
    TestClient subscriber(rig, Hello{.client_id = "s"});
    subscriber.subscribe("a", kQoS1);
    TestClient publisher(rig, Hello{.client_id = "p", .version = ProtocolVersion::V311});
    rig.cluster.forwarded = broker::Forwarded::QuotaFull;
    publisher.publish("a", "one", kQoS1, 1);
    publisher.publish("a", "two", kQoS1, 2);  // was on its way
    CHECK(publisher.silent());
    CHECK(rig.count(broker::PauseReading{publisher.conn()}) == 1);
    rig.advance(Duration::seconds(3));  // tried again, still full
    CHECK(publisher.silent());
    rig.cluster.forwarded = broker::Forwarded::Accepted;
    rig.advance(Duration::seconds(1));
    CHECK(publisher.expect<mqtt::Puback>().packet_id == 1);
    CHECK(publisher.expect<mqtt::Puback>().packet_id == 2);
    CHECK(subscriber.expect_message() == "a=one");
    CHECK(subscriber.expect_message() == "a=two");
    CHECK(rig.count(broker::PauseReading{publisher.conn()}) ==
          rig.count(broker::ResumeReading{publisher.conn()}));
}

TEST_CASE("large payloads are referenced, and arrive whole") {
    Pair pair;
    pair.subscriber.subscribe("a", kQoS1);
    const std::string payload(100'000, 'z');
    pair.publisher.publish("a", payload, kQoS1, 1);
    CHECK(pair.subscriber.expect_message() == "a=" + payload);
}

TEST_CASE("much output in one turn asks for a flush") {
    Pair pair;
    pair.subscriber.subscribe("a");
    pair.publisher.publish("a", std::string(broker::Effects::kFlushBytes - 100, 'z'));
    CHECK(pair.rig.flushes_wanted == 0);
    pair.publisher.publish("a", std::string(broker::Effects::kFlushBytes + 100, 'z'));
    CHECK(pair.rig.flushes_wanted == 1);
}
