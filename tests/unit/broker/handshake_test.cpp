// The handshakes of sections 4.3 and 4.4, as sender and as receiver, in 5.0 and in 3.1.1.
#include <doctest/doctest.h>

#include <array>
#include <set>

#include "tests/support/broker_rig.h"

using namespace lotmesh;
using namespace lotmesh::test;

namespace {

constexpr std::array kBoth{ProtocolVersion::V311, ProtocolVersion::V5};

// A publisher and a subscriber of one version whose sessions are kept.
struct Bench {
    explicit Bench(ProtocolVersion v) : version(v) {}

    Hello hello(std::string_view client_id) const {
        return {.client_id = client_id,
                .version = version,
                .clean_start = false,
                .session_expiry_sec = 1000};
    }
    void publish(std::string_view payload, QoS qos) {
        publisher.publish("a", payload, qos, qos == kQoS0 ? mqtt::PacketId{0} : mqtt::PacketId{7});
        if (qos == kQoS1) publisher.expect<mqtt::Puback>();
        if (qos != kQoS2) return;
        publisher.expect<mqtt::Pubrec>();
        publisher.pubrel(7);
        publisher.expect<mqtt::Pubcomp>();
    }

    ProtocolVersion version;
    BrokerRig rig;
    TestClient publisher{rig, hello("publisher")};
};

mqtt::Publish repeated(std::string_view payload, QoS qos, mqtt::PacketId packet_id) {
    mqtt::Publish packet = TestClient::message("a", payload, qos, packet_id);
    packet.dup = true;
    return packet;
}

// In each version, with a broker of its own.
template <typename Visit>
void in_both(Visit&& visit) {
    for (const ProtocolVersion version : kBoth) {
        INFO("version " << static_cast<int>(version));
        Bench bench(version);
        visit(bench);
    }
}

}  // namespace

TEST_CASE("QoS 0 is sent with DUP 0 and no identifier [MQTT-4.3.1-1] [MQTT311-4.3.1-1]") {
    in_both([](Bench& bench) {
        TestClient subscriber(bench.rig, bench.hello("subscriber"));
        subscriber.subscribe("a", kQoS0);
        bench.publish("0", kQoS0);
        bench.publish("2", kQoS2);
        for (const char* message : {"a=0", "a=2"}) {
            // DUP and both QoS bits; then a topic, in 5.0 its properties, and the payload
            CHECK((bench.rig.outputs[subscriber.conn()].front() & 0x0E) == 0);
            CHECK(subscriber.expect_message() == message);
        }
        CHECK(subscriber.silent());
    });
}

TEST_CASE(
    "QoS 1 receiver: PUBACK with the identifier, after it the same one is a new message "
    "[MQTT-4.3.2-4] [MQTT-4.3.2-5] [MQTT-2.2.1-5] "
    "[MQTT311-4.3.2-2] [MQTT311-2.3.1-6] [MQTT311-3.3.4-1]") {
    in_both([](Bench& bench) {
        TestClient subscriber(bench.rig, bench.hello("subscriber"));
        subscriber.subscribe("a", kQoS0);
        bench.publisher.publish("a", "one", kQoS1, 0xFFFF);
        CHECK(bench.publisher.expect<mqtt::Puback>().packet_id == 0xFFFF);
        bench.publisher.send(repeated("two", kQoS1, 0xFFFF));  // whatever its DUP says
        CHECK(bench.publisher.expect<mqtt::Puback>().packet_id == 0xFFFF);
        CHECK(bench.publisher.silent());
        CHECK(subscriber.expect_message() == "a=one");
        CHECK(subscriber.expect_message() == "a=two");
    });
}

