#include <doctest/doctest.h>

#include "tests/support/broker_rig.h"

using namespace lotmesh;
using namespace lotmesh::test;

namespace {

// What is open to guests.
class OpenOnly final : public broker::Authority {
public:
    bool may(broker::Permission permission, std::string_view topic) const override {
        return permission == broker::Permission::Connect || topic == "open";
    }
};

// "guest" may connect, publish to "open" and subscribe to "open"; nobody else may anything.
class GuestsOnly final : public broker::Policy {
public:
    broker::AuthVerdict authenticate(const broker::Credentials& credentials, Now) override {
        CHECK(credentials.origin.remote_address == "192.0.2.1:4711");
        if (credentials.user_name != "guest") return {.reason = ReasonCode::BadUserNameOrPassword};
        return {.user_name = "guest"};
    }
    std::unique_ptr<const broker::Authority> authority_of(
        const broker::Principal& principal) override {
        CHECK(principal.user_name == "guest");
        return std::make_unique<OpenOnly>();
    }
};

struct Bench {
    GuestsOnly policy;
    BrokerRig rig{{}, policy};

    mqtt::Connect guest(ProtocolVersion version = ProtocolVersion::V5) {
        mqtt::Connect packet = TestClient::connect_packet(Hello{.version = version});
        packet.user_name = "guest";
        return packet;
    }
};

}  // namespace

TEST_CASE("the policy decides who may connect [MQTT-3.1.4-2]") {
    Bench bench;
    TestClient five(bench.rig);
    five.connect(Hello{});
    CHECK(five.expect<mqtt::Connack>().reason == ReasonCode::BadUserNameOrPassword);
    CHECK(five.closed());
    TestClient four(bench.rig, ProtocolVersion::V311);
    four.connect(Hello{.version = ProtocolVersion::V311});
    CHECK(bench.rig.outputs[four.conn()] == Bytes{0x20, 2, 0, 4});
    CHECK(four.closed());
    TestClient guest(bench.rig);
    guest.send(bench.guest());
    CHECK(guest.expect<mqtt::Connack>().reason == ReasonCode::Success);
}

TEST_CASE("the policy decides who may publish what: 0x87, nothing is passed on") {
    Bench bench;
    TestClient guest(bench.rig);
    guest.send(bench.guest());
    guest.expect<mqtt::Connack>();
    guest.publish("closed", "x", kQoS1, 1);
    CHECK(guest.expect<mqtt::Puback>().reason == ReasonCode::NotAuthorized);
    guest.publish("closed", "x", kQoS2, 2);
    CHECK(guest.expect<mqtt::Pubrec>().reason == ReasonCode::NotAuthorized);
    guest.publish("closed", "x");
    CHECK(bench.rig.cluster.messages.empty());
    guest.publish("open", "x", kQoS1, 1);
    CHECK(guest.expect<mqtt::Puback>().reason == ReasonCode::NoMatchingSubscribers);
    CHECK(bench.rig.cluster.messages.size() == 1);
}

TEST_CASE("the policy decides who may subscribe to what") {
    Bench bench;
    TestClient guest(bench.rig);
    guest.send(bench.guest());
    guest.expect<mqtt::Connack>();
    CHECK(guest.subscribe("#") == ReasonCode::NotAuthorized);
    CHECK(guest.subscribe("open", kQoS1) == ReasonCode::GrantedQoS1);
    CHECK(bench.rig.cluster.interest == std::vector<std::string>{"+open"});
    CHECK(guest.subscribe("$share/g/#") == ReasonCode::NotAuthorized);
    CHECK(guest.subscribe("$share/g/open", kQoS1) == ReasonCode::GrantedQoS1);
}

TEST_CASE("the policy decides about wills, too") {
    Bench bench;
    TestClient guest(bench.rig);
    mqtt::Connect packet = bench.guest();
    packet.will = mqtt::Will{.topic = "closed", .payload = {}, .properties = {}};
    guest.send(packet);
    CHECK(guest.expect<mqtt::Connack>().reason == ReasonCode::NotAuthorized);
    CHECK(guest.closed());
}
