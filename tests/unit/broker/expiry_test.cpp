#include <doctest/doctest.h>

#include "runtime/broker/expiry.h"
#include "tests/support/broker_rig.h"

using namespace lotmesh;
using namespace lotmesh::test;

namespace {

mqtt::Publish expiring(std::string_view payload, std::uint32_t expiry_sec) {
    mqtt::Publish packet = TestClient::message("a", payload, kQoS1, 1);
    packet.properties.message_expiry_interval_sec = expiry_sec;
    return packet;
}

Hello kept() {
    return {.client_id = "subscriber", .clean_start = false, .session_expiry_sec = 1000};
}

// A State by itself, to look at its deadlines.
struct Timers {
    broker::Connection& open(std::uint32_t n) { return state.connections.insert({n % 8, n}); }

    FakeCluster cluster;
    broker::AllowAll policy;
    broker::State state{{.node = {}, .version = "", .seed = 1, .limits = {}}, cluster, policy};
};

}  // namespace

TEST_CASE("deadlines of connections and sessions that are gone do not pile up") {
    Timers timers;
    broker::State& state = timers.state;
    broker::Session& session = state.sessions.insert("stays");
    session.ends_at = Instant{5};
    broker::arm_session_timer(state, session);
    for (std::uint32_t n = 1; n <= 5000; ++n) {
        broker::Connection& connection = timers.open(n);
        broker::arm_connection_timer(state, connection);
        state.connections.erase(connection.id);
        broker::Session& short_lived = state.sessions.insert("x");
        short_lived.ends_at = Instant{1'000'000'000'000};
        broker::arm_session_timer(state, short_lived);
        state.sessions.erase(short_lived);
        CHECK(state.deadlines.size() <= 2 * 2 + 1024);
    }
    CHECK(state.deadlines.earliest() == Instant{5});
}

TEST_CASE("a message that expired before its delivery began is dropped [MQTT-3.3.2-5]") {
    BrokerRig rig;
    TestClient publisher(rig, Hello{.client_id = "p"});
    TestClient first(rig, kept());
    first.subscribe("a", kQoS1);
    first.drop();
    publisher.send(expiring("short", 5));
    publisher.send(expiring("long", 50));
    rig.advance(Duration::seconds(5));
    TestClient second(rig, kept());
    const mqtt::Publish got = second.expect<mqtt::Publish>();
    CHECK(as_text(got.payload) == "long");
    CHECK(got.properties.message_expiry_interval_sec == 45);  // [MQTT-3.3.2-6]
    CHECK(second.silent());
    CHECK(rig.core.counters().drops.expired == 1);
}

TEST_CASE("what expired keeps no place in a full queue") {
    BrokerRig rig(broker::Limits{.offline_messages_max = 3});
    TestClient publisher(rig, Hello{.client_id = "p"});
    TestClient first(rig, kept());
    first.subscribe("a", kQoS1);
    first.drop();
    for (const auto& [payload, expiry_sec] : {std::pair{"1", 5U}, {"2", 50U}, {"3", 5U}})
        publisher.send(expiring(payload, expiry_sec));
    publisher.send(expiring("too many", 50));
    CHECK(rig.core.counters().drops.offline_full == 1);
    rig.advance(Duration::seconds(5));
    publisher.send(expiring("4", 5));   // in the place of the first
    publisher.send(expiring("5", 50));  // in the place of the third, behind one that lives
    CHECK(rig.core.counters().drops.expired == 2);
    CHECK(rig.core.counters().drops.offline_full == 1);
    publisher.send(expiring("too many", 50));
    CHECK(rig.core.counters().drops.offline_full == 2);
    TestClient second(rig, kept());
    for (const char* payload : {"a=2", "a=4", "a=5"})
        CHECK(second.expect_message() == payload);
}

TEST_CASE("what is left of an expiry is passed on at once, too [MQTT-3.3.2-6]") {
    BrokerRig rig;
    TestClient publisher(rig, Hello{.client_id = "p"});
    TestClient subscriber(rig, kept());
    subscriber.subscribe("a", kQoS1);
    publisher.send(expiring("x", 7));
    CHECK(subscriber.expect<mqtt::Publish>().properties.message_expiry_interval_sec == 7);
}

TEST_CASE("once sent, a message does not expire [MQTT-4.3.3-7]") {
    BrokerRig rig;
    TestClient publisher(rig, Hello{.client_id = "p"});
    TestClient first(rig, kept());
    first.subscribe("a", kQoS1);
    publisher.send(expiring("x", 5));
    first.drop();
    rig.advance(Duration::seconds(100));
    TestClient second(rig, kept());
    const mqtt::Publish got = second.expect<mqtt::Publish>();
    CHECK(got.dup);
    CHECK(got.properties.message_expiry_interval_sec == 1);
}

TEST_CASE("an expiry of 0 still reaches those who are there") {
    BrokerRig rig;
    TestClient publisher(rig, Hello{.client_id = "p"});
    TestClient subscriber(rig, kept());
    subscriber.subscribe("a", kQoS1);
    publisher.send(expiring("x", 0));
    CHECK(subscriber.expect_message() == "a=x");
}

TEST_CASE("a retained message expires and is then neither sent nor counted") {
    BrokerRig rig;
    TestClient publisher(rig, Hello{.client_id = "p"});
    mqtt::Publish packet = expiring("x", 5);
    packet.retain = true;
    publisher.send(packet);
    TestClient early(rig, Hello{.client_id = "early"});
    early.subscribe("a", kQoS1);
    CHECK(early.expect<mqtt::Publish>().properties.message_expiry_interval_sec == 5);
    rig.advance(Duration::seconds(5));
    TestClient late(rig, Hello{.client_id = "late"});
    late.subscribe("a", kQoS1);
    CHECK(late.silent());
}

TEST_CASE("a message from a peer that is already too old is not delivered") {
    BrokerRig rig;
    TestClient subscriber(rig, kept());
    subscriber.subscribe("a", kQoS1);
    const broker::MessageRef message =
        broker::MessageRef::make({.topic = "a",
                                  .forwarded_properties = {},
                                  .payload = as_bytes("x"),
                                  .qos = kQoS1,
                                  .expires_at = rig.now.instant,
                                  .accepted_at = rig.now.instant - Duration::seconds(5),
                                  .version = std::nullopt});
    rig.core.deliver(message, rig.now, rig.effects);
    rig.collect();
    CHECK(subscriber.silent());
    CHECK(rig.core.counters().drops.expired == 1);
}
