// Enhanced authentication (section 4.12) with a method of three steps: "hello" -> "who?" -> a name.
#include <doctest/doctest.h>

#include "tests/support/broker_rig.h"

using namespace lotmesh;
using namespace lotmesh::test;

namespace {

class Asking final : public broker::AuthExchange {
public:
    broker::AuthStep step(std::string_view data) override {
        if (data == "hello") return {ReasonCode::ContinueAuthentication, "who?", {}};
        if (data == "mallory") return {ReasonCode::NotAuthorized, {}, {}};
        return {ReasonCode::Success, "welcome", std::string(data)};
    }
};

// May publish to the topic that has their name, and subscribe to all.
class OwnTopic final : public broker::Authority {
public:
    explicit OwnTopic(std::string name) : name_(std::move(name)) {}
    bool may(broker::Permission permission, std::string_view topic) const override {
        return permission != broker::Permission::Publish || topic == name_;
    }

private:
    std::string name_;
};

class AskWho final : public broker::Policy {
public:
    std::unique_ptr<broker::AuthExchange> begin_exchange(std::string_view method,
                                                         const broker::Origin&, Now) override {
        if (method != "ASK") return nullptr;
        return std::make_unique<Asking>();
    }
    broker::AuthVerdict authenticate(const broker::Credentials&, Now) override { return {}; }
    std::unique_ptr<const broker::Authority> authority_of(
        const broker::Principal& principal) override {
        return std::make_unique<OwnTopic>(principal.user_name);
    }
};

mqtt::Auth auth(std::string_view data, ReasonCode reason = ReasonCode::ContinueAuthentication,
                std::string_view method = "ASK") {
    mqtt::Auth packet;
    packet.reason = reason;
    packet.properties.authentication_method = method;
    packet.properties.authentication_data = data;
    return packet;
}

mqtt::Connect asking(std::string_view data = "hello") {
    mqtt::Connect packet = TestClient::connect_packet(Hello{.keep_alive_sec = 10});
    packet.properties.authentication_method = "ASK";
    packet.properties.authentication_data = data;
    return packet;
}

struct Bench {
    AskWho policy;
    BrokerRig rig{broker::Limits{.connect_timeout = Duration::seconds(5)}, policy};

    // Has been asked who it is.
    TestClient asked() {
        TestClient client(rig);
        client.send(asking());
        const mqtt::Auth question = client.expect<mqtt::Auth>();
        CHECK(question.reason == ReasonCode::ContinueAuthentication);
        CHECK(question.properties.authentication_method == "ASK");
        CHECK(question.properties.authentication_data == "who?");
        return client;
    }
    TestClient known() {
        TestClient client = asked();
        client.send(auth("alice"));
        CHECK(client.expect<mqtt::Connack>().reason == ReasonCode::Success);
        return client;
    }
};

}  // namespace

TEST_CASE(
    "an exchange of several steps ends in the CONNACK [MQTT-4.12.0-2] [MQTT-4.12.0-3] "
    "[MQTT-4.12.0-5] [MQTT-3.2.0-1]") {
    Bench bench;
    TestClient client = bench.asked();
    CHECK(bench.rig.core.connected_clients() == 0);
    client.send(auth("alice"));
    const mqtt::Connack connack = client.expect<mqtt::Connack>();
    CHECK(connack.reason == ReasonCode::Success);
    CHECK(connack.properties.authentication_method == "ASK");
    CHECK(connack.properties.authentication_data == "welcome");
    // It is who it said it is.
    client.publish("alice", "x", kQoS1, 1);
    CHECK(client.expect<mqtt::Puback>().reason == ReasonCode::NoMatchingSubscribers);
    client.publish("bob", "x", kQoS1, 2);
    CHECK(client.expect<mqtt::Puback>().reason == ReasonCode::NotAuthorized);
}

TEST_CASE("a method may be content with the CONNECT alone") {
    Bench bench;
    TestClient client(bench.rig);
    client.send(asking("alice"));
    CHECK(client.expect<mqtt::Connack>().properties.authentication_data == "welcome");
}

TEST_CASE("who fails is refused with a reason [MQTT-4.12.0-4]") {
    Bench bench;
    TestClient client = bench.asked();
    client.send(auth("mallory"));
    CHECK(client.expect<mqtt::Connack>().reason == ReasonCode::NotAuthorized);
    CHECK(client.closed());
}

