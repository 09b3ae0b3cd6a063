#include <doctest/doctest.h>

#include <list>

#include "tests/support/broker_rig.h"

using namespace lotmesh;
using namespace lotmesh::test;

namespace {

Hello kept() {
    return {.client_id = "subscriber", .clean_start = false, .session_expiry_sec = 1000};
}

struct Bench {
    explicit Bench(broker::Limits limits = {}) : rig(limits) {}
    void publish(std::string_view payload, QoS qos = kQoS1, std::string_view topic = "a") {
        publisher.publish(topic, payload, qos,
                          qos == kQoS0 ? mqtt::PacketId{0} : mqtt::PacketId{7});
        if (qos == kQoS1) publisher.expect<mqtt::Puback>();
        if (qos != kQoS2) return;
        publisher.expect<mqtt::Pubrec>();
        publisher.pubrel(7);
        publisher.expect<mqtt::Pubcomp>();
    }

    BrokerRig rig;
    TestClient publisher{rig, Hello{.client_id = "publisher"}};
};

}  // namespace

TEST_CASE("the delivery QoS is the lesser of published and granted [MQTT-3.8.4-8]") {
    for (const QoS granted : {kQoS0, kQoS1, kQoS2}) {
        for (const QoS published : {kQoS0, kQoS1, kQoS2}) {
            Bench bench;
            TestClient subscriber(bench.rig, kept());
            subscriber.subscribe("a", granted);
            bench.publish("x", published);
            CHECK(subscriber.expect<mqtt::Publish>().qos == std::min(granted, published));
        }
    }
}

TEST_CASE("packet identifiers begin at 1 and count up [MQTT-2.2.1-4]") {
    Bench bench;
    TestClient subscriber(bench.rig, kept());
    subscriber.subscribe("a", kQoS2);
    for (mqtt::PacketId id = 1; id <= 5; ++id) {
        bench.publish("x", id % 2 == 0 ? kQoS1 : kQoS2);
        CHECK(subscriber.expect<mqtt::Publish>().packet_id == id);
    }
}

TEST_CASE("no more than the client's Receive Maximum is in flight [MQTT-3.3.4-9] [MQTT-4.9.0-1]") {
    Bench bench;
    Hello hello = kept();
    hello.receive_maximum = 2;
    TestClient subscriber(bench.rig, hello);
    subscriber.subscribe("a", kQoS2);
    for (const char* payload : {"1", "2", "3", "4"})
        bench.publish(payload, kQoS1);
    CHECK(subscriber.expect_message() == "a=1");
    CHECK(subscriber.expect_message() == "a=2");
    CHECK(subscriber.silent());
    subscriber.puback(2);
    CHECK(subscriber.expect_message() == "a=3");
    CHECK(subscriber.silent());
    subscriber.puback(1);
    CHECK(subscriber.expect_message() == "a=4");
}

TEST_CASE("a QoS 2 message takes its place until PUBCOMP [MQTT-4.3.3-4] [MQTT-4.9.0-2]") {
    Bench bench;
    Hello hello = kept();
    hello.receive_maximum = 1;
    TestClient subscriber(bench.rig, hello);
    subscriber.subscribe("a", kQoS2);
    bench.publish("1", kQoS2);
    bench.publish("2", kQoS1);
    CHECK(subscriber.expect_message() == "a=1");
    subscriber.pubrec(1);
    CHECK(subscriber.expect<mqtt::Pubrel>().packet_id == 1);
    CHECK(subscriber.silent());
    subscriber.pubcomp(1);
    CHECK(subscriber.expect_message() == "a=2");
}

TEST_CASE("PUBREC 0x80 or more gives the place back [MQTT-4.4.0-2]") {
    Bench bench;
    Hello hello = kept();
    hello.receive_maximum = 1;
    TestClient subscriber(bench.rig, hello);
    subscriber.subscribe("a", kQoS2);
    bench.publish("1", kQoS2);
    bench.publish("2", kQoS2);
    subscriber.expect<mqtt::Publish>();
    subscriber.pubrec(1, ReasonCode::QuotaExceeded);
    CHECK(subscriber.expect_message() == "a=2");  // and no PUBREL before it
}

