// Every bound that a peer can reach and that has no test beside its subject: at it, and one past.
#include <doctest/doctest.h>

#include "runtime/broker/ring.h"
#include "tests/support/broker_rig.h"

using namespace lotmesh;
using namespace lotmesh::test;

TEST_CASE("so many connections are open and one more is closed at once") {
    BrokerRig rig(broker::Limits{.connections_max = 2});
    TestClient one(rig);
    TestClient two(rig);
    TestClient three(rig);
    CHECK_FALSE(one.closed());
    CHECK_FALSE(two.closed());
    CHECK(three.closed());
    three.drop();
    one.drop();
    TestClient four(rig);
    CHECK_FALSE(four.closed());
}

TEST_CASE("so many sessions are kept, one more is refused, an old one may come back") {
    BrokerRig rig(broker::Limits{.sessions_max = 2});
    TestClient one(rig, Hello{.client_id = "1", .session_expiry_sec = 100});
    TestClient two(rig, Hello{.client_id = "2"});
    TestClient three(rig);
    three.connect(Hello{.client_id = "3"});
    CHECK(three.expect<mqtt::Connack>().reason == ReasonCode::QuotaExceeded);
    CHECK(three.closed());
    TestClient again(rig, Hello{.client_id = "1", .clean_start = false});
    CHECK(again.connack.session_present);
}

TEST_CASE("a packet of the largest size is taken, one byte more is 0x95") {
    BrokerRig rig(broker::Limits{.packet_bytes_max = 1000});
    TestClient client(rig, Hello{});
    CHECK(client.connack.properties.maximum_packet_size == 1000);
    // fixed header 3, topic 3, properties 1: 7 beside the payload
    client.publish("a", std::string(993, 'x'));
    CHECK_FALSE(client.closed());
    client.publish("a", std::string(994, 'x'));
    CHECK(client.expect<mqtt::Disconnect>().reason == ReasonCode::PacketTooLarge);
    CHECK(client.closed());
}

TEST_CASE("S2: a packet that announces too much is refused before its bytes come") {
    BrokerRig rig;
    TestClient client(rig, Hello{});
    client.send_raw(Bytes{0x30, 0xFF, 0xFF, 0xFF, 0x7F});
    CHECK(client.expect<mqtt::Disconnect>().reason == ReasonCode::PacketTooLarge);
}

TEST_CASE("before CONNECT little is taken") {
    BrokerRig rig(broker::Limits{.connect_bytes_max = 100});
    TestClient at_bound(rig);
    Hello hello{};
    const std::string longest(100 - 16, 'x');
    hello.client_id = longest;
    CHECK(at_bound.encoded(TestClient::connect_packet(hello)).size() <= 100);
    at_bound.connect(hello);
    CHECK(at_bound.expect<mqtt::Connack>().reason == ReasonCode::Success);
    TestClient beyond(rig);
    const std::string longer(200, 'x');
    hello.client_id = longer;
    beyond.connect(hello);
    CHECK(beyond.closed());
    CHECK(beyond.silent());
}

TEST_CASE("a CONNECT whose fields are all as long as may be is taken") {
    BrokerRig rig(broker::Limits{.user_name_bytes_max = 0xFFFF});
    TestClient client(rig);
    const std::string text(0xFFFF, 'x');
    mqtt::Connect packet = TestClient::connect_packet(Hello{});
    packet.user_name = text;
    packet.password = as_bytes(text);
    mqtt::Will& will = packet.will.emplace();
    will.topic = text;
    will.payload = as_bytes(text);
    packet.properties.user_properties.push_back({text, text});
    client.send(packet);
    CHECK(client.expect<mqtt::Connack>().reason == ReasonCode::Success);
}

TEST_CASE("a client id of the longest size is taken, a longer one is 0x85") {
    BrokerRig rig(broker::Limits{.client_id_bytes_max = 10});
    TestClient at_bound(rig, Hello{.client_id = "0123456789"});
    TestClient beyond(rig);
    beyond.connect(Hello{.client_id = "0123456789x"});
    CHECK(beyond.expect<mqtt::Connack>().reason == ReasonCode::ClientIdentifierNotValid);
    CHECK(beyond.closed());
}

TEST_CASE("S13 a topic of 200 levels is taken, one of 201 refused") {
    BrokerRig rig;
    TestClient client(rig, Hello{});
    std::string topic(199 * 2, '/');
    for (std::size_t i = 0; i < topic.size(); i += 2)
        topic[i] = 'a';
    topic += "a";
    client.subscribe(topic);
    client.publish(topic, "x");
    client.expect<mqtt::Publish>();
    client.publish(topic + "/a", "x");
    CHECK(client.expect<mqtt::Disconnect>().reason == ReasonCode::TopicNameInvalid);
}

