#include <doctest/doctest.h>

#include "tests/support/broker_rig.h"

using namespace lotmesh;
using namespace lotmesh::test;
using mqtt::RetainHandling;
using mqtt::SubscriptionOptions;

namespace {

struct Bench {
    explicit Bench(broker::Limits limits = {}) : rig(limits) {}

    BrokerRig rig;
    TestClient publisher{rig, Hello{.client_id = "publisher"}};
    TestClient client{rig, Hello{}};
};

}  // namespace

TEST_CASE(
    "SUBACK repeats the identifier and has one code for each filter, in order "
    "[MQTT-3.8.4-1] [MQTT-3.8.4-2] [MQTT-3.8.4-5] [MQTT-3.8.4-6] [MQTT-3.8.4-7] [MQTT-3.9.3-1]") {
    Bench bench(broker::Limits{.topic_levels_max = 3});
    mqtt::Subscribe packet;
    packet.packet_id = 1234;
    packet.entries = {
        {"a", {.qos = kQoS2}}, {"b/#", {.qos = kQoS0}}, {"1/2/3/4", {}}, {"+/c", {.qos = kQoS1}}};
    bench.client.send(packet);
    const mqtt::Suback suback = bench.client.expect<mqtt::Suback>();
    CHECK(suback.packet_id == 1234);
    CHECK(suback.reasons == std::vector{ReasonCode::GrantedQoS2, ReasonCode::Success,
                                        ReasonCode::TopicFilterInvalid, ReasonCode::GrantedQoS1});
    CHECK(bench.client.silent());
}

TEST_CASE("wildcards match as they should [MQTT-4.7.1-1] [MQTT-4.7.1-2]") {
    Bench bench;
    bench.client.subscribe("a/+/c");
    bench.client.subscribe("x/#");
    for (const char* topic : {"a/b/c", "a//c", "x", "x/y", "x/y/z"}) {
        bench.publisher.publish(topic, "1");
        CHECK(bench.client.expect_message() == std::string(topic) + "=1");
    }
    for (const char* topic : {"a/b", "a/b/c/d", "y", "A/b/c"}) {
        bench.publisher.publish(topic, "1");
        CHECK(bench.client.silent());
    }
}

TEST_CASE("wildcards at the beginning do not match $ topics [MQTT-4.7.2-1]") {
    Bench bench;
    bench.client.subscribe("#");
    bench.client.subscribe("+/broker/#");
    bench.rig.core.publish_sys("$SYS/broker/x", "1", bench.rig.now, bench.rig.effects);
    bench.rig.collect();
    CHECK(bench.client.silent());
    bench.client.subscribe("$SYS/broker/x");
    CHECK(bench.client.expect_message() == "$SYS/broker/x=1");
}

TEST_CASE(
    "overlapping subscriptions give one copy at the highest QoS with all identifiers "
    "[MQTT-3.3.4-2] [MQTT-3.3.4-4]") {
    Bench bench;
    bench.client.subscribe("a/b", SubscriptionOptions{.qos = kQoS0}, 5);
    bench.client.subscribe("a/+", SubscriptionOptions{.qos = kQoS2}, 7);
    bench.client.subscribe("#", SubscriptionOptions{.qos = kQoS1});
    bench.publisher.publish("a/b", "x", kQoS2, 1);
    const mqtt::Publish got = bench.client.expect<mqtt::Publish>();
    CHECK(got.qos == kQoS2);
    auto identifiers = got.properties.subscription_identifiers;
    std::ranges::sort(identifiers);
    CHECK(identifiers == std::vector<std::uint32_t>{5, 7});
    CHECK(bench.client.silent());
}

TEST_CASE("identifiers survive the queue of a client that is away [MQTT-3.3.4-3]") {
    BrokerRig rig;
    const Hello hello{.clean_start = false, .session_expiry_sec = 100};
    TestClient publisher(rig, Hello{.client_id = "p"});
    TestClient first(rig, hello);
    first.subscribe("a", SubscriptionOptions{.qos = kQoS1}, 1);
    first.subscribe("#", SubscriptionOptions{.qos = kQoS1}, 268'435'455);
    first.drop();
    publisher.publish("a", "x", kQoS1, 1);
    TestClient second(rig, hello);
    auto identifiers = second.expect<mqtt::Publish>().properties.subscription_identifiers;
    std::ranges::sort(identifiers);
    CHECK(identifiers == std::vector<std::uint32_t>{1, 268'435'455});
}

