#include <doctest/doctest.h>

#include "tests/support/broker_rig.h"

using namespace lotmesh;
using namespace lotmesh::test;
using mqtt::RetainHandling;
using mqtt::SubscriptionOptions;

namespace {

struct Bench {
    explicit Bench(broker::Limits limits = {}) : rig(limits) {}
    void retain(std::string_view topic, std::string_view payload, QoS qos = kQoS0) {
        publisher.publish(topic, payload, qos, qos == kQoS0 ? mqtt::PacketId{0} : mqtt::PacketId{1},
                          true);
    }
    // What a new subscriber gets at once.
    std::vector<std::string> retained(std::string_view filter) {
        TestClient client(rig, Hello{.client_id = "reader"});
        client.subscribe(filter);
        std::vector<std::string> messages;
        while (!client.silent())
            messages.push_back(client.expect_message());
        return messages;
    }

    BrokerRig rig;
    TestClient publisher{rig, Hello{.client_id = "publisher"}};
};

using Messages = std::vector<std::string>;

}  // namespace

TEST_CASE(
    "a retained message is kept, replaced, removed "
    "[MQTT-3.3.1-5] [MQTT-3.3.1-6] [MQTT-3.3.1-7]") {
    Bench bench;
    bench.retain("a", "1");
    CHECK(bench.retained("a") == Messages{"a=1"});
    bench.retain("a", "2");
    CHECK(bench.retained("a") == Messages{"a=2"});
    bench.retain("a", "");
    CHECK(bench.retained("a").empty());
}

TEST_CASE("a message without the flag leaves the retained one alone [MQTT-3.3.1-8]") {
    Bench bench;
    bench.retain("a", "1");
    bench.publisher.publish("a", "2");
    bench.publisher.publish("a", "");
    CHECK(bench.retained("a") == Messages{"a=1"});
}

TEST_CASE("a wildcard subscription gets all that match, in the order of topics") {
    Bench bench;
    for (const char* topic : {"b", "a/z", "a", "a/b/c", "ab", "a/c"})
        bench.retain(topic, "1");
    CHECK(bench.retained("a/#") == Messages{"a=1", "a/b/c=1", "a/c=1", "a/z=1"});
    CHECK(bench.retained("a/+") == Messages{"a/c=1", "a/z=1"});
    CHECK(bench.retained("+") == Messages{"a=1", "ab=1", "b=1"});
    CHECK(bench.retained("#").size() == 6);
    CHECK(bench.retained("c/#").empty());
}

TEST_CASE(
    "a retained message is sent with RETAIN 1, live ones by Retain As Published "
    "[MQTT-3.3.1-12] [MQTT-3.3.1-13]") {
    Bench bench;
    bench.retain("a", "1");
    TestClient plain(bench.rig, Hello{.client_id = "plain"});
    TestClient as_published(bench.rig, Hello{.client_id = "rap"});
    plain.subscribe("a");
    as_published.subscribe("a", SubscriptionOptions{.retain_as_published = true});
    CHECK(plain.expect<mqtt::Publish>().retain);
    CHECK(as_published.expect<mqtt::Publish>().retain);
    bench.retain("a", "2");
    bench.publisher.publish("a", "3");
    CHECK_FALSE(plain.expect<mqtt::Publish>().retain);
    CHECK(as_published.expect<mqtt::Publish>().retain);
    CHECK_FALSE(plain.expect<mqtt::Publish>().retain);
    CHECK_FALSE(as_published.expect<mqtt::Publish>().retain);
}

TEST_CASE(
    "Retain Handling 0 sends always, 1 for a new subscription, 2 never "
    "[MQTT-3.3.1-9] [MQTT-3.3.1-10] [MQTT-3.3.1-11] [MQTT-3.8.4-4]") {
    Bench bench;
    bench.retain("a", "1");
    TestClient client(bench.rig, Hello{});
    client.subscribe("a", SubscriptionOptions{.retain_handling = RetainHandling::DoNotSend});
    CHECK(client.silent());
    client.subscribe("a", SubscriptionOptions{.retain_handling = RetainHandling::SendIfNew});
    CHECK(client.silent());
    client.subscribe("a", SubscriptionOptions{.retain_handling = RetainHandling::Send});
    CHECK(client.expect_message() == "a=1");
    client.subscribe("a", SubscriptionOptions{.retain_handling = RetainHandling::Send});
    CHECK(client.expect_message() == "a=1");
    client.subscribe("+", SubscriptionOptions{.retain_handling = RetainHandling::SendIfNew});
    CHECK(client.expect_message() == "a=1");
}

TEST_CASE("Retain Handling 1 after resumption: the subscription is not new") {
    Bench bench;
    bench.retain("a", "1");
    const Hello hello{.clean_start = false, .session_expiry_sec = 100};
    const SubscriptionOptions options{.retain_handling = RetainHandling::SendIfNew};
    TestClient first(bench.rig, hello);
    first.subscribe("a", options);
    CHECK(first.expect_message() == "a=1");
    first.drop();
    TestClient second(bench.rig, hello);
    second.subscribe("a", options);
    CHECK(second.silent());
}