TEST_CASE("a full window holds back neither QoS 0 nor other packets [MQTT-4.9.0-3]") {
    Bench bench;
    Hello hello = kept();
    hello.receive_maximum = 1;
    TestClient subscriber(bench.rig, hello);
    subscriber.subscribe("#", kQoS1);
    bench.publish("1");
    bench.publish("2");
    bench.publish("now", kQoS0, "b");
    subscriber.send(mqtt::Pingreq{});
    CHECK(subscriber.expect_message() == "a=1");
    CHECK(subscriber.expect_message() == "b=now");
    subscriber.expect<mqtt::Pingresp>();
    CHECK(subscriber.silent());
}

TEST_CASE("our own window bounds a client without one") {
    Bench bench(broker::Limits{.inflight_max = 3});
    TestClient subscriber(bench.rig, kept());
    subscriber.subscribe("a", kQoS1);
    for (int i = 0; i < 5; ++i)
        bench.publish("x");
    for (int i = 0; i < 3; ++i)
        subscriber.expect<mqtt::Publish>();
    CHECK(subscriber.silent());
}

TEST_CASE("the window is bounded in bytes too") {
    Bench bench(broker::Limits{.inflight_bytes_max = 1000});
    TestClient subscriber(bench.rig, kept());
    subscriber.subscribe("a", kQoS1);
    for (int i = 0; i < 3; ++i)
        bench.publish(std::string(600, 'x'));
    subscriber.expect<mqtt::Publish>();
    subscriber.expect<mqtt::Publish>();  // the first one that crosses the bound
    CHECK(subscriber.silent());
    subscriber.puback(1);
    subscriber.expect<mqtt::Publish>();
}

TEST_CASE("a window that is full in bytes is sent again on return and goes on") {
    Bench bench(broker::Limits{.inflight_bytes_max = 1000});
    TestClient first(bench.rig, kept());
    first.subscribe("a", kQoS1);
    for (int i = 0; i < 3; ++i)
        bench.publish(std::string(600, 'x'));
    first.drop();
    TestClient second(bench.rig, kept());
    CHECK(second.expect<mqtt::Publish>().packet_id == 1);
    CHECK(second.expect<mqtt::Publish>().packet_id == 2);
    CHECK(second.silent());
    second.puback(1);
    CHECK(second.expect<mqtt::Publish>().packet_id == 3);
}

TEST_CASE("a client that says PUBREC, never PUBCOMP, and comes back is not sent without end") {
    Bench bench(broker::Limits{.inflight_max = 10, .inflight_entries_max = 25});
    for (mqtt::PacketId sent = 0; sent < 25;) {
        TestClient subscriber(bench.rig, kept());
        if (sent == 0) subscriber.subscribe("a", kQoS2);
        for (int i = 0; i < 10; ++i)
            bench.publish("x", kQoS2);
        bench.rig.outputs[subscriber.conn()].clear();
        for (int i = 0; i < 10 && sent < 25; ++i)
            subscriber.pubrec(++sent);
        subscriber.drop();
    }
    TestClient last(bench.rig, kept());
    for (mqtt::PacketId id = 1; id <= 25; ++id)
        CHECK(last.expect<mqtt::Pubrel>().packet_id == id);
    CHECK(last.silent());  // messages wait, but not one more identifier is given
    last.pubcomp(1);
    CHECK(last.expect<mqtt::Publish>().packet_id == 26);
}

TEST_CASE("what is not acknowledged comes again with DUP, in order, on return [MQTT-4.4.0-1]") {
    Bench bench;
    TestClient first(bench.rig, kept());
    first.subscribe("a", kQoS2);
    for (const QoS qos : {kQoS1, kQoS2, kQoS1})
        bench.publish(qos == kQoS2 ? "two" : "one", qos);
    first.drop();
    bench.publish("late");
    TestClient second(bench.rig, kept());
    CHECK(second.connack.session_present);
    for (mqtt::PacketId id = 1; id <= 3; ++id) {
        const mqtt::Publish got = second.expect<mqtt::Publish>();
        CHECK(got.packet_id == id);
        CHECK(got.dup);  // [MQTT-3.3.1-1]
        CHECK(got.qos == (id == 2 ? kQoS2 : kQoS1));
    }
    const mqtt::Publish late = second.expect<mqtt::Publish>();
    CHECK(late.packet_id == 4);
    CHECK_FALSE(late.dup);
}

