// What MQTT 3.1.1 says of CONNECT, sessions and wills, with clients of that version.
#include <doctest/doctest.h>

#include <string>

#include "tests/support/broker_rig.h"

using namespace lotmesh;
using namespace lotmesh::test;

namespace {

constexpr auto kV311 = ProtocolVersion::V311;

Hello hello(std::string_view client_id, bool clean_session = true) {
    return {.client_id = client_id, .version = kV311, .clean_start = clean_session};
}

Hello with_will(bool retain = false) {
    Hello will = hello("mortal");
    will.will =
        mqtt::Will{.topic = "will", .payload = as_bytes("gone"), .qos = kQoS1, .retain = retain};
    return will;
}

// A session "kept" with a subscription to "a" at QoS 2, its client gone.
void leave_session(BrokerRig& rig) {
    TestClient client(rig, hello("kept", false));
    client.subscribe("a", kQoS2);
    client.drop();
}

// The bytes of a CONNECT that is refused, and the return code that it gets.
struct Refusal {
    mqtt::Connect connect;
    std::uint8_t return_code;
};

void check_refused(const Refusal& refusal) {
    BrokerRig rig;
    TestClient client(rig, kV311);
    Bytes bytes = client.encoded(refusal.connect);
    const Bytes more = client.encoded(TestClient::message("a", "x", kQoS1, 1));
    bytes.insert(bytes.end(), more.begin(), more.end());
    client.send_raw(bytes);
    CHECK(rig.outputs[client.conn()] == Bytes{0x20, 2, 0, refusal.return_code});
    CHECK(client.closed());
    CHECK(rig.cluster.messages.empty());
    CHECK(rig.core.connected_clients() == 0);
}

}  // namespace

TEST_CASE("3.1.1: a first packet that is no CONNECT closes without a word [MQTT311-3.1.0-1]") {
    BrokerRig rig;
    TestClient client(rig, kV311);
    client.publish("a", "x", kQoS1, 1);
    CHECK(client.closed());
    CHECK(client.silent());
    CHECK(rig.cluster.messages.empty());
}

TEST_CASE("3.1.1: a second CONNECT closes, and there is no second CONNACK [MQTT311-3.1.0-2]") {
    BrokerRig rig;
    TestClient client(rig, hello("twice"));
    client.connect(hello("twice"));
    CHECK(client.closed());
    CHECK(client.silent());
    CHECK(rig.core.connected_clients() == 0);
}

TEST_CASE("3.1.1: a name or level that is not served is not processed, code 1 [MQTT311-3.1.2-2]") {
    for (const auto& [at, byte] : {std::pair{7, 'X'}, {8, '\3'}, {8, '\0'}}) {
        BrokerRig rig;
        TestClient client(rig, kV311);
        Bytes bytes = client.encoded(TestClient::connect_packet(hello("me")));
        bytes[static_cast<std::size_t>(at)] = static_cast<std::uint8_t>(byte);
        client.send_raw(bytes);
        CHECK(rig.outputs[client.conn()] == Bytes{0x20, 2, 0, 1});
        CHECK(client.closed());
        CHECK(rig.core.connected_clients() == 0);  // [MQTT311-3.1.2-1]
    }
}

TEST_CASE(
    "3.1.1: success is CONNACK 0, and that comes first of all "
    "[MQTT311-3.1.4-4] [MQTT311-3.2.0-1] [MQTT311-3.2.2-1] [MQTT311-3.2.2-2] [MQTT311-3.2.2-3]") {
    BrokerRig rig;
    TestClient publisher(rig, hello("publisher"));
    const auto first_bytes = [&rig](bool clean_session) {
        TestClient client(rig, kV311);
        client.connect(hello("kept", clean_session));
        const Bytes& output = rig.outputs[client.conn()];
        const Bytes first(output.begin(), output.begin() + 4);
        client.drop();
        return first;
    };
    CHECK(first_bytes(true) == Bytes{0x20, 2, 0, 0});
    CHECK(first_bytes(false) == Bytes{0x20, 2, 0, 0});
    leave_session(rig);
    publisher.publish("a", "waits", kQoS1, 1);
    CHECK(first_bytes(false) == Bytes{0x20, 2, 1, 0});
    CHECK(first_bytes(true) == Bytes{0x20, 2, 0, 0});
    CHECK(first_bytes(false) == Bytes{0x20, 2, 0, 0});
}

TEST_CASE(
    "3.1.1: a refused client id is code 2, and nothing after it is processed "
    "[MQTT311-3.1.3-8] [MQTT311-3.1.3-9] [MQTT311-3.1.4-5] [MQTT311-3.2.2-5]") {
    const std::string long_id(1025, 'x');
    check_refused({TestClient::connect_packet(hello("", false)), 2});
    check_refused({TestClient::connect_packet(hello(long_id)), 2});
}

TEST_CASE("3.1.1: what is refused for another reason has a code, too [MQTT311-3.1.4-5]") {
    mqtt::Connect below_dollar = TestClient::connect_packet(with_will());
    below_dollar.will->topic = "$SYS/x";
    check_refused({below_dollar, 5});
}

TEST_CASE(
    "ids of 1 to 23 letters and digits are taken in every version "
    "[MQTT-3.1.3-5] [MQTT311-3.1.3-5]") {
    constexpr std::string_view kAll =
        "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    for (const ProtocolVersion version : {ProtocolVersion::V31, kV311, ProtocolVersion::V5}) {
        BrokerRig rig;
        for (std::size_t length = 1; length <= 23; ++length) {
            for (std::size_t at = 0; at + length <= kAll.size(); at += length) {
                TestClient client(rig,
                                  Hello{.client_id = kAll.substr(at, length), .version = version});
                client.leave();
            }
        }
    }
}