TEST_CASE("before the CONNACK only AUTH and DISCONNECT are taken [MQTT-3.1.2-30] [MQTT-3.1.4-6]") {
    Bench bench;
    TestClient client = bench.asked();
    client.publish("alice", "x", kQoS1, 1);
    CHECK(client.expect<mqtt::Connack>().reason == ReasonCode::ProtocolError);
    CHECK(client.silent());
    CHECK(client.closed());
    TestClient leaving = bench.asked();
    leaving.send(mqtt::Disconnect{});
    CHECK(leaving.silent());
    CHECK(leaving.closed());
}

TEST_CASE("an AUTH of another method, or that begins anew, is a protocol error [MQTT-4.12.0-5]") {
    Bench bench;
    TestClient other = bench.asked();
    other.send(auth("alice", ReasonCode::ContinueAuthentication, "TELL"));
    CHECK(other.expect<mqtt::Connack>().reason == ReasonCode::ProtocolError);
    TestClient anew = bench.asked();
    anew.send(auth("hello", ReasonCode::ReAuthenticate));
    CHECK(anew.expect<mqtt::Connack>().reason == ReasonCode::ProtocolError);
}

TEST_CASE("who never answers is closed like a socket that says nothing") {
    Bench bench;
    const TestClient client = bench.asked();
    bench.rig.advance(Duration::seconds(4));
    CHECK_FALSE(client.closed());
    bench.rig.advance(Duration::seconds(2));
    CHECK(client.closed());
}

TEST_CASE("a session is taken over only when its client is known") {
    Bench bench;
    const TestClient first = bench.known();
    TestClient second = bench.asked();
    CHECK_FALSE(first.closed());
    second.send(auth("alice"));
    CHECK(first.closed());
}

TEST_CASE("an open connection proves itself once more [MQTT-4.12.1-1]") {
    Bench bench;
    TestClient client = bench.known();
    client.send(auth("hello", ReasonCode::ReAuthenticate));
    CHECK(client.expect<mqtt::Auth>().properties.authentication_data == "who?");
    // It goes on as before meanwhile.
    client.publish("alice", "x", kQoS1, 1);
    CHECK(client.expect<mqtt::Puback>().reason == ReasonCode::NoMatchingSubscribers);
    client.send(auth("alice"));
    const mqtt::Auth done = client.expect<mqtt::Auth>();
    CHECK(done.reason == ReasonCode::Success);
    CHECK(done.properties.authentication_data == "welcome");
    client.send(auth("hello", ReasonCode::ReAuthenticate));
    CHECK(client.expect<mqtt::Auth>().reason == ReasonCode::ContinueAuthentication);
}

TEST_CASE("who fails to prove itself again is disconnected [MQTT-4.12.1-2]") {
    Bench bench;
    TestClient client = bench.known();
    client.send(auth("mallory", ReasonCode::ReAuthenticate));
    CHECK(client.expect<mqtt::Disconnect>().reason == ReasonCode::NotAuthorized);
    CHECK(client.closed());
    TestClient other = bench.known();
    other.send(auth("bob", ReasonCode::ReAuthenticate));  // no longer alice
    CHECK(other.expect<mqtt::Disconnect>().reason == ReasonCode::NotAuthorized);
}

TEST_CASE("AUTH out of order ends an open connection [MQTT-4.12.1-1]") {
    Bench bench;
    const auto reply = [&bench](const mqtt::Auth& packet) {
        TestClient client = bench.known();
        client.send(packet);
        return client.expect<mqtt::Disconnect>().reason;
    };
    CHECK(reply(auth("alice")) == ReasonCode::ProtocolError);  // none is going on
    CHECK(reply(auth("hello", ReasonCode::ReAuthenticate, "TELL")) == ReasonCode::ProtocolError);
    TestClient twice = bench.known();
    twice.send(auth("hello", ReasonCode::ReAuthenticate));
    twice.expect<mqtt::Auth>();
    twice.send(auth("hello", ReasonCode::ReAuthenticate));
    CHECK(twice.expect<mqtt::Disconnect>().reason == ReasonCode::ProtocolError);
}