TEST_CASE("after PUBREC only the PUBREL comes again [MQTT-4.3.3-5] [MQTT-4.3.3-6]") {
    Bench bench;
    TestClient first(bench.rig, kept());
    first.subscribe("a", kQoS2);
    bench.publish("x", kQoS2);
    first.pubrec(1);
    first.drop();
    TestClient second(bench.rig, kept());
    CHECK(second.expect<mqtt::Pubrel>().packet_id == 1);
    CHECK(second.silent());
    second.pubcomp(1);
    second.drop();
    TestClient third(bench.rig, kept());
    CHECK(third.silent());
}

TEST_CASE("nothing is sent again on a live connection [MQTT-4.4.0-1]") {
    Bench bench;
    TestClient subscriber(bench.rig, kept());
    subscriber.subscribe("a", kQoS1);
    bench.publish("x");
    subscriber.expect<mqtt::Publish>();
    bench.rig.advance(Duration::seconds(3600));
    CHECK(subscriber.silent());
}

TEST_CASE("redelivery keeps to a smaller Receive Maximum, PUBRELs do not wait") {
    Bench bench;
    TestClient first(bench.rig, kept());
    first.subscribe("a", kQoS2);
    for (int i = 0; i < 3; ++i)
        bench.publish("x", kQoS2);
    first.pubrec(3);
    first.drop();
    Hello hello = kept();
    hello.receive_maximum = 1;
    TestClient second(bench.rig, hello);
    CHECK(second.expect<mqtt::Pubrel>().packet_id == 3);
    CHECK(second.expect<mqtt::Publish>().packet_id == 1);
    CHECK(second.silent());
    second.pubcomp(3);  // it took no place, so it gives none
    CHECK(second.silent());
    second.pubrec(1);
    second.expect<mqtt::Pubrel>();
    second.pubcomp(1);
    CHECK(second.expect<mqtt::Publish>().packet_id == 2);
}

TEST_CASE("QoS 0 is not kept for a client that is away, QoS 1 and 2 are [MQTT-4.5.0-1]") {
    Bench bench;
    TestClient first(bench.rig, kept());
    first.subscribe("a", kQoS2);
    first.drop();
    bench.publish("0", kQoS0);
    bench.publish("1", kQoS1);
    bench.publish("2", kQoS2);
    TestClient second(bench.rig, kept());
    CHECK(second.expect_message() == "a=1");
    CHECK(second.expect_message() == "a=2");
    CHECK(second.silent());
}

TEST_CASE("order is kept over window, queue and reconnect [MQTT-4.6.0-5] [MQTT-4.6.0-6]") {
    Bench bench(broker::Limits{.inflight_max = 4});
    TestClient first(bench.rig, kept());
    first.subscribe("a", kQoS1);
    for (int i = 0; i < 20; ++i)
        bench.publish(std::to_string(i));
    for (mqtt::PacketId id = 1; id <= 4; ++id)
        CHECK(first.expect_message() == "a=" + std::to_string(id - 1));
    first.puback(1);
    first.drop();
    TestClient second(bench.rig, kept());
    for (int i = 1; i < 20; ++i) {
        const mqtt::Publish got = second.expect<mqtt::Publish>();
        CHECK(as_text(got.payload) == std::to_string(i));
        second.puback(got.packet_id);
    }
    CHECK(second.silent());
}

TEST_CASE("a message too large for the client is dropped as if delivered [MQTT-3.1.2-25]") {
    Bench bench;
    Hello hello = kept();
    hello.maximum_packet_size = 50;
    TestClient subscriber(bench.rig, hello);
    subscriber.subscribe("a", kQoS1);
    // fixed header 2, topic 3, identifier 2, properties 1: 8 beside the payload
    bench.publish(std::string(42, 'x'));
    bench.publish(std::string(43, 'x'));
    bench.publish(std::string(45, 'x'), kQoS0);
    bench.publish("small");
    CHECK(subscriber.expect<mqtt::Publish>().payload.size() == 42);  // [MQTT-3.1.2-24]
    CHECK(subscriber.expect_message() == "a=small");
    CHECK(bench.rig.core.counters().drops.too_large == 2);
}

TEST_CASE("a queued or unacknowledged message may be too large for a client that returns") {
    Bench bench;
    TestClient first(bench.rig, kept());
    first.subscribe("a", kQoS1);
    bench.publish(std::string(100, 'x'));  // in flight
    first.drop();
    bench.publish(std::string(100, 'y'));  // queued
    bench.publish("small");
    Hello hello = kept();
    hello.maximum_packet_size = 50;
    TestClient second(bench.rig, hello);
    CHECK(second.expect_message() == "a=small");
    CHECK(bench.rig.core.counters().drops.too_large == 2);
}

