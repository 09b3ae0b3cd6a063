#include <doctest/doctest.h>

#include "tests/support/broker_rig.h"

using namespace lotmesh;
using namespace lotmesh::test;

namespace {

mqtt::Will make_will(std::uint32_t delay_sec = 0, bool retain = false) {
    mqtt::Will will;
    will.topic = "will";
    will.payload = as_bytes("gone");
    will.qos = kQoS1;
    will.retain = retain;
    if (delay_sec != 0) will.properties.will_delay_interval_sec = delay_sec;
    return will;
}

struct Bench {
    Bench() { watcher.subscribe("will", kQoS1); }
    Hello hello(std::uint32_t delay_sec, std::uint32_t expiry_sec) {
        return {
            .clean_start = false, .session_expiry_sec = expiry_sec, .will = make_will(delay_sec)};
    }
    bool fired() {
        if (watcher.silent()) return false;
        const mqtt::Publish got = watcher.expect<mqtt::Publish>();
        watcher.puback(got.packet_id);
        CHECK(got.topic == "will");
        CHECK(as_text(got.payload) == "gone");
        CHECK(watcher.silent());  // once
        return true;
    }

    BrokerRig rig;
    TestClient watcher{rig, Hello{.client_id = "watcher"}};
};

}  // namespace

TEST_CASE("the will is published when the socket goes [MQTT-3.1.2-7] [MQTT-3.1.2-8]") {
    Bench bench;
    TestClient client(bench.rig, bench.hello(0, 0));
    CHECK_FALSE(bench.fired());
    client.drop();
    CHECK(bench.fired());
}

TEST_CASE("the will goes the way of a publish: to the cluster, too") {
    Bench bench;
    TestClient(bench.rig, bench.hello(0, 0)).drop();
    REQUIRE(bench.rig.cluster.messages.size() == 1);
    CHECK(bench.rig.cluster.messages[0]->topic() == "will");
    CHECK(bench.rig.cluster.messages[0]->qos() == kQoS1);
}

TEST_CASE("DISCONNECT 0x00 drops the will [MQTT-3.14.4-3] [MQTT-3.1.2-10]") {
    Bench bench;
    TestClient(bench.rig, bench.hello(0, 0)).leave();
    CHECK_FALSE(bench.fired());
}

TEST_CASE("DISCONNECT 0x04 publishes the will") {
    Bench bench;
    TestClient(bench.rig, bench.hello(0, 0)).leave(ReasonCode::DisconnectWithWill);
    CHECK(bench.fired());
}

