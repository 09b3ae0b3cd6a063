#include "runtime/broker/publish_rate.h"

#include <doctest/doctest.h>

#include "tests/support/broker_rig.h"

using namespace lotmesh;
using namespace lotmesh::test;

namespace {

broker::Limits messages_per_sec(std::uint64_t count) {
    broker::Limits limits;
    limits.publishes_per_sec = count;
    limits.publish_bytes_per_sec = 0;
    return limits;
}

broker::Limits bytes_per_sec(std::uint64_t count) {
    broker::Limits limits;
    limits.publish_bytes_per_sec = count;
    return limits;
}

// fixed header 2 (or 3), topic 3, properties 1
std::string payload_of_packet(std::size_t bytes) {
    return std::string(bytes - (bytes < 130 ? 6 : 7), 'x');
}

struct Bench {
    explicit Bench(const broker::Limits& limits) : rig(limits) { reader.subscribe("a"); }
    bool paused(const TestClient& client) const {
        return rig.count(broker::PauseReading{client.conn()}) >
               rig.count(broker::ResumeReading{client.conn()});
    }
    std::size_t arrived() {
        std::size_t count = 0;
        for (; !reader.silent(); ++count)
            reader.expect<mqtt::Publish>();
        return count;
    }

    BrokerRig rig;
    TestClient reader{rig, Hello{.client_id = "reader"}};
    TestClient writer{rig, Hello{.client_id = "writer"}};
};

}  // namespace

TEST_CASE("so many messages are taken in a second, the next one waits for its time") {
    Bench bench(messages_per_sec(10));
    for (int i = 0; i < 10; ++i)
        bench.writer.publish("a", "x");
    CHECK_FALSE(bench.paused(bench.writer));
    CHECK(bench.arrived() == 10);
    bench.writer.publish("a", "x");
    CHECK(bench.paused(bench.writer));
    CHECK(bench.rig.core.counters().rate_pauses == 1);
    bench.rig.advance(Duration::milliseconds(99));
    CHECK(bench.arrived() == 0);
    bench.rig.advance(Duration::milliseconds(1));
    CHECK_FALSE(bench.paused(bench.writer));
    CHECK(bench.arrived() == 1);
    CHECK_FALSE(bench.writer.closed());
}

TEST_CASE("so many bytes are taken in a second, and of one message as many as it has") {
    Bench bench(bytes_per_sec(1000));
    bench.writer.publish("a", payload_of_packet(999));
    bench.writer.publish("a", payload_of_packet(101));  // one is left for it, and 100 are owed now
    CHECK_FALSE(bench.paused(bench.writer));
    CHECK(bench.arrived() == 2);
    bench.writer.publish("a", payload_of_packet(2000));
    CHECK(bench.paused(bench.writer));
    bench.rig.advance(Duration::milliseconds(100));
    CHECK(bench.arrived() == 0);
    bench.rig.advance(Duration::milliseconds(1));
    CHECK(bench.arrived() == 1);
    bench.writer.publish("a", "x");
    bench.rig.advance(Duration::milliseconds(1'999));
    CHECK(bench.arrived() == 0);
    bench.rig.advance(Duration::milliseconds(1));
    CHECK(bench.arrived() == 1);
}

TEST_CASE("who has used up his bytes to the last one waits") {
    Bench bench(bytes_per_sec(1000));
    bench.writer.publish("a", payload_of_packet(1000));
    CHECK_FALSE(bench.paused(bench.writer));
    bench.writer.publish("a", "x");
    CHECK(bench.paused(bench.writer));
}

TEST_CASE("over time a client gets through what it may, however much it has") {
    Bench bench(bytes_per_sec(10'000));
    std::size_t arrived = 0;
    for (int i = 0; i < 600; ++i) {
        for (int k = 0; k < 5 && !bench.paused(bench.writer); ++k)
            bench.writer.publish("a", payload_of_packet(100));
        bench.rig.advance(Duration::milliseconds(10));
        arrived += bench.arrived();
    }
    CHECK(arrived >= 690);  // 6 s, and what there is at once
    CHECK(arrived <= 702);
}

TEST_CASE("what is for a client that waits goes on, and nobody else waits") {
    Bench bench(messages_per_sec(1));
    bench.writer.subscribe("b", kQoS1);
    bench.writer.publish("a", "x", kQoS1, 1);
    bench.writer.expect<mqtt::Puback>();
    bench.writer.publish("a", "x", kQoS1, 2);
    CHECK(bench.paused(bench.writer));
    CHECK(bench.writer.silent());
    bench.reader.publish("b", "for the one that waits", kQoS1, 1);
    CHECK_FALSE(bench.paused(bench.reader));
    CHECK(bench.writer.expect_message() == "b=for the one that waits");
    bench.reader.send(mqtt::Pingreq{});
    bench.rig.advance(Duration::seconds(1));
    CHECK(bench.writer.expect<mqtt::Puback>().packet_id == 2);
}

TEST_CASE("clients of this machine wait as any other, what comes from peers never does") {
    Bench bench(messages_per_sec(1));
    TestClient local(bench.rig, Hello{.client_id = "local", .loopback = true});
    local.publish("a", "x");
    local.publish("a", "x");
    CHECK(bench.paused(local));
    CHECK(bench.arrived() == 1);
    for (int i = 0; i < 100; ++i)
        bench.rig.core.deliver(broker::MessageRef::make({.topic = "a"}), bench.rig.now,
                               bench.rig.effects);
    bench.rig.collect();
    CHECK(bench.arrived() == 100);
}

TEST_CASE("the keep alive of a client that waits for its time does not run") {
    Bench bench(bytes_per_sec(100));
    TestClient client(bench.rig, Hello{.client_id = "big", .keep_alive_sec = 2});
    client.publish("a", payload_of_packet(1'100));
    client.publish("a", "x");
    bench.rig.advance(Duration::milliseconds(10'009));
    CHECK(bench.paused(client));
    CHECK_FALSE(client.closed());
    bench.rig.advance(Duration::milliseconds(1));
    CHECK_FALSE(bench.paused(client));
    bench.rig.advance(Duration::milliseconds(2'990));
    CHECK_FALSE(client.closed());
    bench.rig.advance(Duration::milliseconds(20));
    CHECK(client.closed());
}

TEST_CASE("who is congested when its time comes is read from when it is writable") {
    Bench bench(messages_per_sec(1));
    bench.writer.publish("a", "x");
    bench.writer.publish("a", "x");
    bench.rig.handle(broker::Congested{bench.writer.conn()});
    bench.rig.advance(Duration::seconds(1));
    CHECK(bench.paused(bench.writer));
    CHECK(bench.arrived() == 1);
    bench.rig.handle(broker::Writable{bench.writer.conn()});
    CHECK_FALSE(bench.paused(bench.writer));
    CHECK(bench.arrived() == 1);
}

TEST_CASE("who goes while it waits is forgotten") {
    Bench bench(messages_per_sec(1));
    bench.writer.publish("a", "x");
    bench.writer.publish("a", "x");
    bench.writer.drop();
    bench.rig.advance(Duration::seconds(2));
    CHECK(bench.rig.count(broker::ResumeReading{bench.writer.conn()}) == 0);
    CHECK(bench.arrived() == 1);
}

TEST_CASE("without these limits nobody waits") {
    Bench bench(messages_per_sec(0));
    for (int i = 0; i < 20; ++i)
        bench.writer.publish("a", std::string(1'000'000, 'x'));
    CHECK_FALSE(bench.paused(bench.writer));
    CHECK(bench.arrived() == 20);
}
