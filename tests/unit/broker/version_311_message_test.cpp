// What MQTT 3.1.1 says of PUBLISH, SUBSCRIBE and UNSUBSCRIBE, with clients of that version.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/support/broker_rig.h"

using namespace lotmesh;
using namespace lotmesh::test;

namespace {

Hello hello(std::string_view client_id) {
    return {.client_id = client_id, .version = ProtocolVersion::V311};
}

struct Bench {
    explicit Bench(broker::Limits limits = {}) : rig(limits) {}

    void retain(std::string_view topic, std::string_view payload, QoS qos = kQoS1) {
        publisher.publish(topic, payload, qos, qos == kQoS0 ? mqtt::PacketId{0} : mqtt::PacketId{1},
                          true);
        if (qos == kQoS1) publisher.expect<mqtt::Puback>();
    }
    // What a new subscriber gets at once.
    std::vector<std::string> retained(std::string_view filter) {
        TestClient reader(rig, hello("reader"));
        reader.subscribe(filter);
        std::vector<std::string> messages;
        while (!reader.silent())
            messages.push_back(reader.expect_message());
        return messages;
    }

    BrokerRig rig;
    TestClient publisher{rig, hello("publisher")};
    TestClient client{rig, hello("client")};
};

using Messages = std::vector<std::string>;

}  // namespace

TEST_CASE(
    "3.1.1: a retained message is kept with its QoS, replaced by any QoS, and removed "
    "[MQTT311-3.3.1-5] [MQTT311-3.3.1-7] [MQTT311-3.3.1-10] [MQTT311-3.3.1-11]") {
    Bench bench;
    bench.retain("a", "1", kQoS1);
    bench.client.subscribe("a", kQoS2);
    const auto got = bench.client.expect<mqtt::Publish>();
    CHECK(got.qos == kQoS1);
    CHECK(as_text(got.payload) == "1");
    bench.retain("a", "2", kQoS0);
    CHECK(bench.client.expect_message() == "a=2");
    CHECK(bench.retained("a") == Messages{"a=2"});
    bench.retain("a", "");
    CHECK(bench.client.expect_message() == "a=");  // delivered as any other
    CHECK(bench.retained("a").empty());
}

TEST_CASE("3.1.1: RETAIN 0 leaves the retained message alone [MQTT311-3.3.1-12]") {
    Bench bench;
    bench.publisher.publish("b", "live", kQoS1, 1);
    CHECK(bench.retained("#").empty());
    bench.retain("a", "1");
    bench.publisher.publish("a", "2", kQoS1, 1);
    bench.publisher.publish("a", "");
    CHECK(bench.retained("#") == Messages{"a=1"});
}

TEST_CASE(
    "3.1.1: a new subscription gets each retained message with RETAIN 1, an old one with 0 "
    "[MQTT311-3.3.1-6] [MQTT311-3.3.1-8] [MQTT311-3.3.1-9]") {
    Bench bench;
    for (const char* topic : {"a/x", "a/y", "b"})
        bench.retain(topic, "1");
    bench.client.subscribe("a/+");
    for (const char* topic : {"a/x", "a/y"}) {
        const auto got = bench.client.expect<mqtt::Publish>();
        CHECK(got.topic == topic);
        CHECK(got.retain);
    }
    CHECK(bench.client.silent());
    bench.retain("a/x", "2");
    CHECK_FALSE(bench.client.expect<mqtt::Publish>().retain);
}

TEST_CASE("3.1.1: a PUBLISH that is not allowed is acknowledged all the same [MQTT311-3.3.5-2]") {
    Bench bench;
    bench.client.subscribe("$other");
    bench.publisher.publish("$other", "x", kQoS1, 7);
    CHECK(bench.publisher.expect<mqtt::Puback>().packet_id == 7);
    bench.publisher.publish("$other", "x", kQoS2, 8);
    CHECK(bench.publisher.expect<mqtt::Pubrec>().packet_id == 8);
    bench.publisher.pubrel(8);
    CHECK(bench.publisher.expect<mqtt::Pubcomp>().packet_id == 8);
    CHECK_FALSE(bench.publisher.closed());
    CHECK(bench.client.silent());
    CHECK(bench.rig.cluster.messages.empty());
}