TEST_CASE("an error, a keep alive that is exceeded and a second CONNECT publish the will") {
    Bench bench;
    TestClient wrong(bench.rig, bench.hello(0, 0));
    wrong.send_raw(Bytes{0x00, 0x00});
    CHECK(bench.fired());
    Hello late = bench.hello(0, 0);
    late.keep_alive_sec = 1;
    TestClient silent(bench.rig, late);
    bench.rig.advance(Duration::milliseconds(1'600));
    CHECK(bench.fired());
    TestClient twice(bench.rig, bench.hello(0, 0));
    twice.connect(Hello{});
    CHECK(bench.fired());
}

TEST_CASE("the will waits for its delay") {
    Bench bench;
    TestClient(bench.rig, bench.hello(5, 100)).drop();
    bench.rig.advance(Duration::milliseconds(4'900));
    CHECK_FALSE(bench.fired());
    bench.rig.advance(Duration::milliseconds(200));
    CHECK(bench.fired());
    bench.rig.advance(Duration::seconds(200));  // the session ends
    CHECK_FALSE(bench.fired());
}

TEST_CASE("the end of the session does not wait for the delay") {
    Bench bench;
    TestClient(bench.rig, bench.hello(100, 5)).drop();
    bench.rig.advance(Duration::milliseconds(4'900));
    CHECK_FALSE(bench.fired());
    bench.rig.advance(Duration::milliseconds(200));
    CHECK(bench.fired());
}

TEST_CASE("a session that ends with its connection publishes at once, whatever the delay") {
    Bench bench;
    TestClient(bench.rig, bench.hello(100, 0)).drop();
    CHECK(bench.fired());
}

TEST_CASE("coming back within the delay: the will is not sent [MQTT-3.1.3-9]") {
    Bench bench;
    TestClient(bench.rig, bench.hello(5, 100)).drop();
    bench.rig.advance(Duration::seconds(4));
    TestClient back(bench.rig, Hello{.clean_start = false, .session_expiry_sec = 100});
    CHECK(back.connack.session_present);
    bench.rig.advance(Duration::seconds(10));
    back.drop();  // and this connection has none
    bench.rig.advance(Duration::seconds(200));
    CHECK_FALSE(bench.fired());
}

TEST_CASE("a clean start within the delay ends the session, so the will is sent") {
    Bench bench;
    TestClient(bench.rig, bench.hello(50, 100)).drop();
    TestClient back(bench.rig, Hello{});
    CHECK(bench.fired());
}

TEST_CASE("a takeover publishes a will without delay and keeps back one with delay") {
    Bench bench;
    TestClient first(bench.rig, bench.hello(0, 100));
    TestClient second(bench.rig, bench.hello(50, 100));
    CHECK(bench.fired());
    TestClient third(bench.rig, bench.hello(50, 100));
    bench.rig.advance(Duration::seconds(60));
    CHECK_FALSE(bench.fired());
}

TEST_CASE("a takeover with clean start publishes also a will with delay") {
    Bench bench;
    TestClient first(bench.rig, bench.hello(50, 100));
    TestClient second(bench.rig, Hello{});
    CHECK(bench.fired());
}

TEST_CASE("a will may be retained, or not [MQTT-3.1.2-14] [MQTT-3.1.2-15]") {
    Bench bench;
    for (const bool retain : {false, true}) {
        Hello hello{};
        hello.will = make_will(0, retain);
        TestClient(bench.rig, hello).drop();
        CHECK(bench.fired());
        TestClient late(bench.rig, Hello{.client_id = "late"});
        late.subscribe("will");
        CHECK(late.silent() == !retain);
    }
}

TEST_CASE("a will keeps its properties and ages from the time of its publication") {
    Bench bench;
    Hello hello = bench.hello(5, 100);
    hello.will->properties.message_expiry_interval_sec = 7;
    hello.will->properties.forwarded = {0x01, 1};
    TestClient(bench.rig, hello).drop();
    bench.rig.advance(Duration::seconds(6));
    const mqtt::Publish got = bench.watcher.expect<mqtt::Publish>();
    CHECK(got.properties.message_expiry_interval_sec == 7);
    CHECK(got.properties.forwarded == Bytes{0x01, 1});
    CHECK_FALSE(got.properties.will_delay_interval_sec.has_value());
}

TEST_CASE("a will below $ is refused") {
    BrokerRig rig;
    TestClient client(rig);
    Hello hello{};
    hello.will = make_will();
    hello.will->topic = "$SYS/x";
    client.connect(hello);
    CHECK(client.expect<mqtt::Connack>().reason == ReasonCode::TopicNameInvalid);
    CHECK(client.closed());
}

TEST_CASE("a will for which a peer has no room still reaches the subscribers here") {
    Bench bench;
    bench.rig.cluster.forwarded = broker::Forwarded::QuotaFull;
    TestClient(bench.rig, bench.hello(0, 0)).drop();
    CHECK(bench.fired());
    CHECK(bench.rig.core.counters().drops.quota == 1);
}

TEST_CASE("the will of a 3.1.1 client is published, and not after DISCONNECT") {
    Bench bench;
    Hello hello{.version = ProtocolVersion::V311};
    hello.will = make_will();
    TestClient(bench.rig, hello).drop();
    CHECK(bench.fired());
    TestClient(bench.rig, hello).leave();
    CHECK_FALSE(bench.fired());
}

TEST_CASE("shutting down publishes wills, tells 5.0 clients and closes all") {
    Bench bench;
    TestClient five(bench.rig, bench.hello(50, 100));
    TestClient three(bench.rig, Hello{.client_id = "3", .version = ProtocolVersion::V311});
    bench.rig.core.shut_down(bench.rig.now, bench.rig.effects);
    bench.rig.collect();
    CHECK(bench.watcher.expect_message() == "will=gone");
    CHECK(bench.watcher.expect<mqtt::Disconnect>().reason == ReasonCode::ServerShuttingDown);
    CHECK(five.expect<mqtt::Disconnect>().reason == ReasonCode::ServerShuttingDown);
    CHECK(three.silent());
    CHECK((five.closed() && three.closed() && bench.watcher.closed()));
    TestClient late(bench.rig);
    CHECK(late.closed());
}