TEST_CASE("retained messages carry QoS and identifier of the new subscription only") {
    Bench bench;
    bench.retain("a", "1", kQoS2);
    TestClient client(bench.rig, Hello{});
    client.subscribe("#", SubscriptionOptions{.retain_handling = RetainHandling::DoNotSend}, 3);
    client.subscribe("a", SubscriptionOptions{.qos = kQoS1}, 4);
    const mqtt::Publish got = client.expect<mqtt::Publish>();
    CHECK(got.qos == kQoS1);
    CHECK(got.properties.subscription_identifiers == std::vector<std::uint32_t>{4});
}

TEST_CASE("a burst of retained messages keeps to the window [MQTT-4.9.0-2]") {
    Bench bench;
    for (const char* topic : {"a", "b", "c"})
        bench.retain(topic, "1", kQoS1);
    TestClient client(bench.rig, Hello{.receive_maximum = 1});
    client.subscribe("#", kQoS1);
    CHECK(client.expect_message() == "a=1");
    CHECK(client.silent());
    client.puback(1);
    CHECK(client.expect_message() == "b=1");
    client.puback(2);
    CHECK(client.expect_message() == "c=1");
}

TEST_CASE("a long burst of QoS 0 goes out in portions") {
    Bench bench;
    const std::string payload(2000, 'x');
    for (int i = 0; i < 1000; ++i)
        bench.retain("t/" + std::to_string(i), payload);
    TestClient client(bench.rig, Hello{});
    client.send_subscribe("#", {});
    CHECK(client.unread_bytes() < 600'000);
    CHECK(bench.rig.core.next_deadline() <= bench.rig.now.instant);
    for (int i = 0; i < 10; ++i)
        bench.rig.advance(Duration{});
    client.expect<mqtt::Suback>();
    for (int i = 0; i < 1000; ++i)
        client.expect<mqtt::Publish>();
    CHECK(client.silent());
}

TEST_CASE("No Local holds for retained messages, too") {
    BrokerRig rig;
    TestClient client(rig, Hello{});
    client.publish("a", "mine", kQoS0, 0, true);
    client.subscribe("a", SubscriptionOptions{.no_local = true});
    CHECK(client.silent());
}

TEST_CASE("No Local knows the client again whose session has ended, and nobody else") {
    BrokerRig rig;
    TestClient first(rig, Hello{.client_id = "one"});
    first.publish("a", "mine", kQoS0, 0, true);
    first.leave();
    TestClient other(rig, Hello{.client_id = "two"});  // perhaps in the place of the first
    other.subscribe("a", SubscriptionOptions{.no_local = true});
    CHECK(other.expect_message() == "a=mine");
    TestClient again(rig, Hello{.client_id = "one"});
    again.subscribe("a", SubscriptionOptions{.no_local = true});
    CHECK(again.silent());
}

TEST_CASE("so many topics are retained and no more") {
    Bench bench(broker::Limits{.retained_max = 2});
    bench.retain("a", "1");
    bench.retain("b", "1");
    bench.publisher.publish("c", "1", kQoS1, 1, true);
    CHECK(bench.publisher.expect<mqtt::Puback>().reason == ReasonCode::QuotaExceeded);
    bench.retain("c", "1");  // nobody can be told
    CHECK(bench.rig.core.counters().drops.retained_full == 1);
    bench.retain("b", "2");
    CHECK(bench.retained("#") == Messages{"a=1", "b=2"});
    bench.retain("a", "");
    bench.retain("c", "1");
    CHECK(bench.retained("#") == Messages{"b=2", "c=1"});
}

TEST_CASE("so many bytes are retained and no more") {
    const std::size_t one = broker::Message::memory_bytes({.topic = "a", .payload = Bytes(100)});
    Bench bench(broker::Limits{.retained_bytes_max = 2 * one});
    const auto reason = [&bench](std::string_view topic, std::size_t size) {
        bench.publisher.publish(topic, std::string(size, 'x'), kQoS1, 1, true);
        return bench.publisher.expect<mqtt::Puback>().reason;
    };
    CHECK(reason("a", 100) == ReasonCode::NoMatchingSubscribers);
    CHECK(reason("b", 101) == ReasonCode::QuotaExceeded);
    CHECK(reason("b", 100) == ReasonCode::NoMatchingSubscribers);
    CHECK(reason("a", 101) == ReasonCode::QuotaExceeded);
    CHECK(reason("a", 50) == ReasonCode::NoMatchingSubscribers);
    CHECK(reason("b", 150) == ReasonCode::NoMatchingSubscribers);
    bench.retain("a", std::string(100, 'x'));  // nobody can be told
    CHECK(bench.rig.core.counters().drops.retained_full == 1);
    bench.retain("b", "");
    CHECK(reason("a", 200) == ReasonCode::NoMatchingSubscribers);
}

TEST_CASE("a retained message goes to the cluster with a version, a plain one without") {
    Bench bench;
    bench.rig.cluster.forwarded = broker::Forwarded::Accepted;
    bench.retain("a", "1");
    bench.publisher.publish("a", "2");
    bench.retain("a", "");
    const auto& messages = bench.rig.cluster.messages;
    REQUIRE(messages.size() == 3);
    REQUIRE(messages[0]->version().has_value());
    CHECK_FALSE(messages[1]->version().has_value());
    REQUIRE(messages[2]->version().has_value());
    CHECK(*messages[0]->version() < *messages[2]->version());
    CHECK(messages[0]->version()->node == NodeId{{1}});
}