TEST_CASE("a connected session's queue takes up to its bound and drops the newest") {
    broker::Limits limits;
    limits.inflight_max = 1;
    limits.queue.messages_max = 3;
    BrokerRig rig(limits);
    TestClient client(rig, Hello{});
    TestClient publisher(rig, Hello{.client_id = "p"});
    client.subscribe("a", kQoS1);
    for (const char* payload : {"1", "2", "3", "4"})
        publisher.publish("a", payload, kQoS1, 1);
    CHECK(rig.core.counters().drops.queue_full == 0);
    publisher.publish("a", "5", kQoS1, 1);
    CHECK(rig.core.counters().drops.queue_full == 1);
    CHECK_FALSE(client.closed());
}

TEST_CASE("a full queue takes no further retained snapshot") {
    broker::Limits limits;
    limits.inflight_max = 1;
    limits.queue.messages_max = 3;
    BrokerRig rig(limits);
    TestClient publisher(rig, Hello{.client_id = "p"});
    for (const char* topic : {"a", "b", "c", "d", "e"})
        publisher.publish(topic, "x", kQoS1, 1, true);
    TestClient client(rig, Hello{});
    CHECK(client.subscribe("#", kQoS1) == ReasonCode::GrantedQoS1);  // one may go beyond
    client.expect<mqtt::Publish>();
    CHECK(client.subscribe("+", kQoS1) == ReasonCode::QuotaExceeded);
}

TEST_CASE("a retained snapshot beyond the bounds takes no room of live messages") {
    broker::Limits limits;
    limits.inflight_max = 1;
    limits.queue.messages_max = 3;
    limits.queue.messages_high = 2;
    BrokerRig rig(limits);
    TestClient publisher(rig, Hello{.client_id = "p"});
    for (const char* topic : {"a", "b", "c", "d", "e"})
        publisher.publish(topic, "retained", kQoS1, 1, true);
    TestClient client(rig, Hello{});
    client.subscribe("#", kQoS1);
    CHECK_FALSE(rig.core.peers_should_pause());
    for (int i = 0; i < 3; ++i)
        publisher.publish("a", "live", kQoS1, 1);
    CHECK(rig.core.peers_should_pause());
    CHECK(rig.core.counters().drops.queue_full == 0);
    rig.core.deliver(broker::MessageRef::make({.topic = "a", .qos = kQoS1}), rig.now, rig.effects);
    CHECK(rig.core.counters().drops.queue_full == 1);
    for (mqtt::PacketId id = 1; id <= 8; ++id) {
        CHECK(client.expect<mqtt::Publish>().retain == (id <= 5));
        client.puback(id);
    }
    CHECK_FALSE(rig.core.peers_should_pause());
}

TEST_CASE("a subscriber that comes back to a full queue makes sources wait, as any other") {
    broker::Limits limits;
    limits.inflight_max = 1;
    limits.queue.messages_max = 3;
    limits.queue.messages_high = 2;
    BrokerRig rig(limits);
    const Hello hello{.clean_start = false, .session_expiry_sec = 100};
    TestClient publisher(rig, Hello{.client_id = "p"});
    TestClient first(rig, hello);
    first.subscribe("a", kQoS1);
    first.drop();
    for (int i = 0; i < 4; ++i)
        publisher.publish("a", "x", kQoS1, 1);
    TestClient second(rig, hello);
    CHECK_FALSE(rig.core.peers_should_pause());
    publisher.publish("a", "x", kQoS1, 1);
    CHECK(rig.core.counters().drops.queue_full == 1);
    CHECK(rig.core.peers_should_pause());
}

TEST_CASE("a ring keeps its order while it grows, wraps and loses from its middle") {
    broker::Ring<int> ring;
    int next_in = 0;
    int next_out = 0;
    for (int round = 0; round < 200; ++round) {
        for (int i = 0; i < round % 17; ++i)
            ring.push_back(next_in++);
        for (int i = 0; i < round % 13 && !ring.empty(); ++i)
            CHECK(ring.pop_front() == next_out++);
    }
    while (!ring.empty())
        CHECK(ring.pop_front() == next_out++);
    CHECK(next_in == next_out);
    for (int i = 0; i < 5; ++i)
        ring.push_back(i);
    ring.erase(2);
    for (const int expected : {0, 1, 3, 4})
        CHECK(ring.pop_front() == expected);
}
