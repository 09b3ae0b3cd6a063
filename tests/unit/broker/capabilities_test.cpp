// What a node is made to offer less of, and what it tells a client about that.
#include <doctest/doctest.h>

#include "tests/support/broker_rig.h"

using namespace lotmesh;
using namespace lotmesh::test;
using broker::Limits;

namespace {

mqtt::Connect asks(const Hello& hello) { return TestClient::connect_packet(hello); }

// What it borrows (texts) is gone.
mqtt::Connack answer(BrokerRig& rig, const mqtt::Connect& connect) {
    TestClient client(rig, connect.version);
    client.send(connect);
    return client.expect<mqtt::Connack>();
}

}  // namespace

TEST_CASE("a node that offers everything denies nothing") {
    BrokerRig rig;
    const TestClient client(rig, Hello{});
    const mqtt::Properties& told = client.connack.properties;
    CHECK_FALSE(told.maximum_qos);
    CHECK_FALSE(told.retain_available);
    CHECK_FALSE(told.wildcard_subscription_available);
    CHECK_FALSE(told.subscription_identifier_available);
    CHECK_FALSE(told.server_keep_alive_sec);
    CHECK_FALSE(told.session_expiry_interval_sec);
    CHECK_FALSE(told.response_information);
}

TEST_CASE("what is not offered is said in the CONNACK [MQTT-3.2.2-9]") {
    BrokerRig rig(Limits{.maximum_qos = kQoS1,
                         .retain_available = false,
                         .wildcard_subscription_available = false,
                         .shared_subscription_available = false,
                         .subscription_identifier_available = false});
    const TestClient client(rig, Hello{});
    const mqtt::Properties& told = client.connack.properties;
    CHECK(told.maximum_qos == 1);
    CHECK(told.retain_available == 0);
    CHECK(told.wildcard_subscription_available == 0);
    CHECK(told.shared_subscription_available == 0);
    CHECK(told.subscription_identifier_available == 0);
    const TestClient old(rig, Hello{.client_id = "old", .version = ProtocolVersion::V311});
    CHECK(mqtt::Properties{} == old.connack.properties);
}

TEST_CASE("a PUBLISH above the maximum QoS ends the connection [MQTT-3.2.2-11]") {
    BrokerRig rig(Limits{.maximum_qos = kQoS1});
    TestClient client(rig, Hello{});
    client.publish("a", "1", kQoS1, 1);
    CHECK(client.expect<mqtt::Puback>().packet_id == 1);
    client.publish("a", "2", kQoS2, 2);
    CHECK(client.expect<mqtt::Disconnect>().reason == ReasonCode::QoSNotSupported);
    CHECK(client.closed());
    TestClient old(rig, Hello{.client_id = "old", .version = ProtocolVersion::V311});
    old.publish("a", "2", kQoS2, 2);
    CHECK(old.silent());
    CHECK(old.closed());
}

TEST_CASE("a retained PUBLISH where there is no retain ends the connection [MQTT-3.2.2-14]") {
    BrokerRig rig(Limits{.retain_available = false});
    TestClient client(rig, Hello{});
    client.publish("a", "1", kQoS0, 0, false);
    CHECK_FALSE(client.closed());
    client.publish("a", "1", kQoS0, 0, true);
    CHECK(client.expect<mqtt::Disconnect>().reason == ReasonCode::RetainNotSupported);
    CHECK(client.closed());
}

TEST_CASE("a will that asks for more is refused [MQTT-3.2.2-12] [MQTT-3.2.2-13]") {
    BrokerRig rig(Limits{.maximum_qos = kQoS1, .retain_available = false});
    const auto with_will = [](const mqtt::Will& will) {
        Hello hello;
        hello.will = will;
        return asks(hello);
    };
    const mqtt::Connack qos = answer(rig, with_will({.topic = "w", .qos = kQoS2}));
    CHECK(qos.reason == ReasonCode::QoSNotSupported);
    const mqtt::Connack retain = answer(rig, with_will({.topic = "w", .retain = true}));
    CHECK(retain.reason == ReasonCode::RetainNotSupported);
    CHECK(answer(rig, with_will({.topic = "w", .qos = kQoS1})).reason == ReasonCode::Success);
}