TEST_CASE(
    "the topic that is sent is the one that was published, whatever it matched by "
    "[MQTT-3.3.2-3] [MQTT311-3.3.2-3] [MQTT311-4.7.1-2] [MQTT311-4.7.1-3]") {
    Bench bench;
    TestClient five(bench.rig, Hello{.client_id = "five"});
    bench.client.subscribe("a/+/c");
    bench.client.subscribe("x/#");
    five.subscribe("#");
    for (const char* topic : {"a/b/c", "a//c", "x", "x/y", "x/y/z"}) {
        bench.publisher.publish(topic, "1");
        CHECK(bench.client.expect_message() == std::string(topic) + "=1");
        CHECK(five.expect_message() == std::string(topic) + "=1");
    }
    for (const char* topic : {"a/b", "a/b/c/d", "xx", "/x"}) {
        bench.publisher.publish(topic, "1");
        CHECK(bench.client.silent());
    }
}

TEST_CASE("3.1.1: a leading wildcard does not match a leading dollar [MQTT311-4.7.2-1]") {
    Bench bench;
    bench.client.subscribe("#");
    bench.client.subscribe("+/x");
    bench.rig.core.publish_sys("$SYS/x", "1", bench.rig.now, bench.rig.effects);
    bench.rig.collect();
    CHECK(bench.client.silent());
    bench.client.subscribe("$SYS/#");
    bool found = false;
    while (!bench.client.silent())
        found |= bench.client.expect_message() == "$SYS/x=1";
    CHECK(found);
}

