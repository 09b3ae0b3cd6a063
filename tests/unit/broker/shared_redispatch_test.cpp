// Where messages of a shared subscription go whose member goes, in every way that it can go.
#include <doctest/doctest.h>

#include <set>

#include "tests/support/broker_rig.h"

using namespace lotmesh;
using namespace lotmesh::test;
using mqtt::SubscriptionOptions;

namespace {

using Messages = std::vector<std::string>;

constexpr std::string_view kGroup = "$share/g/t";

// "leaver" has a window of one, keeps its session for 100 s, and is the only member at first.
struct Bench {
    explicit Bench(broker::Limits limits = {}) : rig(limits) { leaver.subscribe(kGroup, kQoS2); }

    static Hello hello(std::uint16_t window = 1) {
        return {.client_id = "leaver",
                .clean_start = false,
                .session_expiry_sec = 100,
                .receive_maximum = window};
    }

    BrokerRig rig;
    TestClient publisher{rig, Hello{.client_id = "publisher"}};
    TestClient leaver{rig, hello()};
    TestClient other{rig, Hello{.client_id = "other"}};

    void publish(std::string_view payload, QoS qos) {
        publisher.publish("t", payload, qos, next_id_++);
    }
    // In flight at the only member, and behind it.
    void publish_two(QoS qos) {
        publish("sent", qos);
        publish("queued", qos);
        CHECK(leaver.expect_message() == "t=sent");
        CHECK(leaver.silent());
    }
    void unsubscribe(TestClient& client) const {
        client.send(mqtt::Unsubscribe{
            .packet_id = 1, .filters = {std::string_view(kGroup)}, .properties = {}});
        CHECK(client.expect<mqtt::Unsuback>().reasons.front() == ReasonCode::Success);
    }

private:
    mqtt::PacketId next_id_ = 1;
};

Messages read_all(TestClient& client) {
    Messages messages;
    while (!client.silent())
        messages.push_back(client.expect_message());
    return messages;
}

}  // namespace

TEST_CASE("QoS 1 that was not acknowledged goes to another member when the session ends") {
    Bench bench;
    bench.publish_two(kQoS1);
    bench.other.subscribe(kGroup, kQoS1);
    SUBCASE("with its connection") { bench.leaver.leave(ReasonCode::Success, 0); }
    SUBCASE("by a clean start") {
        bench.leaver.drop();
        TestClient anew(bench.rig, Hello{.client_id = "leaver"});
        CHECK_FALSE(anew.connack.session_present);
    }
    SUBCASE("by a takeover with a clean start") {
        TestClient anew(bench.rig, Hello{.client_id = "leaver"});
        CHECK(bench.leaver.closed());
    }
    const mqtt::Publish first = bench.other.expect<mqtt::Publish>();
    const mqtt::Publish second = bench.other.expect<mqtt::Publish>();
    CHECK_FALSE(first.dup);  // new to this client
    CHECK(first.qos == kQoS1);
    CHECK(std::set{as_text(first.payload), as_text(second.payload)} ==
          std::set<std::string_view>{"sent", "queued"});
    CHECK(bench.other.silent());
    CHECK(bench.rig.core.counters().drops.total() == 0);
}

TEST_CASE("a session that expires gives up what it did not acknowledge") {
    Bench bench;
    bench.publish_two(kQoS1);
    bench.leaver.drop();
    bench.other.subscribe(kGroup, kQoS1);
    CHECK(read_all(bench.other) == Messages{"t=queued"});  // at once; "sent" waits for its return
    bench.rig.advance(Duration::seconds(99));
    CHECK(bench.other.silent());
    bench.rig.advance(Duration::seconds(2));
    CHECK(read_all(bench.other) == Messages{"t=sent"});
}