TEST_CASE("the same filter again replaces options and identifier [MQTT-3.8.4-3]") {
    Bench bench;
    bench.client.subscribe("a", SubscriptionOptions{.qos = kQoS2}, 5);
    CHECK(bench.client.subscribe("a", SubscriptionOptions{.qos = kQoS0}) == ReasonCode::Success);
    bench.publisher.publish("a", "x", kQoS1, 1);
    const mqtt::Publish got = bench.client.expect<mqtt::Publish>();
    CHECK(got.qos == kQoS0);
    CHECK(got.properties.subscription_identifiers.empty());
    CHECK(bench.client.silent());
    CHECK(bench.rig.cluster.interest == std::vector<std::string>{"+a"});
}

TEST_CASE("No Local keeps a client's own messages from it [MQTT-3.8.3-3]") {
    Bench bench;
    bench.client.subscribe("a", SubscriptionOptions{.no_local = true});
    bench.client.publish("a", "mine");
    CHECK(bench.client.silent());
    bench.publisher.publish("a", "other's");
    CHECK(bench.client.expect_message() == "a=other's");
}

TEST_CASE("No Local of one subscription does not silence another one") {
    Bench bench;
    bench.client.subscribe("a", SubscriptionOptions{.qos = kQoS2, .no_local = true}, 1);
    bench.client.subscribe("+", SubscriptionOptions{.qos = kQoS1}, 2);
    bench.client.publish("a", "mine", kQoS2, 1);
    const mqtt::Publish got = bench.client.expect<mqtt::Publish>();
    CHECK(got.qos == kQoS1);
    CHECK(got.properties.subscription_identifiers == std::vector<std::uint32_t>{2});
    bench.publisher.publish("a", "other's", kQoS2, 1);
    bench.client.expect<mqtt::Pubrec>();
    CHECK(bench.client.expect<mqtt::Publish>().qos == kQoS2);
}

TEST_CASE("what is refused has a code in 5.0, is 0x80 in 3.1.1, and has no code in 3.1") {
    BrokerRig rig(broker::Limits{.topic_levels_max = 3});
    TestClient five(rig, Hello{.client_id = "5"});
    CHECK(five.subscribe("1/2/3/4") == ReasonCode::TopicFilterInvalid);
    TestClient four(rig, Hello{.client_id = "4", .version = ProtocolVersion::V311});
    CHECK(four.subscribe("1/2/3/4") == ReasonCode::UnspecifiedError);
    TestClient three(rig, Hello{.client_id = "3", .version = ProtocolVersion::V31});
    CHECK(three.subscribe("1/2/3/4") == ReasonCode::Success);
    CHECK(rig.cluster.interest.empty());
    CHECK(rig.cluster.barriers.empty());
}

TEST_CASE("No Local on a shared subscription is a protocol error [MQTT-3.8.3-4]") {
    Bench bench;
    bench.client.send_subscribe("$share/g/a", SubscriptionOptions{.no_local = true});
    CHECK(bench.client.expect<mqtt::Disconnect>().reason == ReasonCode::ProtocolError);
}

TEST_CASE("a name that only begins like the cluster's can be subscribed to") {
    Bench bench;
    CHECK(bench.client.subscribe("$clusters") == ReasonCode::Success);
}

TEST_CASE("filters below $ are no interest of the peers") {
    Bench bench;
    bench.client.subscribe("$SYS/#");
    CHECK(bench.rig.cluster.interest.empty());
    CHECK(bench.rig.cluster.barriers.empty());
    std::vector<std::string> filters;
    bench.rig.core.for_each_interest([&](std::string_view f) { filters.emplace_back(f); });
    CHECK(filters.empty());
}

TEST_CASE("interest of the node begins with the first subscription and ends with the last") {
    Bench bench;
    TestClient other(bench.rig, Hello{.client_id = "other"});
    bench.client.subscribe("a/#");
    other.subscribe("a/#");
    other.subscribe("b");
    CHECK(bench.rig.cluster.interest == std::vector<std::string>{"+a/#", "+b"});
    std::vector<std::string> filters;
    bench.rig.core.for_each_interest([&](std::string_view f) { filters.emplace_back(f); });
    CHECK(filters == std::vector<std::string>{"a/#", "b"});
    bench.client.drop();
    CHECK(bench.rig.cluster.interest.size() == 2);
    other.drop();
    CHECK(bench.rig.cluster.interest == std::vector<std::string>{"+a/#", "+b", "-a/#", "-b"});
}