TEST_CASE("topics as long and as deep as the limits are taken, longer ones are 0x90") {
    BrokerRig rig(Limits{.topic_bytes_max = 8, .topic_levels_max = 3});
    TestClient client(rig, Hello{});
    const auto published = [&client](std::string_view topic) {
        client.publish(topic, "x", kQoS1, 1);
        return client.expect<mqtt::Puback>();
    };
    CHECK(published("12345678").reason == ReasonCode::NoMatchingSubscribers);
    CHECK(published("123456789").reason == ReasonCode::TopicNameInvalid);
    CHECK(published("a/b/c").reason == ReasonCode::NoMatchingSubscribers);
    const mqtt::Puback refused = published("a/b/c/d");
    CHECK(refused.reason == ReasonCode::TopicNameInvalid);
    CHECK(refused.properties.reason_string == "nobody may publish to this topic");
    CHECK_FALSE(client.closed());
    Hello hello;
    hello.will = mqtt::Will{.topic = "a/b/c/d"};
    CHECK(answer(rig, asks(hello)).reason == ReasonCode::TopicNameInvalid);
}

TEST_CASE("who asked for no problem information is not told why [MQTT-3.1.2-29]") {
    BrokerRig rig(Limits{.topic_levels_max = 1});
    mqtt::Connect connect = asks(Hello{});
    connect.properties.request_problem_information = std::uint8_t{0};
    TestClient client(rig);
    client.send(connect);
    CHECK(client.expect<mqtt::Connack>().reason == ReasonCode::Success);
    client.publish("a/b", "x", kQoS1, 1);
    const mqtt::Puback puback = client.expect<mqtt::Puback>();
    CHECK(puback.reason == ReasonCode::TopicNameInvalid);
    CHECK_FALSE(puback.properties.reason_string);
    client.publish("a/b", "x", kQoS2, 2);
    CHECK_FALSE(client.expect<mqtt::Pubrec>().properties.reason_string);
    // A DISCONNECT may always say it.
    client.send(mqtt::Pingreq{});
    client.expect<mqtt::Pingresp>();
    client.send_raw(Bytes{0x00, 0x00});
    CHECK(client.expect<mqtt::Disconnect>().properties.reason_string);
}

TEST_CASE(
    "a reason string that the client's packet size has no room for is left out "
    "[MQTT-3.4.2-2] [MQTT-3.5.2-2]") {
    BrokerRig rig(Limits{.topic_levels_max = 1});
    TestClient client(rig, Hello{.maximum_packet_size = 30});
    client.publish("a/b", "x", kQoS1, 1);
    const mqtt::Puback puback = client.expect<mqtt::Puback>();
    CHECK(puback.reason == ReasonCode::TopicNameInvalid);
    CHECK_FALSE(puback.properties.reason_string);
    client.publish("a/b", "x", kQoS2, 2);
    CHECK_FALSE(client.expect<mqtt::Pubrec>().properties.reason_string);
}

TEST_CASE("a QoS 2 that was refused leaves its identifier free [MQTT-4.3.3-9]") {
    BrokerRig rig(Limits{.topic_levels_max = 1, .receive_maximum = 1});
    TestClient client(rig, Hello{});
    for (int i = 0; i < 3; ++i) {
        client.publish("a/b", "x", kQoS2, 1);
        CHECK(client.expect<mqtt::Pubrec>().reason == ReasonCode::TopicNameInvalid);
    }
    client.publish("a", "x", kQoS2, 1);
    CHECK(client.expect<mqtt::Pubrec>().reason == ReasonCode::NoMatchingSubscribers);
}