TEST_CASE("what was sent goes on with the same client when it comes back [MQTT-4.8.2-4]") {
    for (const QoS qos : {kQoS1, kQoS2}) {
        Bench bench;
        bench.publish_two(qos);
        bench.other.subscribe(kGroup, kQoS2);
        bench.leaver.drop();
        TestClient back(bench.rig, Bench::hello());
        const mqtt::Publish again = back.expect<mqtt::Publish>();
        CHECK(again.dup);
        CHECK(as_text(again.payload) == "sent");
        CHECK(again.qos == qos);
        CHECK(back.silent());
        CHECK(read_all(bench.other) == Messages{"t=queued"});
    }
}

TEST_CASE("a PUBREL is completed with the same client [MQTT-4.8.2-4]") {
    Bench bench;
    bench.publish_two(kQoS2);
    bench.leaver.pubrec(1);
    bench.leaver.expect<mqtt::Pubrel>();
    bench.other.subscribe(kGroup, kQoS2);
    bench.leaver.drop();
    TestClient back(bench.rig, Bench::hello());
    CHECK(back.expect<mqtt::Pubrel>().packet_id == 1);
    back.pubcomp(1);
    CHECK(back.silent());
    CHECK(read_all(bench.other) == Messages{"t=queued"});
}

TEST_CASE("QoS 2 that was sent goes to nobody else, even where the session ends [MQTT-4.8.2-5]") {
    Bench bench;
    bench.publish_two(kQoS2);
    bench.other.subscribe(kGroup, kQoS2);
    SUBCASE("not seen") {}
    SUBCASE("seen") { bench.leaver.pubrec(1); }
    SUBCASE("after the client was away") {
        bench.leaver.drop();
        bench.rig.advance(Duration::seconds(101));
        CHECK(read_all(bench.other) == Messages{"t=queued"});
        return;
    }
    bench.leaver.leave(ReasonCode::Success, 0);
    CHECK(read_all(bench.other) == Messages{"t=queued"});
}

TEST_CASE("what a member refuses is dropped and goes to nobody else [MQTT-4.8.2-6]") {
    Bench bench;
    bench.publish("one", kQoS1);
    bench.other.subscribe(kGroup, kQoS2);
    bench.leaver.puback(bench.leaver.expect<mqtt::Publish>().packet_id,
                        ReasonCode::ImplementationSpecificError);
    bench.unsubscribe(bench.other);
    bench.publish("two", kQoS2);
    bench.leaver.pubrec(bench.leaver.expect<mqtt::Publish>().packet_id, ReasonCode::QuotaExceeded);
    bench.other.subscribe(kGroup, kQoS2);
    CHECK(bench.leaver.silent());
    bench.leaver.leave(ReasonCode::Success, 0);
    CHECK(bench.other.silent());
}

TEST_CASE("what waits at a member that goes away is moved, in its order") {
    Bench bench;
    for (const char* payload : {"0", "1", "2", "3"})
        bench.publish(payload, kQoS1);
    CHECK(bench.leaver.expect_message() == "t=0");
    bench.leaver.subscribe("own", kQoS1);
    bench.publisher.publish("own", "x", kQoS1, 50);
    bench.other.subscribe(kGroup, kQoS1);
    CHECK(bench.other.silent());
    bench.leaver.drop();
    CHECK(read_all(bench.other) == Messages{"t=1", "t=2", "t=3"});
    CHECK(bench.rig.core.counters().shared_moves == 3);
    TestClient back(bench.rig, Bench::hello(10));
    CHECK(read_all(back) == Messages{"t=0", "own=x"});
}

TEST_CASE(
    "what waits at a member that unsubscribes is moved; what was sent is completed"
    " [MQTT-3.10.4-3]") {
    Bench bench;
    bench.publish_two(kQoS2);
    bench.other.subscribe(kGroup, kQoS1);
    bench.unsubscribe(bench.leaver);
    CHECK(read_all(bench.other) == Messages{"t=queued"});
    bench.leaver.pubrec(1);
    CHECK(bench.leaver.expect<mqtt::Pubrel>().packet_id == 1);
    bench.leaver.pubcomp(1);
    CHECK(bench.leaver.silent());
}

