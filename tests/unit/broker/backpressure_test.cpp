#include <doctest/doctest.h>

#include "tests/support/broker_rig.h"

using namespace lotmesh;
using namespace lotmesh::test;

namespace {

// A window of 1; above 4 waiting messages sources are paused, until 2; 8 is the maximum.
broker::Limits small() {
    broker::Limits limits;
    limits.inflight_max = 1;
    limits.queue.messages_max = 8;
    limits.queue.messages_high = 4;
    return limits;
}

struct Bench {
    Bench() { slow.subscribe("a", kQoS1); }
    bool paused(const TestClient& client) const {
        return rig.count(broker::PauseReading{client.conn()}) >
               rig.count(broker::ResumeReading{client.conn()});
    }
    void publish(TestClient& publisher, QoS qos = kQoS1) {
        publisher.publish("a", "x", qos, qos == kQoS0 ? mqtt::PacketId{0} : mqtt::PacketId{1});
    }
    // One is in flight, five wait: above the high watermark.
    void fill() {
        for (int i = 0; i < 6; ++i)
            publish(source);
    }
    void take_one() {
        const auto got = slow.expect<mqtt::Publish>();
        slow.puback(got.packet_id);
    }

    BrokerRig rig{small()};
    TestClient slow{rig, Hello{.client_id = "slow", .session_expiry_sec = 100}};
    TestClient source{rig, Hello{.client_id = "source"}};
};

}  // namespace

TEST_CASE("a source is paused above the high watermark and goes on at the low one") {
    Bench bench;
    for (int i = 0; i < 5; ++i)
        bench.publish(bench.source);
    CHECK_FALSE(bench.paused(bench.source));
    CHECK_FALSE(bench.rig.core.peers_should_pause());
    bench.publish(bench.source);
    CHECK(bench.paused(bench.source));
    CHECK(bench.rig.core.peers_should_pause());
    CHECK(bench.rig.core.counters().source_pauses == 1);
    bench.take_one();
    bench.take_one();
    CHECK(bench.paused(bench.source));
    bench.take_one();
    CHECK_FALSE(bench.paused(bench.source));
    CHECK_FALSE(bench.rig.core.peers_should_pause());
}

TEST_CASE("what a paused source had sent is held and taken when it goes on, in order") {
    Bench bench;
    bench.fill();
    bench.source.publish("a", "held", kQoS1, 2);
    bench.source.send(mqtt::Pingreq{});
    for (int i = 0; i < 6; ++i)
        bench.source.expect<mqtt::Puback>();
    CHECK(bench.source.silent());
    for (int i = 0; i < 3; ++i)
        bench.take_one();
    CHECK(bench.source.expect<mqtt::Puback>().packet_id == 2);
    bench.source.expect<mqtt::Pingresp>();
    for (int i = 0; i < 3; ++i)
        bench.take_one();
    CHECK(bench.slow.expect_message() == "a=held");
}

TEST_CASE("QoS 0 does not pause its source, nor does a message for somebody else") {
    Bench bench;
    bench.fill();
    TestClient other(bench.rig, Hello{.client_id = "other"});
    bench.publish(other, kQoS0);
    CHECK_FALSE(bench.paused(other));
    other.publish("b", "x", kQoS1, 1);
    CHECK_FALSE(bench.paused(other));
    bench.publish(other);
    CHECK(bench.paused(other));
}