TEST_CASE("acks of unknown identifiers do no harm") {
    Bench bench;
    TestClient client(bench.rig, kept());
    client.puback(17);
    client.pubcomp(17);
    client.pubrec(17, ReasonCode::UnspecifiedError);
    CHECK(client.silent());
    client.pubrec(17);
    CHECK(client.expect<mqtt::Pubrel>().reason == ReasonCode::PacketIdentifierNotFound);
    CHECK_FALSE(client.closed());
}

TEST_CASE("a PUBACK does not end a QoS 2 delivery, nor a PUBREC a QoS 1") {
    Bench bench;
    TestClient first(bench.rig, kept());
    first.subscribe("a", kQoS2);
    bench.publish("1", kQoS1);
    bench.publish("2", kQoS2);
    first.pubrec(1);
    first.puback(2);
    first.drop();
    TestClient second(bench.rig, kept());
    CHECK(second.expect_message() == "a=1");
    CHECK(second.expect_message() == "a=2");
}

TEST_CASE("a PUBREL with wrong flags is malformed [MQTT-3.6.1-1]") {
    Bench bench;
    TestClient client(bench.rig, kept());
    client.send_raw(Bytes{0x60, 2, 0, 1});
    CHECK(client.expect<mqtt::Disconnect>().reason == ReasonCode::MalformedPacket);
}

TEST_CASE("a client in 3.1.1 and one in 5.0 get the same message, each in its form") {
    Bench bench;
    TestClient five(bench.rig, Hello{.client_id = "five"});
    TestClient three(bench.rig, Hello{.client_id = "three", .version = ProtocolVersion::V311});
    five.subscribe("a", kQoS1);
    three.subscribe("a", kQoS1);
    bench.publish("x");
    CHECK(five.expect_message() == "a=x");
    CHECK(three.expect_message() == "a=x");
    CHECK(bench.rig.core.counters().publish_sent == 2);
}

TEST_CASE("a fan-out encodes once for each form, whatever number of receivers there is") {
    Bench bench;
    std::list<TestClient> receivers;
    for (int i = 0; i < 30; ++i) {
        const std::string client_id = "receiver " + std::to_string(i);
        const ProtocolVersion version = i % 2 == 0 ? ProtocolVersion::V5 : ProtocolVersion::V311;
        receivers.emplace_back(bench.rig, Hello{.client_id = client_id, .version = version});
        receivers.back().subscribe("a", i % 3 == 0 ? kQoS0 : kQoS1);
    }
    const std::uint64_t before = bench.rig.core.counters().publish_heads_encoded;
    bench.publish("x", kQoS0);
    CHECK(bench.rig.core.counters().publish_heads_encoded - before == 2);
    bench.publish("y", kQoS1);
    CHECK(bench.rig.core.counters().publish_heads_encoded - before == 2 + 4);
    for (TestClient& receiver : receivers) {
        CHECK(receiver.expect_message() == "a=x");
        CHECK(receiver.expect_message() == "a=y");
    }
}

TEST_CASE("the offline queue takes up to its bound and drops the newest") {
    Bench bench(broker::Limits{.offline_messages_max = 3});
    TestClient first(bench.rig, kept());
    first.subscribe("a", kQoS1);
    first.drop();
    for (const char* payload : {"1", "2", "3", "4"})
        bench.publish(payload);
    CHECK(bench.rig.core.counters().drops.offline_full == 1);
    TestClient second(bench.rig, kept());
    for (const char* payload : {"a=1", "a=2", "a=3"})
        CHECK(second.expect_message() == payload);
    CHECK(second.silent());
}

TEST_CASE("the offline queue is bounded in bytes") {
    Bench bench(broker::Limits{.offline_bytes_max = 2000});
    TestClient first(bench.rig, kept());
    first.subscribe("a", kQoS1);
    first.drop();
    for (int i = 0; i < 3; ++i)
        bench.publish(std::string(800, 'x'));
    CHECK(bench.rig.core.counters().drops.offline_full == 1);
}

TEST_CASE("what waits for a session that ends is counted") {
    Bench bench;
    TestClient first(bench.rig, kept());
    first.subscribe("a", kQoS1);
    first.drop();
    bench.publish("1");
    bench.publish("2");
    bench.rig.advance(Duration::seconds(1001));
    CHECK(bench.rig.core.counters().drops.session_ended == 2);
}