TEST_CASE("the last member that unsubscribes still gets what waits for it") {
    Bench bench;
    bench.publish_two(kQoS1);
    bench.unsubscribe(bench.leaver);
    bench.other.subscribe(kGroup, kQoS1);  // another group of the same name
    bench.leaver.puback(1);
    CHECK(read_all(bench.leaver) == Messages{"t=queued"});
    CHECK(bench.other.silent());
}

TEST_CASE("one that was sent a message, left the group and goes, gives it up") {
    Bench bench;
    bench.publish_two(kQoS1);
    bench.other.subscribe(kGroup, kQoS1);
    bench.unsubscribe(bench.leaver);
    CHECK(read_all(bench.other) == Messages{"t=queued"});
    bench.leaver.leave(ReasonCode::Success, 0);
    CHECK(read_all(bench.other) == Messages{"t=sent"});
}

TEST_CASE("what waits while all are away goes to the first that comes") {
    Bench bench;
    bench.publish_two(kQoS1);
    bench.leaver.drop();
    bench.publish("later", kQoS2);
    SUBCASE("a new member") {
        bench.other.subscribe(kGroup, kQoS1);
        CHECK(read_all(bench.other) == Messages{"t=queued", "t=later"});
        TestClient back(bench.rig, Bench::hello(10));
        CHECK(read_all(back) == Messages{"t=sent"});
    }
    SUBCASE("the one that has it") {
        TestClient back(bench.rig, Bench::hello(10));
        CHECK(read_all(back) == Messages{"t=sent", "t=queued", "t=later"});
        bench.other.subscribe(kGroup, kQoS1);
        CHECK(bench.other.silent());
    }
}

TEST_CASE("a takeover moves nothing, since the client is back at once") {
    Bench bench;
    bench.publish_two(kQoS1);
    bench.other.subscribe(kGroup, kQoS1);
    TestClient back(bench.rig, Bench::hello(10));
    CHECK(bench.leaver.closed());
    CHECK(read_all(back) == Messages{"t=sent", "t=queued"});
    CHECK(bench.other.silent());
}

TEST_CASE("what waits for the last member that ends is dropped and counted") {
    Bench bench;
    bench.publish_two(kQoS1);
    bench.leaver.leave(ReasonCode::Success, 0);
    bench.other.subscribe(kGroup, kQoS1);
    CHECK(bench.other.silent());
    CHECK(bench.rig.core.counters().drops.session_ended == 1);
    CHECK(bench.rig.core.counters().shared_subscriptions == 1);
}

TEST_CASE("where all members end in the same moment nothing is left") {
    Bench bench;
    const Hello hello{.client_id = "second", .clean_start = false, .session_expiry_sec = 100};
    TestClient second(bench.rig, hello);
    second.subscribe(kGroup, kQoS1);
    bench.leaver.drop();
    second.drop();
    for (const char* payload : {"1", "2", "3"})
        bench.publish(payload, kQoS1);
    bench.rig.advance(Duration::seconds(101));
    CHECK(bench.rig.core.counters().drops.session_ended == 3);
    CHECK(bench.rig.core.counters().shared_subscriptions == 0);
    CHECK(bench.rig.cluster.interest.back() == "-t");
}

TEST_CASE("what nobody connected has room for stays where it is") {
    Bench bench(broker::Limits{.inflight_max = 1, .queue = {.messages_max = 1}});
    bench.publish_two(kQoS1);
    bench.other.subscribe(kGroup, kQoS1);
    bench.publish("to other", kQoS1);
    bench.publish("behind it", kQoS1);
    CHECK(bench.other.expect_message() == "t=to other");
    bench.leaver.drop();
    CHECK(bench.rig.core.counters().drops.total() == 0);
    bench.other.puback(1);
    CHECK(read_all(bench.other) == Messages{"t=behind it"});
    bench.other.puback(2);
    CHECK(bench.other.silent());
    TestClient third(bench.rig, {"third"});  // who comes is asked anew
    third.subscribe(kGroup, kQoS1);
    CHECK(read_all(third).size() + read_all(bench.other).size() == 1);
    CHECK(bench.rig.core.counters().drops.total() == 0);
}