TEST_CASE("3.1.1: names are compared as they are [MQTT311-4.7.3-4] [MQTT311-4.7.3-3]") {
    Bench bench(broker::Limits{.topic_bytes_max = kTopicBytesMax});
    const std::string longest(65'535, 'x');
    for (const std::string& filter :
         {std::string("\xC3\xA4"), std::string("A"), std::string("/a"), longest})
        CHECK(bench.client.subscribe(filter) == ReasonCode::Success);
    // decomposed, in lower case, with a slash more, with a character less
    for (const std::string& topic :
         {std::string("a\xCC\x88"), std::string("a"), std::string("//a"), longest.substr(1)}) {
        bench.publisher.publish(topic, "1");
        CHECK(bench.client.silent());
    }
    bench.publisher.publish("\xC3\xA4", "1");
    CHECK(bench.client.expect_message() == "\xC3\xA4=1");
    bench.publisher.publish(longest, "1");
    CHECK(bench.client.expect<mqtt::Publish>().topic == longest);
}

TEST_CASE("3.1.1: overlapping subscriptions deliver at the highest QoS [MQTT311-3.3.5-1]") {
    Bench bench;
    bench.client.subscribe("a/b", kQoS0);
    bench.client.subscribe("a/+", kQoS2);
    bench.client.subscribe("#", kQoS1);
    bench.publisher.publish("a/b", "x", kQoS2, 1);
    CHECK(bench.client.expect<mqtt::Publish>().qos == kQoS2);
    CHECK(bench.client.silent());
}

TEST_CASE(
    "3.1.1: SUBACK repeats the identifier and has a code for each filter, in order "
    "[MQTT311-3.8.4-1] [MQTT311-3.8.4-2] [MQTT311-3.8.4-4] [MQTT311-3.8.4-5] [MQTT311-3.9.3-1] "
    "[MQTT311-3.9.3-2] [MQTT311-2.3.1-7]") {
    Bench bench(broker::Limits{.topic_levels_max = 3});
    mqtt::Subscribe packet;
    packet.packet_id = 0x1234;
    packet.entries = {{"a", {.qos = kQoS2}}, {"1/2/3/4", {}}, {"b", {}}, {"c", {.qos = kQoS1}}};
    bench.client.send(packet);
    CHECK(bench.rig.outputs[bench.client.conn()] == Bytes{0x90, 6, 0x12, 0x34, 2, 0x80, 0, 1});
    bench.client.expect<mqtt::Suback>();
    for (const char* topic : {"a", "b", "c"}) {
        bench.publisher.publish(topic, "x");
        CHECK(bench.client.expect_message() == std::string(topic) + "=x");
    }
}

TEST_CASE(
    "3.1.1: the same filter again replaces the subscription and sends what is retained again "
    "[MQTT311-3.8.4-3]") {
    Bench bench;
    bench.retain("a", "kept");
    bench.client.subscribe("a", kQoS2);
    CHECK(bench.client.expect_message() == "a=kept");
    CHECK(bench.client.subscribe("a", kQoS0) == ReasonCode::Success);
    CHECK(bench.client.expect_message() == "a=kept");
    bench.publisher.publish("a", "live", kQoS2, 1);
    const auto got = bench.client.expect<mqtt::Publish>();
    CHECK(got.qos == kQoS0);
    CHECK(as_text(got.payload) == "live");
    CHECK(bench.client.silent());
}

TEST_CASE("3.1.1: the delivery QoS is the lesser of published and granted [MQTT311-3.8.4-6]") {
    for (const QoS granted : {kQoS0, kQoS1, kQoS2}) {
        for (const QoS published : {kQoS0, kQoS1, kQoS2}) {
            Bench bench;
            CHECK(bench.client.subscribe("a", granted) == static_cast<ReasonCode>(granted));
            bench.publisher.publish("a", "x", published,
                                    published == kQoS0 ? mqtt::PacketId{0} : mqtt::PacketId{1});
            CHECK(bench.client.expect<mqtt::Publish>().qos == std::min(granted, published));
        }
    }
}

TEST_CASE(
    "3.1.1: UNSUBSCRIBE ends what it names byte for byte and is answered once "
    "[MQTT311-3.10.4-1] [MQTT311-3.10.4-2] [MQTT311-3.10.4-4] [MQTT311-3.10.4-6] "
    "[MQTT311-2.3.1-7]") {
    Bench bench;
    for (const char* filter : {"a", "b", "c", "d/+"})
        bench.client.subscribe(filter);
    bench.client.send(mqtt::Unsubscribe{
        .packet_id = 0x4321, .filters = {"a", "B", "d/#", "c"}, .properties = {}});
    CHECK(bench.rig.outputs[bench.client.conn()] == Bytes{0xB0, 2, 0x43, 0x21});
    bench.client.expect<mqtt::Unsuback>();
    for (const char* topic : {"a", "b", "c", "d/x"})
        bench.publisher.publish(topic, "x");
    CHECK(bench.client.expect_message() == "b=x");
    CHECK(bench.client.expect_message() == "d/x=x");
    CHECK(bench.client.silent());
}

TEST_CASE("3.1.1: UNSUBACK comes also where nothing was subscribed to [MQTT311-3.10.4-5]") {
    Bench bench;
    bench.client.send(mqtt::Unsubscribe{.packet_id = 7, .filters = {"a"}, .properties = {}});
    CHECK(bench.client.expect<mqtt::Unsuback>().packet_id == 7);
    CHECK(bench.client.silent());
}

TEST_CASE(
    "deliveries that have begun outlive the subscription [MQTT-3.10.4-3] [MQTT311-3.10.4-3]") {
    for (const ProtocolVersion version : {ProtocolVersion::V311, ProtocolVersion::V5}) {
        Bench bench;
        const Hello kept{.client_id = "kept",
                         .version = version,
                         .clean_start = false,
                         .session_expiry_sec = 100};
        TestClient first(bench.rig, kept);
        first.subscribe("a", kQoS2);
        bench.publisher.publish("a", "one", kQoS1, 1);
        bench.publisher.publish("a", "two", kQoS2, 2);
        first.expect<mqtt::Publish>();
        first.expect<mqtt::Publish>();
        first.send(mqtt::Unsubscribe{.packet_id = 7, .filters = {"a"}, .properties = {}});
        first.expect<mqtt::Unsuback>();
        first.drop();
        TestClient second(bench.rig, kept);
        CHECK(second.expect_message() == "a=one");
        CHECK(second.expect_message() == "a=two");
        second.pubrec(2);
        CHECK(second.expect<mqtt::Pubrel>().packet_id == 2);
    }
}

TEST_CASE("3.1.1: who sends more than can be held for it is closed [MQTT311-4.8.0-2]") {
    Bench bench(broker::Limits{.packet_bytes_max = 1000, .held_input_bytes_max = 500});
    bench.rig.cluster.pause_sources = true;
    bench.publisher.publish("a", "x", kQoS1, 1);
    bench.publisher.expect<mqtt::Puback>();
    bench.publisher.send_raw(Bytes(1500, 0xC0));
    CHECK_FALSE(bench.publisher.closed());
    bench.publisher.send_raw(Bytes(1, 0xC0));
    CHECK(bench.publisher.closed());
    CHECK(bench.publisher.silent());
    CHECK_FALSE(bench.client.closed());
}