TEST_CASE("S18 as many user properties as the limit are taken, one more is 0x97") {
    BrokerRig rig(Limits{.user_properties_max = 2});
    const std::vector<mqtt::UserProperty> two = {{"a", "1"}, {"b", "2"}};
    const std::vector<mqtt::UserProperty> three = {{"a", "1"}, {"b", "2"}, {"c", "3"}};
    mqtt::Connect connect = asks(Hello{});
    connect.properties.user_properties = three;
    CHECK(answer(rig, connect).reason == ReasonCode::QuotaExceeded);
    connect.properties.user_properties = two;
    CHECK(answer(rig, connect).reason == ReasonCode::Success);

    TestClient client(rig, Hello{.client_id = "other"});
    mqtt::Subscribe subscribe;
    subscribe.packet_id = 1;
    subscribe.entries.push_back({"t", {}});
    subscribe.properties.user_properties = two;
    client.send(subscribe);
    client.expect<mqtt::Suback>();
    subscribe.properties.user_properties = three;
    client.send(subscribe);
    CHECK(client.expect<mqtt::Disconnect>().reason == ReasonCode::QuotaExceeded);
}

TEST_CASE("S18 user properties of a PUBLISH and of a will are counted too") {
    BrokerRig rig(Limits{.user_properties_max = 1});
    // 0x26, "a", "1"
    const Bytes one = {0x26, 0, 1, 'a', 0, 1, '1'};
    Bytes two = one;
    two.insert(two.end(), one.begin(), one.end());
    Hello hello;
    hello.will = mqtt::Will{.topic = "w"};
    hello.will->properties.forwarded = two;
    CHECK(answer(rig, asks(hello)).reason == ReasonCode::QuotaExceeded);
    hello.will->properties.forwarded = one;
    CHECK(answer(rig, asks(hello)).reason == ReasonCode::Success);

    TestClient client(rig, Hello{.client_id = "other"});
    mqtt::Publish publish = TestClient::message("t", "x");
    publish.properties.forwarded = one;
    client.send(publish);
    CHECK_FALSE(client.closed());
    publish.properties.forwarded = two;
    client.send(publish);
    CHECK(client.expect<mqtt::Disconnect>().reason == ReasonCode::QuotaExceeded);
}

TEST_CASE("a keep alive above the cap, or none, gets the server's [MQTT-3.2.2-21]") {
    BrokerRig rig(Limits{.keep_alive_sec_max = 60});
    const auto told = [&rig](std::uint16_t asked) {
        return answer(rig, asks(Hello{.keep_alive_sec = asked})).properties.server_keep_alive_sec;
    };
    CHECK_FALSE(told(60));
    CHECK(told(61) == 60);
    CHECK(told(0) == 60);
}

TEST_CASE("the server's keep alive is the one that holds [MQTT-3.1.2-21] [MQTT-3.1.2-22]") {
    BrokerRig rig(Limits{.keep_alive_sec_max = 60});
    TestClient client(rig, Hello{.keep_alive_sec = 0});
    TestClient old(rig, Hello{.client_id = "old", .version = ProtocolVersion::V311});
    rig.advance(Duration::seconds(89));
    CHECK_FALSE(client.closed());
    rig.advance(Duration::seconds(2));
    CHECK(client.expect<mqtt::Disconnect>().reason == ReasonCode::KeepAliveTimeout);
    CHECK_FALSE(old.closed());  // was told nothing, and asked for none
}

TEST_CASE("without Server Keep Alive the client's value holds [MQTT-3.2.2-22]") {
    BrokerRig rig(Limits{.keep_alive_sec_max = 60});
    TestClient client(rig, Hello{.keep_alive_sec = 10});
    rig.advance(Duration::seconds(16));
    CHECK(client.expect<mqtt::Disconnect>().reason == ReasonCode::KeepAliveTimeout);
}