TEST_CASE("what expired meanwhile is not moved but counted [MQTT-3.3.2-5]") {
    for (const bool session_ends : {false, true}) {
        Bench bench;
        bench.publish("sent", kQoS1);
        mqtt::Publish packet = TestClient::message("t", "short", kQoS1, 2);
        packet.properties.message_expiry_interval_sec = 5;
        bench.publisher.send(packet);
        bench.leaver.expect<mqtt::Publish>();
        bench.other.subscribe(kGroup, kQoS1);
        bench.rig.advance(Duration::seconds(6));
        if (session_ends) {
            bench.leaver.leave(ReasonCode::Success, 0);
            CHECK(read_all(bench.other) == Messages{"t=sent"});
        } else {
            bench.leaver.drop();
            CHECK(bench.other.silent());
        }
        CHECK(bench.rig.core.counters().drops.expired == 1);
    }
}

TEST_CASE("what is moved has the QoS and the identifier of its new member [MQTT-4.8.2-3]") {
    Bench bench;
    bench.publish_two(kQoS2);
    bench.other.subscribe(kGroup, SubscriptionOptions{.qos = kQoS1}, 77);
    bench.leaver.drop();
    const mqtt::Publish got = bench.other.expect<mqtt::Publish>();
    CHECK(got.qos == kQoS1);
    CHECK(got.properties.subscription_identifiers == std::vector<std::uint32_t>{77});
}

TEST_CASE("a message of one group never goes to another one that the session is in") {
    Bench bench;
    bench.leaver.subscribe("$share/h/t", kQoS2);
    bench.publish("sent", kQoS1);  // twice to the leaver; one is in flight, one waits
    bench.leaver.expect<mqtt::Publish>();
    bench.other.subscribe("$share/h/t", kQoS1);
    bench.leaver.leave(ReasonCode::Success, 0);
    CHECK(read_all(bench.other) == Messages{"t=sent"});
    CHECK(bench.other.silent());
}

TEST_CASE("a long queue is searched once a second, a short one at any time") {
    Bench bench;
    bench.leaver.subscribe("own", kQoS1);
    for (mqtt::PacketId id = 1; id <= 1001; ++id)
        bench.publisher.publish("own", "x", kQoS1, id);
    CHECK(bench.leaver.expect_message() == "own=x");
    bench.publish("1", kQoS1);
    bench.other.subscribe(kGroup, kQoS1);
    bench.leaver.drop();
    CHECK(read_all(bench.other) == Messages{"t=1"});

    bench.other.puback(1);
    bench.other.leave();
    bench.publish("2", kQoS1);
    TestClient third(bench.rig, {"third"});
    third.subscribe(kGroup, kQoS1);
    CHECK(third.silent());
    bench.rig.advance(Duration::seconds(2));
    CHECK(third.expect_message() == "t=2");
}

TEST_CASE("a broker that stops moves nothing about") {
    Bench bench;
    bench.other.subscribe(kGroup, kQoS1);
    bench.publish("1", kQoS1);
    bench.publish("2", kQoS1);
    bench.publish("3", kQoS1);
    read_all(bench.leaver);
    read_all(bench.other);
    bench.rig.core.shut_down(bench.rig.now, bench.rig.effects);
    bench.rig.collect();
    CHECK(bench.leaver.expect<mqtt::Disconnect>().reason == ReasonCode::ServerShuttingDown);
    CHECK(bench.other.expect<mqtt::Disconnect>().reason == ReasonCode::ServerShuttingDown);
    CHECK(bench.leaver.silent());
    CHECK(bench.other.silent());
}