TEST_CASE(
    "QoS 1 sender: an identifier for each, DUP 0 at first, unacknowledged until PUBACK "
    "[MQTT-4.3.2-1] [MQTT-4.3.2-2] [MQTT-4.3.2-3] [MQTT-2.2.1-4] "
    "[MQTT311-4.3.2-1] [MQTT311-2.3.1-4] [MQTT311-3.3.1-1]") {
    in_both([](Bench& bench) {
        TestClient first(bench.rig, bench.hello("subscriber"));
        first.subscribe("a", kQoS1);
        std::set<mqtt::PacketId> in_use;
        for (const char* payload : {"1", "2", "3"}) {
            bench.publish(payload, kQoS1);
            const auto got = first.expect<mqtt::Publish>();
            CHECK(got.qos == kQoS1);
            CHECK_FALSE(got.dup);
            CHECK(in_use.insert(got.packet_id).second);
        }
        CHECK_FALSE(in_use.contains(0));
        first.puback(2);
        first.drop();
        TestClient second(bench.rig, bench.hello("subscriber"));
        for (const mqtt::PacketId id : std::array<mqtt::PacketId, 2>{1, 3}) {
            const auto got = second.expect<mqtt::Publish>();
            CHECK(got.packet_id == id);
            CHECK(got.dup);
        }
        bench.publish("4", kQoS1);
        const auto fresh = second.expect<mqtt::Publish>();
        CHECK_FALSE(fresh.dup);
        CHECK(fresh.packet_id != 1);
        CHECK(fresh.packet_id != 3);
    });
}

TEST_CASE(
    "QoS 2 receiver: PUBREC to each PUBLISH, one delivery, PUBCOMP, then a new message "
    "[MQTT-4.3.3-8] [MQTT-4.3.3-10] [MQTT-4.3.3-11] [MQTT-4.3.3-12] [MQTT311-4.3.3-2]") {
    in_both([](Bench& bench) {
        TestClient subscriber(bench.rig, bench.hello("subscriber"));
        subscriber.subscribe("a", kQoS0);
        for (const char* payload : {"one", "two"}) {
            bench.publisher.publish("a", payload, kQoS2, 9);
            CHECK(bench.publisher.expect<mqtt::Pubrec>().packet_id == 9);
            bench.publisher.send(repeated(payload, kQoS2, 9));
            CHECK(bench.publisher.expect<mqtt::Pubrec>().packet_id == 9);
            bench.publisher.publish("a", "without DUP", kQoS2, 9);
            CHECK(bench.publisher.expect<mqtt::Pubrec>().packet_id == 9);
            bench.publisher.pubrel(9);
            const auto done = bench.publisher.expect<mqtt::Pubcomp>();
            CHECK(done.packet_id == 9);
            CHECK(done.reason == ReasonCode::Success);
            CHECK(subscriber.expect_message() == std::string("a=") + payload);
            CHECK(subscriber.silent());
        }
    });
}

TEST_CASE(
    "QoS 2 receiver: a message that has expired meanwhile is released like any other "
    "[MQTT-4.3.3-13]") {
    Bench bench(ProtocolVersion::V5);
    mqtt::Publish packet = TestClient::message("a", "x", kQoS2, 9);
    packet.properties.message_expiry_interval_sec = 1;
    bench.publisher.send(packet);
    bench.publisher.expect<mqtt::Pubrec>();
    bench.rig.advance(Duration::seconds(5));
    packet.dup = true;
    bench.publisher.send(packet);
    CHECK(bench.publisher.expect<mqtt::Pubrec>().reason == ReasonCode::Success);
    bench.publisher.pubrel(9);
    CHECK(bench.publisher.expect<mqtt::Pubcomp>().reason == ReasonCode::Success);
    bench.publisher.pubrel(9);
    CHECK(bench.publisher.expect<mqtt::Pubcomp>().reason == ReasonCode::PacketIdentifierNotFound);
}

TEST_CASE(
    "QoS 2 sender: an identifier for each, DUP 0 at first, unacknowledged until PUBREC "
    "[MQTT-4.3.3-1] [MQTT-4.3.3-2] [MQTT-4.3.3-3] [MQTT311-4.3.3-1]") {
    in_both([](Bench& bench) {
        TestClient first(bench.rig, bench.hello("subscriber"));
        first.subscribe("a", kQoS2);
        std::set<mqtt::PacketId> in_use{0};
        for (const char* payload : {"1", "2"}) {
            bench.publish(payload, kQoS2);
            const auto got = first.expect<mqtt::Publish>();
            CHECK(got.qos == kQoS2);
            CHECK_FALSE(got.dup);
            CHECK(in_use.insert(got.packet_id).second);
        }
        first.puback(1);   // no answer to QoS 2
        first.pubcomp(2);  // not yet
        first.drop();
        TestClient second(bench.rig, bench.hello("subscriber"));
        for (const mqtt::PacketId id : std::array<mqtt::PacketId, 2>{1, 2}) {
            const auto got = second.expect<mqtt::Publish>();
            CHECK(got.packet_id == id);
            CHECK(got.dup);
        }
        CHECK(second.silent());
    });
}