TEST_CASE("keep alive is not enforced while reading is paused") {
    Bench bench;
    TestClient other(bench.rig, Hello{.client_id = "other", .keep_alive_sec = 2});
    for (int i = 0; i < 6; ++i)
        bench.publish(other);
    CHECK(bench.paused(other));
    bench.rig.advance(Duration::seconds(8));
    CHECK_FALSE(other.closed());
    for (int i = 0; i < 3; ++i)
        bench.take_one();
    CHECK_FALSE(bench.paused(other));
    bench.rig.advance(Duration::milliseconds(2'900));
    CHECK_FALSE(other.closed());
    bench.rig.advance(Duration::milliseconds(200));
    CHECK(other.closed());
}

TEST_CASE("a subscriber above its high watermark for ten seconds pauses nobody any more") {
    Bench bench;
    bench.fill();
    bench.rig.advance(Duration::milliseconds(9'500));
    CHECK(bench.paused(bench.source));
    bench.rig.advance(Duration::milliseconds(1'600));
    CHECK_FALSE(bench.paused(bench.source));
    CHECK_FALSE(bench.rig.core.peers_should_pause());
    CHECK_FALSE(bench.slow.closed());
}

TEST_CASE("a stalled subscriber is disconnected when its queue is full, its session stays") {
    Bench bench;
    bench.fill();
    bench.rig.advance(Duration::seconds(12));
    for (int i = 0; i < 3; ++i)
        bench.publish(bench.source);  // eight wait now
    CHECK_FALSE(bench.slow.closed());
    bench.publish(bench.source);
    CHECK(bench.slow.closed());
    bench.slow.expect<mqtt::Publish>();
    CHECK(bench.slow.expect<mqtt::Disconnect>().reason == ReasonCode::QuotaExceeded);
    CHECK(bench.rig.core.counters().stalled_disconnects == 1);
    CHECK(bench.rig.core.counters().drops.queue_full == 1);
    TestClient back(bench.rig,
                    Hello{.client_id = "slow", .clean_start = false, .session_expiry_sec = 100});
    CHECK(back.connack.session_present);
    CHECK(back.expect<mqtt::Publish>().dup);
}

TEST_CASE("a subscriber that takes too little pauses nobody any more either") {
    Bench bench;
    bench.fill();
    bench.rig.advance(Duration::seconds(6));
    bench.take_one();  // four wait: still above the low watermark
    CHECK(bench.paused(bench.source));
    bench.rig.advance(Duration::seconds(5));
    CHECK_FALSE(bench.paused(bench.source));
    bench.take_one();
    bench.publish(bench.source);
    CHECK_FALSE(bench.paused(bench.source));
    CHECK_FALSE(bench.rig.core.peers_should_pause());
}

TEST_CASE("a subscriber that was too slow counts again when it has caught up") {
    Bench bench;
    bench.fill();
    bench.rig.advance(Duration::seconds(12));
    for (int i = 0; i < 3; ++i)
        bench.take_one();
    bench.fill();
    CHECK(bench.paused(bench.source));
}

TEST_CASE("a slow subscriber whose queue is full loses the newest, but stays connected") {
    Bench bench;
    bench.fill();
    bench.rig.advance(Duration::seconds(12));
    bench.take_one();
    for (int i = 0; i < 5; ++i)
        bench.publish(bench.source);
    CHECK(bench.rig.core.counters().drops.queue_full == 1);
    CHECK_FALSE(bench.slow.closed());
}

TEST_CASE("a subscriber that goes lets its sources go on") {
    Bench bench;
    bench.fill();
    bench.slow.drop();
    CHECK_FALSE(bench.paused(bench.source));
    bench.publish(bench.source);
    CHECK_FALSE(bench.paused(bench.source));
}

TEST_CASE("sources are paused while the peers ask for it") {
    Bench bench;
    bench.rig.cluster.pause_sources = true;
    bench.source.publish("b", "x", kQoS1, 1);
    CHECK(bench.paused(bench.source));
    bench.rig.core.resume_sources(bench.rig.now, bench.rig.effects);
    bench.rig.collect();
    CHECK(bench.paused(bench.source));  // not yet
    bench.rig.cluster.pause_sources = false;
    bench.rig.core.resume_sources(bench.rig.now, bench.rig.effects);
    bench.rig.collect();
    CHECK_FALSE(bench.paused(bench.source));
}

TEST_CASE(
    "what is published while the cluster is starting is taken when that is over, in its order") {
    BrokerRig rig;
    TestClient client(rig, Hello{});
    TestClient subscriber(rig, Hello{.client_id = "s"});
    rig.cluster.starting = true;
    subscriber.subscribe("a", kQoS1);  // only PUBLISH waits
    client.publish("a", "1", kQoS1, 1);
    client.publish("a", "2", kQoS1, 2);
    CHECK(rig.count(broker::PauseReading{client.conn()}) == 1);
    CHECK(client.silent());
    CHECK(rig.cluster.messages.empty());
    rig.core.resume_sources(rig.now, rig.effects);
    rig.collect();
    CHECK(client.silent());  // not yet
    rig.cluster.starting = false;
    rig.core.resume_sources(rig.now, rig.effects);
    rig.collect();
    CHECK(rig.count(broker::ResumeReading{client.conn()}) == 1);
    CHECK(client.expect<mqtt::Puback>().packet_id == 1);
    CHECK(client.expect<mqtt::Puback>().packet_id == 2);
    CHECK(rig.cluster.messages.size() == 2);
    CHECK(as_text(subscriber.expect<mqtt::Publish>().payload) == "1");
}

TEST_CASE("a client with deliveries of its own in flight is not paused, its acks are needed") {
    Bench bench;
    for (int i = 0; i < 7; ++i)
        bench.slow.publish("a", "x", kQoS1, 1);
    CHECK_FALSE(bench.paused(bench.slow));
}

TEST_CASE("a paused client that goes is forgotten") {
    Bench bench;
    bench.fill();
    bench.source.drop();
    for (int i = 0; i < 6; ++i)
        bench.take_one();
    CHECK(bench.rig.count(broker::ResumeReading{bench.source.conn()}) == 0);
}

TEST_CASE("a client that goes on sending although paused is held up to a bound") {
    broker::Limits limits = small();
    limits.packet_bytes_max = 1000;
    limits.held_input_bytes_max = 500;
    BrokerRig rig(limits);
    rig.cluster.pause_sources = true;
    TestClient client(rig, Hello{});
    client.publish("a", "x", kQoS1, 1);
    client.expect<mqtt::Puback>();
    client.send_raw(Bytes(1500, 0xC0));
    CHECK_FALSE(client.closed());
    client.send_raw(Bytes(1, 0xC0));
    CHECK(client.expect<mqtt::Disconnect>().reason == ReasonCode::MessageRateTooHigh);
}

TEST_CASE("a client that does not take its answers is not read from until it does") {
    BrokerRig rig;
    TestClient client(rig, Hello{});
    rig.handle(broker::Congested{client.conn()});
    CHECK(rig.count(broker::PauseReading{client.conn()}) == 1);
    client.send(mqtt::Pingreq{});  // was on its way
    CHECK(client.silent());
    rig.handle(broker::Writable{client.conn()});
    CHECK(rig.count(broker::ResumeReading{client.conn()}) == 1);
    client.expect<mqtt::Pingresp>();
    client.send(mqtt::Pingreq{});
    client.expect<mqtt::Pingresp>();
    CHECK(rig.core.counters().source_pauses == 0);
}

TEST_CASE("a source that is congested too goes on when both are over") {
    Bench bench;
    bench.fill();
    bench.rig.handle(broker::Congested{bench.source.conn()});
    CHECK(bench.rig.count(broker::PauseReading{bench.source.conn()}) == 1);
    for (int i = 0; i < 3; ++i)
        bench.take_one();
    CHECK(bench.paused(bench.source));
    bench.rig.handle(broker::Writable{bench.source.conn()});
    CHECK_FALSE(bench.paused(bench.source));
    CHECK(bench.rig.count(broker::ResumeReading{bench.source.conn()}) == 1);
}

TEST_CASE("a source that is writable again still waits for its subscriber") {
    Bench bench;
    bench.fill();
    bench.rig.handle(broker::Congested{bench.source.conn()});
    bench.rig.handle(broker::Writable{bench.source.conn()});
    CHECK(bench.paused(bench.source));
    for (int i = 0; i < 3; ++i)
        bench.take_one();
    CHECK_FALSE(bench.paused(bench.source));
}

TEST_CASE("keep alive goes on for a client that takes nothing, for ten seconds at least") {
    BrokerRig rig;
    TestClient hasty(rig, Hello{.client_id = "hasty", .keep_alive_sec = 2});
    TestClient calm(rig, Hello{.client_id = "calm", .keep_alive_sec = 20});
    TestClient slow(rig, Hello{.client_id = "slow", .keep_alive_sec = 2});
    for (const TestClient* client : {&hasty, &calm, &slow})
        rig.handle(broker::Congested{client->conn()});
    rig.advance(Duration::milliseconds(9'900));
    CHECK_FALSE(hasty.closed());
    rig.handle(broker::Writable{slow.conn()});
    rig.advance(Duration::milliseconds(200));
    CHECK(hasty.closed());
    CHECK_FALSE(slow.closed());
    rig.advance(Duration::milliseconds(19'800));
    CHECK_FALSE(calm.closed());
    rig.advance(Duration::milliseconds(200));
    CHECK(calm.closed());
}

TEST_CASE("QoS 0 for a congested connection is dropped and counted, QoS 1 waits") {
    Bench bench;
    bench.slow.subscribe("b", kQoS0);
    bench.rig.handle(broker::Congested{bench.slow.conn()});
    bench.source.publish("b", "lost");
    bench.publish(bench.source);
    CHECK(bench.slow.silent());
    CHECK(bench.rig.core.counters().drops.congested == 1);
    bench.rig.handle(broker::Writable{bench.slow.conn()});
    CHECK(bench.slow.expect_message() == "a=x");
    bench.source.publish("b", "there");
    CHECK(bench.slow.expect_message() == "b=there");
}

TEST_CASE("QoS 0 out of one read is bounded: a topic alias makes much of little") {
    BrokerRig rig(broker::Limits{.topic_bytes_max = kTopicBytesMax});
    TestClient subscriber(rig, Hello{.client_id = "subscriber"});
    TestClient publisher(rig, Hello{.client_id = "publisher"});
    subscriber.subscribe("#", kQoS0);
    const std::string topic(60'000, 't');
    mqtt::Publish publish = TestClient::message(topic, "x");
    publish.properties.topic_alias = 1;
    Bytes one_read = publisher.encoded(publish);
    publish.topic = "";
    const Bytes again = publisher.encoded(publish);
    for (int i = 0; i < 1000; ++i)
        one_read.insert(one_read.end(), again.begin(), again.end());
    publisher.send_raw(one_read);
    CHECK(subscriber.unread_bytes() > broker::kCongestedBytes);
    CHECK(subscriber.unread_bytes() < broker::kCongestedBytes + 2 * topic.size());
    CHECK(rig.core.counters().drops.congested > 900);
}

TEST_CASE("an output buffer keeps its capacity, but not that of a burst") {
    broker::Effects effects;
    const broker::ConnId conn{0, 1};
    effects.output(conn).bytes().resize(1024 * 1024);
    effects.reset();
    CHECK(effects.output(conn).capacity() == 1024 * 1024);
    effects.output(conn).bytes().resize(1024 * 1024 + 1);
    effects.reset();
    CHECK(effects.output(conn).capacity() == 0);
}

TEST_CASE("one congested subscriber does not keep another one from its messages") {
    Bench bench;
    TestClient fast(bench.rig, Hello{.client_id = "fast"});
    fast.subscribe("a", kQoS1);
    bench.rig.handle(broker::Congested{bench.slow.conn()});
    bench.publish(bench.source);
    CHECK(fast.expect_message() == "a=x");
}

TEST_CASE("two clients that flood each other do not block each other for ever") {
    BrokerRig rig(small());
    TestClient one(rig, Hello{.client_id = "one"});
    TestClient two(rig, Hello{.client_id = "two"});
    one.subscribe("to/one", kQoS1);
    two.subscribe("to/two", kQoS1);
    for (int i = 0; i < 20; ++i) {
        one.publish("to/two", "x", kQoS1, 1);
        two.publish("to/one", "x", kQoS1, 1);
    }
    rig.advance(Duration::seconds(15));
    for (int round = 0; round < 50; ++round) {
        for (TestClient* client : {&one, &two}) {
            if (client->silent() || client->closed()) continue;
            rig.outputs[client->conn()].clear();
            client->puback(static_cast<mqtt::PacketId>(round + 1));
        }
    }
    CHECK(rig.count(broker::PauseReading{one.conn()}) ==
          rig.count(broker::ResumeReading{one.conn()}));
    CHECK(rig.count(broker::PauseReading{two.conn()}) ==
          rig.count(broker::ResumeReading{two.conn()}));
}