TEST_CASE("3.1.1: each client without an id is one of its own [MQTT311-3.1.3-6]") {
    BrokerRig rig;
    TestClient one(rig, hello(""));
    TestClient two(rig, hello(""));
    CHECK_FALSE(one.closed());
    CHECK(rig.core.connected_clients() == 2);
    one.subscribe("a");
    two.publish("a", "x");
    CHECK(one.expect_message() == "a=x");
    CHECK(two.silent());
}

TEST_CASE("3.1.1: a second connection of a client id closes the first [MQTT311-3.1.4-2]") {
    BrokerRig rig;
    TestClient first(rig, hello("same", false));
    TestClient second(rig, hello("same", false));
    CHECK(first.closed());
    CHECK(first.silent());
    CHECK_FALSE(second.closed());
    CHECK(second.connack.session_present);
    CHECK(rig.core.connected_clients() == 1);
}

TEST_CASE("3.1.1: one and a half keep alives without a packet close [MQTT311-3.1.2-24]") {
    BrokerRig rig;
    Hello alive = hello("alive");
    alive.keep_alive_sec = 10;
    TestClient client(rig, alive);
    rig.advance(Duration::milliseconds(14'900));
    client.send(mqtt::Pingreq{});
    client.expect<mqtt::Pingresp>();  // [MQTT311-3.12.4-1]
    rig.advance(Duration::milliseconds(14'900));
    CHECK_FALSE(client.closed());
    rig.advance(Duration::milliseconds(200));
    CHECK(client.closed());
    CHECK(client.silent());
}

TEST_CASE(
    "3.1.1: Clean Session 0 resumes what was kept, with all that came meanwhile "
    "[MQTT311-3.1.2-4] [MQTT311-3.1.2-5] [MQTT311-4.1.0-1] [MQTT311-4.5.0-1] [MQTT311-3.1.3-2]") {
    BrokerRig rig;
    TestClient publisher(rig, hello("publisher"));
    leave_session(rig);
    rig.advance(Duration::seconds(1'000'000));
    publisher.publish("a", "0");
    publisher.publish("a", "1", kQoS1, 1);
    publisher.publish("a", "2", kQoS2, 2);
    publisher.publish("b", "not subscribed", kQoS1, 3);
    TestClient another(rig, hello("another", false));
    CHECK_FALSE(another.connack.session_present);
    CHECK(another.silent());
    TestClient back(rig, hello("kept", false));
    CHECK(back.connack.session_present);
    CHECK(back.expect_message() == "a=1");
    CHECK(back.expect_message() == "a=2");
    CHECK(back.silent());
}

TEST_CASE(
    "3.1.1: Clean Session 1 throws the old session away and leaves none "
    "[MQTT311-3.1.2-6] [MQTT311-3.1.4-3]") {
    BrokerRig rig;
    TestClient publisher(rig, hello("publisher"));
    leave_session(rig);
    TestClient clean(rig, hello("kept", true));
    publisher.publish("a", "x", kQoS1, 1);
    CHECK(clean.silent());
    clean.subscribe("a", kQoS1);
    clean.drop();
    publisher.publish("a", "y", kQoS1, 2);
    TestClient back(rig, hello("kept", false));
    CHECK_FALSE(back.connack.session_present);
    CHECK(back.silent());
}

TEST_CASE("3.1.1: retained messages outlive their session [MQTT311-3.1.2-7]") {
    BrokerRig rig;
    TestClient publisher(rig, hello("publisher"));
    publisher.publish("a", "x", kQoS1, 1, true);
    publisher.leave();
    rig.advance(Duration::seconds(100'000));
    TestClient late(rig, hello("late"));
    late.subscribe("a");
    CHECK(late.expect_message() == "a=x");
}

TEST_CASE("3.1.1: a session lasts as long as its connection [MQTT311-4.1.0-2]") {
    BrokerRig rig;
    TestClient client(rig, hello("long"));
    client.subscribe("a", kQoS1);
    rig.advance(Duration::seconds(1'000'000));
    client.publish("a", "x", kQoS1, 1);
    CHECK(client.expect<mqtt::Publish>().topic == "a");
}

TEST_CASE(
    "3.1.1: the will is published once where the client goes without DISCONNECT "
    "[MQTT311-3.1.2-8] [MQTT311-3.1.2-10] [MQTT311-3.1.2-12] [MQTT311-3.14.4-3]") {
    BrokerRig rig;
    TestClient watcher(rig, hello("watcher"));
    watcher.subscribe("will", kQoS0);
    TestClient(rig, with_will()).drop();
    CHECK(watcher.expect_message() == "will=gone");
    CHECK(watcher.silent());
    TestClient(rig, hello("mortal")).drop();  // it had one, now it has none
    CHECK(watcher.silent());
    TestClient(rig, with_will()).leave();
    CHECK(watcher.silent());
    TestClient breaks_a_rule(rig, with_will());
    breaks_a_rule.send_raw(Bytes{0xC1, 0});
    CHECK(watcher.expect_message() == "will=gone");
    CHECK(watcher.silent());
}

TEST_CASE("3.1.1: a will is retained or not, as it says [MQTT311-3.1.2-16] [MQTT311-3.1.2-17]") {
    for (const bool retain : {false, true}) {
        BrokerRig rig;
        TestClient(rig, with_will(retain)).drop();
        TestClient late(rig, hello("late"));
        late.subscribe("will", kQoS1);
        CHECK(late.silent() == !retain);
    }
}
