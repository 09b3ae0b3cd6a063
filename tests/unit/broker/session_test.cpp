#include <doctest/doctest.h>

#include "tests/support/broker_rig.h"

using namespace lotmesh;
using namespace lotmesh::test;

namespace {

// A session of "client" with a subscription to "a" at QoS 1, its client gone.
void leave_session(BrokerRig& rig, std::uint32_t expiry_sec) {
    TestClient client(rig, Hello{.session_expiry_sec = expiry_sec});
    client.subscribe("a", kQoS1);
    client.drop();
}

bool resumes(BrokerRig& rig) {
    TestClient client(rig, Hello{.clean_start = false, .session_expiry_sec = 100});
    const bool present = client.connack.session_present;
    client.leave(ReasonCode::Success, 100);
    return present;
}

}  // namespace

TEST_CASE(
    "a session is resumed within its expiry "
    "[MQTT-3.1.2-5] [MQTT-3.1.2-23] [MQTT-3.1.3-2]") {
    BrokerRig rig;
    leave_session(rig, 10);
    rig.advance(Duration::milliseconds(9'900));
    CHECK(resumes(rig));
}

TEST_CASE("a session is gone after its expiry [MQTT-4.1.0-2] [MQTT-3.2.2-3]") {
    BrokerRig rig;
    leave_session(rig, 10);
    rig.advance(Duration::milliseconds(10'100));
    CHECK(rig.core.counters().clients_expired == 1);
    CHECK(rig.cluster.interest == std::vector<std::string>{"+a", "-a"});
    CHECK_FALSE(resumes(rig));
}

TEST_CASE("a session without expiry ends with its connection") {
    BrokerRig rig;
    leave_session(rig, 0);
    CHECK(rig.cluster.interest == std::vector<std::string>{"+a", "-a"});
    CHECK_FALSE(resumes(rig));
}

TEST_CASE("a session of expiry 0xFFFFFFFF never ends by itself") {
    BrokerRig rig(broker::Limits{.session_expiry_sec_max = mqtt::kSessionExpiryNever});
    leave_session(rig, mqtt::kSessionExpiryNever);
    rig.advance(Duration::seconds(100'000));
    CHECK(resumes(rig));
}

TEST_CASE("a session is kept while its client is connected [MQTT-4.1.0-1]") {
    BrokerRig rig;
    TestClient client(rig, Hello{.session_expiry_sec = 1});
    rig.advance(Duration::seconds(100));
    CHECK_FALSE(client.closed());
    client.drop();
    CHECK(resumes(rig));
}

TEST_CASE(
    "clean start throws the session away "
    "[MQTT-3.1.2-4] [MQTT-3.1.4-4] [MQTT-3.2.2-2]") {
    BrokerRig rig;
    leave_session(rig, 100);
    TestClient client(rig, Hello{.clean_start = true, .session_expiry_sec = 100});
    CHECK_FALSE(client.connack.session_present);
    CHECK(rig.cluster.interest == std::vector<std::string>{"+a", "-a"});
}

TEST_CASE("no clean start and no session makes one [MQTT-3.1.2-6]") {
    BrokerRig rig;
    TestClient client(rig, Hello{.clean_start = false});
    CHECK_FALSE(client.connack.session_present);
}

TEST_CASE("DISCONNECT may change the session expiry") {
    BrokerRig rig;
    TestClient client(rig, Hello{.session_expiry_sec = 1000});
    client.leave(ReasonCode::Success, 5);
    rig.advance(Duration::milliseconds(5'100));
    CHECK_FALSE(resumes(rig));
}

TEST_CASE("DISCONNECT may end the session at once") {
    BrokerRig rig;
    TestClient client(rig, Hello{.session_expiry_sec = 1000});
    client.leave(ReasonCode::Success, 0);
    CHECK_FALSE(resumes(rig));
}

TEST_CASE("DISCONNECT may make a session last for ever") {
    BrokerRig rig(broker::Limits{.session_expiry_sec_max = mqtt::kSessionExpiryNever});
    TestClient client(rig, Hello{.session_expiry_sec = 5});
    client.leave(ReasonCode::Success, mqtt::kSessionExpiryNever);
    rig.advance(Duration::seconds(10'000));
    CHECK(resumes(rig));
}

TEST_CASE("a session expiry that was 0 cannot be raised by DISCONNECT") {
    BrokerRig rig;
    TestClient client(rig, Hello{});
    mqtt::Disconnect packet;
    packet.properties.session_expiry_interval_sec = 10;
    client.send(packet);
    CHECK(client.expect<mqtt::Disconnect>().reason == ReasonCode::ProtocolError);
    CHECK(client.closed());
}

TEST_CASE("coming back puts the end off") {
    BrokerRig rig;
    leave_session(rig, 10);
    for (int i = 0; i < 5; ++i) {
        rig.advance(Duration::seconds(8));
        TestClient client(rig, Hello{.clean_start = false, .session_expiry_sec = 10});
        CHECK(client.connack.session_present);
        client.drop();
    }
    rig.advance(Duration::seconds(11));
    CHECK_FALSE(resumes(rig));
}

TEST_CASE("in 3.1.1 clean session 0 keeps the session, 1 does not") {
    BrokerRig rig;
    const Hello keep{.version = ProtocolVersion::V311, .clean_start = false};
    const Hello clean{.version = ProtocolVersion::V311, .clean_start = true};
    TestClient(rig, keep).leave();
    rig.advance(Duration::seconds(1'000'000));
    TestClient again(rig, keep);
    CHECK(again.connack.session_present);
    again.leave();
    TestClient(rig, clean).leave();
    CHECK_FALSE(TestClient(rig, keep).connack.session_present);
}

TEST_CASE("a second connection takes the client id over [MQTT-3.1.4-3]") {
    BrokerRig rig;
    TestClient first(rig, Hello{.session_expiry_sec = 100});
    TestClient second(rig, Hello{.clean_start = false, .session_expiry_sec = 100});
    CHECK(first.expect<mqtt::Disconnect>().reason == ReasonCode::SessionTakenOver);
    CHECK(first.closed());
    CHECK(second.connack.session_present);
    CHECK(rig.core.connected_clients() == 1);
    first.send(mqtt::Pingreq{});  // [MQTT-3.14.4-1]
    CHECK(first.silent());
    first.drop();
    second.send(mqtt::Pingreq{});
    second.expect<mqtt::Pingresp>();
}

TEST_CASE("a 3.1.1 client that is taken over is just closed") {
    BrokerRig rig;
    TestClient first(rig, Hello{.version = ProtocolVersion::V311});
    TestClient second(rig, Hello{});
    CHECK(first.silent());
    CHECK(first.closed());
    CHECK_FALSE(second.closed());
}

TEST_CASE("a session of expiry 0 ends when it is taken over") {
    BrokerRig rig;
    TestClient first(rig, Hello{});
    TestClient second(rig, Hello{.clean_start = false});
    CHECK_FALSE(second.connack.session_present);
}

TEST_CASE("the subscriptions of a taken over session go on with the new connection") {
    BrokerRig rig;
    TestClient first(rig, Hello{.session_expiry_sec = 100});
    first.subscribe("a", kQoS1);
    TestClient second(rig, Hello{.clean_start = false, .session_expiry_sec = 100});
    TestClient publisher(rig, Hello{.client_id = "publisher"});
    publisher.publish("a", "x", kQoS1, 1);
    CHECK(second.expect_message() == "a=x");
    CHECK(rig.cluster.interest == std::vector<std::string>{"+a"});
}

TEST_CASE("DISCONNECT closes and nothing is sent any more [MQTT-3.14.4-1] [MQTT-3.14.4-2]") {
    BrokerRig rig;
    TestClient client(rig, Hello{});
    Bytes bytes = client.encoded(mqtt::Disconnect{});
    const Bytes ping = client.encoded(mqtt::Pingreq{});
    bytes.insert(bytes.end(), ping.begin(), ping.end());
    client.send_raw(bytes);
    CHECK(client.silent());
    CHECK(client.closed());
    client.drop();
    CHECK(rig.count(broker::CloseConnection{client.conn()}) == 1);
}

TEST_CASE("reserved DISCONNECT flags are malformed [MQTT-3.14.1-1] [MQTT-4.13.1-1]") {
    BrokerRig rig;
    TestClient client(rig, Hello{});
    client.send_raw(Bytes{0xE1, 0});
    CHECK(client.expect<mqtt::Disconnect>().reason == ReasonCode::MalformedPacket);
    CHECK(client.closed());
}