TEST_CASE(
    "UNSUBSCRIBE ends a subscription and says what there was "
    "[MQTT-3.10.4-1] [MQTT-3.10.4-4] [MQTT-3.10.4-5] [MQTT-3.10.4-6] [MQTT-3.11.3-1]") {
    Bench bench;
    bench.client.subscribe("a");
    mqtt::Unsubscribe packet{.packet_id = 77, .filters = {"b", "a", "A"}, .properties = {}};
    bench.client.send(packet);
    const mqtt::Unsuback unsuback = bench.client.expect<mqtt::Unsuback>();
    CHECK(unsuback.packet_id == 77);
    CHECK(unsuback.reasons == std::vector{ReasonCode::NoSubscriptionExisted, ReasonCode::Success,
                                          ReasonCode::NoSubscriptionExisted});
    bench.publisher.publish("a", "x");  // [MQTT-3.10.4-2]
    CHECK(bench.client.silent());
    CHECK(bench.rig.cluster.interest == std::vector<std::string>{"+a", "-a"});
}

TEST_CASE("a 3.1.1 UNSUBACK has no codes") {
    BrokerRig rig;
    TestClient client(rig, Hello{.version = ProtocolVersion::V311});
    client.send(mqtt::Unsubscribe{.packet_id = 7, .filters = {"a"}, .properties = {}});
    CHECK(rig.outputs[client.conn()] == Bytes{0xB0, 2, 0, 7});
}

TEST_CASE("deliveries that have begun are completed after UNSUBSCRIBE [MQTT-3.10.4-3]") {
    Bench bench;
    bench.client.subscribe("a", kQoS2);
    bench.publisher.publish("a", "x", kQoS2, 1);
    bench.client.expect<mqtt::Publish>();
    bench.client.send(mqtt::Unsubscribe{.packet_id = 7, .filters = {"a"}, .properties = {}});
    bench.client.expect<mqtt::Unsuback>();
    bench.client.pubrec(1);
    CHECK(bench.client.expect<mqtt::Pubrel>().packet_id == 1);
}

TEST_CASE("an empty SUBSCRIBE is a protocol error [MQTT-3.8.3-2]") {
    Bench bench;
    bench.client.send_raw(Bytes{0x82, 3, 0, 1, 0});
    CHECK(bench.client.expect<mqtt::Disconnect>().reason == ReasonCode::ProtocolError);
}

TEST_CASE("a session has so many subscriptions and no more") {
    Bench bench(broker::Limits{.subscriptions_per_session_max = 3});
    for (const char* filter : {"a", "b", "c"})
        CHECK(bench.client.subscribe(filter) == ReasonCode::Success);
    CHECK(bench.client.subscribe("d") == ReasonCode::QuotaExceeded);
    CHECK(bench.client.subscribe("c", kQoS1) == ReasonCode::GrantedQoS1);
}

TEST_CASE("one SUBSCRIBE may have so many filters, the rest is refused") {
    BrokerRig rig(broker::Limits{.filters_per_subscribe_max = 2});
    TestClient client(rig, Hello{});
    mqtt::Subscribe packet{.packet_id = 1, .entries = {}, .properties = {}};
    for (const char* filter : {"a", "b", "c"})
        packet.entries.push_back({filter, {}});
    client.send(packet);
    CHECK(client.expect<mqtt::Suback>().reasons ==
          std::vector{ReasonCode::Success, ReasonCode::Success, ReasonCode::QuotaExceeded});
    CHECK(client.subscribe("c") == ReasonCode::Success);
}

TEST_CASE("the filters of a session may take so many bytes and no more") {
    // A filter of two levels: three bytes of text, and one hundred for each level.
    BrokerRig rig(broker::Limits{.filter_bytes_per_session_max = 2 * 203});
    TestClient client(rig, Hello{});
    CHECK(client.subscribe("a/b") == ReasonCode::Success);
    CHECK(client.subscribe("a/cc") == ReasonCode::QuotaExceeded);
    CHECK(client.subscribe("a/c") == ReasonCode::Success);
    CHECK(client.subscribe("a/c", kQoS1) == ReasonCode::GrantedQoS1);
    CHECK(client.subscribe("d") == ReasonCode::QuotaExceeded);
    client.send(mqtt::Unsubscribe{.packet_id = 1, .filters = {"a/b"}, .properties = {}});
    client.expect<mqtt::Unsuback>();
    CHECK(client.subscribe("d") == ReasonCode::Success);
}

TEST_CASE("subscriptions of a session that is resumed still hold") {
    BrokerRig rig;
    const Hello hello{.clean_start = false, .session_expiry_sec = 100};
    TestClient first(rig, hello);
    first.subscribe("a", SubscriptionOptions{.qos = kQoS1}, 3);
    first.drop();
    TestClient second(rig, hello);
    second.publish("a", "x");
    const mqtt::Publish got = second.expect<mqtt::Publish>();
    CHECK(got.properties.subscription_identifiers == std::vector<std::uint32_t>{3});
}