TEST_CASE("a session expiry above the cap is clipped and told, also with DISCONNECT") {
    BrokerRig rig(Limits{.session_expiry_sec_max = 100});
    TestClient within(rig, Hello{.client_id = "1", .session_expiry_sec = 100});
    CHECK_FALSE(within.connack.properties.session_expiry_interval_sec);
    TestClient above(rig, Hello{.client_id = "2", .session_expiry_sec = 0xFFFF'FFFF});
    CHECK(above.connack.properties.session_expiry_interval_sec == 100);
    above.leave(ReasonCode::Success, 5000);
    rig.advance(Duration::seconds(99));
    TestClient back(rig, Hello{.client_id = "2", .clean_start = false, .session_expiry_sec = 100});
    CHECK(back.connack.session_present);
    back.leave();
    rig.advance(Duration::seconds(101));
    const TestClient late(rig, Hello{.client_id = "2", .clean_start = false});
    CHECK_FALSE(late.connack.session_present);
}

TEST_CASE("a 3.x session that would last for ever ends at the cap") {
    BrokerRig rig(Limits{.session_expiry_sec_max = 100});
    const Hello hello{.version = ProtocolVersion::V311, .clean_start = false};
    TestClient(rig, hello).leave();
    rig.advance(Duration::seconds(101));
    CHECK_FALSE(TestClient(rig, hello).connack.session_present);
}

TEST_CASE("response information comes to who asks for it, where there is any [MQTT-3.1.2-28]") {
    const auto told = [](std::string_view configured, std::string_view client_id,
                         std::optional<std::uint8_t> request) {
        BrokerRig rig({}, {.response_information = std::string(configured)});
        mqtt::Connect connect = asks(Hello{.client_id = client_id});
        connect.properties.request_response_information = request;
        TestClient client(rig);
        client.send(connect);
        const mqtt::Connack connack = client.expect<mqtt::Connack>();
        return std::string(connack.properties.response_information.value_or("nothing"));
    };
    CHECK(told("reply/%c", "me", std::uint8_t{1}) == "reply/me");
    CHECK(told("reply", "me", std::uint8_t{1}) == "reply");
    CHECK(told("reply/%c", "me", std::uint8_t{0}) == "nothing");
    CHECK(told("reply/%c", "me", std::nullopt) == "nothing");
    CHECK(told("", "me", std::uint8_t{1}) == "nothing");
    CHECK(told("reply/%c", "a+b", std::uint8_t{1}) == "nothing");
}

TEST_CASE("at shutdown 5.0 clients are told where to go, where that is configured") {
    BrokerRig rig({}, {.server_reference = "other.example:1883"});
    TestClient client(rig, Hello{});
    TestClient old(rig, Hello{.client_id = "old", .version = ProtocolVersion::V311});
    rig.core.shut_down(rig.now, rig.effects);
    rig.collect();
    const mqtt::Disconnect goodbye = client.expect<mqtt::Disconnect>();
    CHECK(goodbye.reason == ReasonCode::UseAnotherServer);
    CHECK(goodbye.properties.server_reference == "other.example:1883");
    CHECK(old.silent());
    CHECK(old.closed());
}

TEST_CASE("subscriptions get no more than the maximum QoS [MQTT-3.2.2-10]") {
    BrokerRig rig(Limits{.maximum_qos = kQoS1});
    TestClient client(rig, Hello{});
    CHECK(client.subscribe("a", kQoS0) == ReasonCode::Success);
    CHECK(client.subscribe("b", kQoS1) == ReasonCode::GrantedQoS1);
    CHECK(client.subscribe("c", kQoS2) == ReasonCode::GrantedQoS1);
}

TEST_CASE(
    "kinds of subscriptions that are denied are refused, each with its code [MQTT311-3.8.3-2]") {
    BrokerRig rig(Limits{.wildcard_subscription_available = false,
                         .shared_subscription_available = false,
                         .subscription_identifier_available = false});
    TestClient client(rig, Hello{});
    CHECK(client.subscribe("a/+") == ReasonCode::WildcardSubscriptionsNotSupported);
    CHECK(client.subscribe("#") == ReasonCode::WildcardSubscriptionsNotSupported);
    CHECK(client.subscribe("$share/g/a") == ReasonCode::SharedSubscriptionsNotSupported);
    CHECK(client.subscribe("a") == ReasonCode::Success);
    TestClient old(rig, Hello{.client_id = "old", .version = ProtocolVersion::V311});
    CHECK(old.subscribe("#") == ReasonCode::UnspecifiedError);
    client.send_subscribe("a", {}, 7);
    CHECK(client.expect<mqtt::Disconnect>().reason ==
          ReasonCode::SubscriptionIdentifiersNotSupported);
}

TEST_CASE("filters as long and as deep as the limits are taken, longer ones are 0x8F") {
    BrokerRig rig(Limits{.topic_bytes_max = 8, .topic_levels_max = 3});
    TestClient client(rig, Hello{});
    CHECK(client.subscribe("12345678") == ReasonCode::Success);
    CHECK(client.subscribe("123456789") == ReasonCode::TopicFilterInvalid);
    CHECK(client.subscribe("a/b/#") == ReasonCode::Success);
    CHECK(client.subscribe("a/b/c/#") == ReasonCode::TopicFilterInvalid);
    CHECK(client.subscribe("$share/group/a/b/c") == ReasonCode::Success);
}

TEST_CASE("a full queue refuses where it is told to: 5.0 hears 0x97, 3.x waits") {
    BrokerRig rig(Limits{.queue_refuses = true, .offline_messages_max = 1});
    TestClient away(rig, Hello{.client_id = "away", .session_expiry_sec = 1000});
    away.subscribe("a", kQoS1);
    away.leave();
    TestClient client(rig, Hello{});
    TestClient old(rig, Hello{.client_id = "old", .version = ProtocolVersion::V311});
    client.publish("a", "1", kQoS1, 1);
    CHECK(client.expect<mqtt::Puback>().reason == ReasonCode::Success);
    client.publish("a", "2", kQoS1, 2);
    CHECK(client.expect<mqtt::Puback>().reason == ReasonCode::QuotaExceeded);
    old.publish("a", "3", kQoS1, 3);
    CHECK(old.silent());
    CHECK(rig.count(broker::PauseReading{old.conn()}) == 1);

    TestClient back(rig, Hello{.client_id = "away", .clean_start = false});
    CHECK(back.expect_message() == "a=1");
    rig.advance(Duration::seconds(2));
    CHECK(old.expect<mqtt::Puback>().packet_id == 3);
    CHECK(back.expect_message() == "a=3");
}

TEST_CASE("a payload that is said to be UTF-8 is, or is refused with 0x99 and goes nowhere") {
    BrokerRig rig;
    TestClient client(rig, Hello{});
    TestClient listener(rig, Hello{.client_id = "listener"});
    listener.subscribe("t", kQoS0);
    const auto send = [&client](std::string_view payload, std::uint8_t format, QoS qos) {
        mqtt::Publish publish = TestClient::message("t", payload, qos, qos == kQoS0 ? 0 : 1);
        publish.properties.forwarded = {0x01, format};
        client.send(publish);
    };
    send("\xFF", 1, kQoS1);
    const mqtt::Puback puback = client.expect<mqtt::Puback>();
    CHECK(puback.reason == ReasonCode::PayloadFormatInvalid);
    CHECK(puback.properties.reason_string == "the payload is said to be UTF-8");
    send("\xFF", 1, kQoS2);
    CHECK(client.expect<mqtt::Pubrec>().reason == ReasonCode::PayloadFormatInvalid);
    send("\xFF", 1, kQoS0);
    CHECK(listener.silent());
    CHECK_FALSE(client.closed());
    send("\xFF", 0, kQoS1);
    CHECK(client.expect<mqtt::Puback>().reason == ReasonCode::Success);
    send("gr\xC3\xBC\xC3\x9F", 1, kQoS1);
    CHECK(client.expect<mqtt::Puback>().reason == ReasonCode::Success);
    CHECK(listener.expect_message() == "t=\xFF");

    Hello hello;
    hello.will = mqtt::Will{.topic = "w", .payload = as_bytes("\xFF")};
    hello.will->properties.forwarded = {0x01, 1};
    CHECK(answer(rig, asks(hello)).reason == ReasonCode::PayloadFormatInvalid);
}