TEST_CASE(
    "QoS 2 sender: PUBREL after PUBREC, unacknowledged until PUBCOMP, never the PUBLISH again "
    "[MQTT-4.3.3-4] [MQTT-4.3.3-5] [MQTT-4.3.3-6] [MQTT-4.4.0-1] "
    "[MQTT311-4.3.3-1] [MQTT311-4.4.0-1] [MQTT311-2.3.1-6]") {
    in_both([](Bench& bench) {
        TestClient first(bench.rig, bench.hello("subscriber"));
        first.subscribe("a", kQoS2);
        bench.publish("released", kQoS2);
        bench.publish("not yet", kQoS2);
        first.expect<mqtt::Publish>();
        first.expect<mqtt::Publish>();
        first.pubrec(1);
        CHECK(first.expect<mqtt::Pubrel>().packet_id == 1);
        first.drop();
        TestClient second(bench.rig, bench.hello("subscriber"));
        CHECK(second.expect<mqtt::Pubrel>().packet_id == 1);
        const auto again = second.expect<mqtt::Publish>();
        CHECK(again.packet_id == 2);
        CHECK(as_text(again.payload) == "not yet");
        CHECK(second.silent());
        second.pubcomp(1);
        second.drop();
        TestClient third(bench.rig, bench.hello("subscriber"));
        CHECK(third.expect<mqtt::Publish>().packet_id == 2);
        CHECK(third.silent());
    });
}

TEST_CASE("DUP of the publisher is not that of the receivers [MQTT-3.3.1-3] [MQTT311-3.3.1-3]") {
    in_both([](Bench& bench) {
        TestClient subscriber(bench.rig, bench.hello("subscriber"));
        subscriber.subscribe("a", kQoS2);
        bench.publisher.send(repeated("1", kQoS1, 5));
        bench.publisher.send(repeated("2", kQoS2, 6));
        for (const char* payload : {"1", "2"}) {
            const auto got = subscriber.expect<mqtt::Publish>();
            CHECK(as_text(got.payload) == payload);
            CHECK_FALSE(got.dup);
        }
    });
}

TEST_CASE(
    "messages of each QoS come in the order in which their publisher sent them "
    "[MQTT-4.6.0-5] [MQTT-4.6.0-6] [MQTT311-4.6.0-5] [MQTT311-4.6.0-6]") {
    in_both([](Bench& bench) {
        TestClient first(bench.rig, bench.hello("subscriber"));
        first.subscribe("a", kQoS2);
        for (const char* payload : {"0", "1", "2", "3"})
            bench.publish(payload, payload[0] % 2 == 0 ? kQoS1 : kQoS2);
        first.drop();  // some have been sent, the others wait
        for (const char* payload : {"4", "5", "6", "7"})
            bench.publish(payload, payload[0] % 2 == 0 ? kQoS1 : kQoS2);
        TestClient second(bench.rig, bench.hello("subscriber"));
        for (const char* payload : {"0", "1", "2", "3", "4", "5", "6", "7"})
            CHECK(as_text(second.expect<mqtt::Publish>().payload) == payload);
    });
}

TEST_CASE("a full window holds no other packet back [MQTT-3.3.4-10] [MQTT-4.9.0-3]") {
    BrokerRig rig;
    TestClient publisher(rig, Hello{.client_id = "publisher"});
    TestClient client(rig, Hello{.receive_maximum = 1});
    client.subscribe("a", kQoS1);
    publisher.publish("a", "1", kQoS1, 1);
    publisher.publish("a", "2", kQoS1, 1);
    CHECK(client.expect_message() == "a=1");
    client.subscribe("b", kQoS0);
    client.send(mqtt::Pingreq{});
    client.expect<mqtt::Pingresp>();
    client.publish("x", "own", kQoS1, 1);
    client.expect<mqtt::Puback>();
    client.publish("x", "own", kQoS2, 2);
    client.expect<mqtt::Pubrec>();
    client.pubrel(2);
    client.expect<mqtt::Pubcomp>();
    publisher.publish("b", "0");
    CHECK(client.expect_message() == "b=0");
    client.send(mqtt::Unsubscribe{.packet_id = 3, .filters = {"b"}, .properties = {}});
    client.expect<mqtt::Unsuback>();
    CHECK(client.silent());  // of the second message
    client.puback(1);
    CHECK(client.expect_message() == "a=2");
}
