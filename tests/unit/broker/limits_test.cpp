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
    BrokerRig rig(broker::Limits{.user_name_bytes_max = 0xFFFF, .topic_bytes_max = 0xFFFF});
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

TEST_CASE("S13 a topic of 128 levels is taken, one of 129 refused") {
    BrokerRig rig;
    TestClient client(rig, Hello{});
    std::string topic(127 * 2, '/');
    for (std::size_t i = 0; i < topic.size(); i += 2)
        topic[i] = 'a';
    topic += "a";
    client.subscribe(topic);
    client.publish(topic, "x");
    client.expect<mqtt::Publish>();
    client.publish(topic + "/a", "x", kQoS1, 1);
    CHECK(client.expect<mqtt::Puback>().reason == ReasonCode::TopicNameInvalid);
    CHECK(client.subscribe(topic + "/a") == ReasonCode::TopicFilterInvalid);
    client.publish(std::string(kTopicLevelsMax, '/'), "x");  // whatever the limit is
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

TEST_CASE("so many sessions outlive their connection, one more is refused, others come and go") {
    BrokerRig rig(broker::Limits{.persistent_sessions_max = 2});
    TestClient one(rig, Hello{.client_id = "1", .session_expiry_sec = 100});
    TestClient old(rig,
                   Hello{.client_id = "2", .version = ProtocolVersion::V311, .clean_start = false});
    TestClient passing(rig, Hello{.client_id = "3"});
    TestClient beyond(rig);
    beyond.connect(Hello{.client_id = "4", .session_expiry_sec = 1});
    CHECK(beyond.expect<mqtt::Connack>().reason == ReasonCode::QuotaExceeded);
    TestClient raised(rig);
    raised.connect(Hello{.client_id = "3", .session_expiry_sec = 1});
    CHECK(raised.expect<mqtt::Connack>().reason == ReasonCode::QuotaExceeded);
    CHECK_FALSE(passing.closed());
    CHECK(rig.core.counters().refused.sessions == 2);
    one.drop();
    old.drop();
    TestClient again(rig, Hello{.client_id = "1", .clean_start = false, .session_expiry_sec = 100});
    CHECK(again.connack.session_present);
}

TEST_CASE("a session that does not outlive its connection any more makes room") {
    BrokerRig rig(broker::Limits{.persistent_sessions_max = 1});
    const auto is_taken = [&rig](std::string_view id) {
        TestClient client(rig);
        client.connect(Hello{.client_id = id, .session_expiry_sec = 100});
        const bool taken = client.expect<mqtt::Connack>().reason == ReasonCode::Success;
        client.drop();
        return taken;
    };
    TestClient first(rig, Hello{.client_id = "1", .session_expiry_sec = 100});
    CHECK_FALSE(is_taken("2"));
    first.leave(ReasonCode::Success, 0);
    CHECK(is_taken("2"));
    CHECK_FALSE(is_taken("3"));
    rig.advance(Duration::seconds(101));
    CHECK(is_taken("3"));
    TestClient(rig, Hello{.client_id = "3", .clean_start = true}).drop();
    CHECK(is_taken("4"));
    TestClient(rig, Hello{.client_id = "4", .clean_start = false, .session_expiry_sec = 0}).drop();
    CHECK(is_taken("5"));
}

TEST_CASE("a session is kept for thirty days at most, and a 5.0 client is told") {
    constexpr std::uint32_t kDays30_sec = 30 * 24 * 3600;
    BrokerRig rig;
    const auto told = [&rig](std::uint32_t asked_sec) {
        TestClient client(rig, Hello{.session_expiry_sec = asked_sec});
        client.leave();
        return client.connack.properties.session_expiry_interval_sec;
    };
    CHECK_FALSE(told(kDays30_sec));
    CHECK(told(kDays30_sec + 1) == kDays30_sec);
    CHECK(told(mqtt::kSessionExpiryNever) == kDays30_sec);
}

TEST_CASE("what clients are given where nothing else is said") {
    const broker::Limits limits;
    CHECK(limits.packet_bytes_max == 2U << 20);
    CHECK(limits.topic_bytes_max == 4096);
    CHECK(limits.topic_levels_max == 128);
    CHECK(limits.user_properties_max == 64);
    CHECK(limits.filters_per_subscribe_max == 100);
    CHECK(limits.subscriptions_per_session_max == 1000);
    CHECK(limits.persistent_sessions_max == 100'000);
    CHECK(limits.connections_max == 10'000);
    CHECK(limits.publish_bytes_per_sec == 10'000'000);
    CHECK(limits.offline_messages_max == 10'000);
    CHECK(limits.retained_max == 1'000'000);
    CHECK(limits.retained_bytes_max == std::size_t{1} << 30);
}

TEST_CASE("what is too large, too long or too much for the connection is counted by its limit") {
    broker::Limits limits;
    limits.packet_bytes_max = 100;
    limits.topic_bytes_max = 5;
    limits.user_properties_max = 0;
    limits.receive_maximum = 1;
    BrokerRig rig(limits);
    const broker::Refused& refused = rig.core.counters().refused;
    const auto client = [&rig] { return TestClient(rig, Hello{}); };
    client().publish("a", std::string(100, 'x'));
    CHECK(refused.packets == 1);
    client().publish("longer", "x");
    client().subscribe("longer");
    CHECK(refused.topics == 2);
    TestClient will(rig);
    will.connect(Hello{.client_id = "w", .will = mqtt::Will{.topic = "longer"}});
    CHECK(refused.topics == 3);
    mqtt::Publish publish = TestClient::message("a", "x");
    publish.properties.forwarded = {0x26, 0, 1, 'a', 0, 1, '1'};
    client().send(publish);
    CHECK(refused.user_properties == 1);
    publish = TestClient::message("a", "x");
    publish.properties.topic_alias = 33;
    client().send(publish);
    CHECK(refused.topic_aliases == 1);
    TestClient hasty = client();
    hasty.publish("a", "x", kQoS2, 1);
    hasty.publish("a", "x", kQoS2, 2);
    CHECK(refused.receive_maximum == 1);
    CHECK(refused.sessions + refused.subscriptions + refused.retained + refused.input == 0);
}

TEST_CASE("subscriptions and retained messages beyond their limit are counted") {
    broker::Limits limits;
    limits.subscriptions_per_session_max = 1;
    limits.filters_per_subscribe_max = 1;
    limits.retained_max = 1;
    BrokerRig rig(limits);
    const broker::Refused& refused = rig.core.counters().refused;
    TestClient client(rig, Hello{});
    client.subscribe("a");
    CHECK(refused.subscriptions == 0);
    CHECK(client.subscribe("b") == ReasonCode::QuotaExceeded);
    CHECK(refused.subscriptions == 1);
    mqtt::Subscribe packet{.packet_id = 1, .entries = {}, .properties = {}};
    packet.entries = {{"a", {}}, {"c", {}}, {"d", {}}};
    client.send(packet);
    CHECK(refused.subscriptions == 3);
    client.expect<mqtt::Suback>();
    client.publish("x", "1", kQoS1, 1, true);
    CHECK(client.expect<mqtt::Puback>().reason == ReasonCode::NoMatchingSubscribers);
    CHECK(refused.retained == 0);
    client.publish("y", "1", kQoS1, 1, true);
    CHECK(client.expect<mqtt::Puback>().reason == ReasonCode::QuotaExceeded);
    CHECK(refused.retained == 1);
}
