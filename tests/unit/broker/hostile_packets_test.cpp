// Packets that have brought other brokers down: the offender is told and closed, nobody else
// notices. The names begin with the row of the table of known attacks.
#include <doctest/doctest.h>

#include <memory>
#include <vector>

#include "base/rng.h"

#include "tests/support/broker_rig.h"

using namespace lotmesh;
using namespace lotmesh::test;

namespace {

constexpr std::array kVersions{ProtocolVersion::V31, ProtocolVersion::V311, ProtocolVersion::V5};

struct Bench {
    Bench() { witness.subscribe("witness"); }

    // Sends it on a connection of its own, which must end; nobody else must hear of it.
    ReasonCode ends(const mqtt::Packet& packet, ProtocolVersion version = ProtocolVersion::V5) {
        TestClient client(rig, Hello{.version = version});
        client.send(packet);
        CHECK(client.closed());
        CHECK(rig.cluster.messages.empty());
        CHECK(rig.cluster.interest == std::vector<std::string>{"+witness"});
        witness.publish("witness", "x");
        CHECK(witness.expect_message() == "witness=x");
        CHECK(witness.silent());
        rig.cluster.messages.clear();
        if (version != ProtocolVersion::V5) return ReasonCode::UnspecifiedError;
        return client.expect<mqtt::Disconnect>().reason;
    }

    BrokerRig rig;
    TestClient witness{rig, Hello{.client_id = "witness"}};
};

mqtt::Packet subscribe(std::string_view filter) {
    return mqtt::Subscribe{.packet_id = 1, .entries = {{filter, {}}}, .properties = {}};
}
mqtt::Packet unsubscribe(std::string_view filter) {
    return mqtt::Unsubscribe{.packet_id = 1, .filters = {filter}, .properties = {}};
}

}  // namespace

TEST_CASE("S15 packets that only a server sends are no first packets, in any version") {
    BrokerRig rig;
    for (const int first_byte : {0x20, 0x90, 0xB0, 0xD0, 0xE0}) {
        TestClient client(rig);
        client.send_raw(Bytes{static_cast<std::uint8_t>(first_byte), 0});
        CHECK(client.silent());
        CHECK(client.closed());
    }
}

TEST_CASE("S15 packets that only a server sends end a connection of 3.x") {
    Bench bench;
    for (const ProtocolVersion version : {ProtocolVersion::V31, ProtocolVersion::V311}) {
        bench.ends(mqtt::Connack{}, version);
        bench.ends(mqtt::Pingresp{}, version);
        bench.ends(mqtt::Suback{.packet_id = 1, .reasons = {ReasonCode::Success}, .properties = {}},
                   version);
        bench.ends(mqtt::Unsuback{.packet_id = 1, .reasons = {}, .properties = {}}, version);
    }
}

TEST_CASE("S15 reasons of a DISCONNECT that only a server has are not taken from a client") {
    Bench bench;
    for (const int code : {0x87, 0x89, 0x8B, 0x8D, 0x8E, 0x8F, 0x9A, 0x9B, 0x9C, 0x9D, 0x9E, 0x9F,
                           0xA0, 0xA1, 0xA2}) {
        CAPTURE(code);
        mqtt::Disconnect packet;
        packet.reason = static_cast<ReasonCode>(code);
        CHECK(mqtt::is_error(bench.ends(packet)));
    }
}

TEST_CASE("S16 an empty topic without an alias ends the connection, in any version") {
    Bench bench;
    for (const ProtocolVersion version : kVersions)
        bench.ends(TestClient::message("", "x"), version);
    CHECK(bench.ends(TestClient::message("", "x", kQoS2, 1)) == ReasonCode::ProtocolError);
    mqtt::Publish unknown = TestClient::message("", "x");
    unknown.properties.topic_alias = std::uint16_t{1};
    CHECK(bench.ends(unknown) == ReasonCode::ProtocolError);
    unknown.properties.topic_alias = std::uint16_t{0};
    CHECK(mqtt::is_error(bench.ends(unknown)));
}

TEST_CASE("S16 an empty filter ends the connection, alone or of a group, in any version") {
    Bench bench;
    for (const ProtocolVersion version : kVersions) {
        bench.ends(subscribe(""), version);
        bench.ends(unsubscribe(""), version);
    }
    for (const char* filter : {"$share/g/", "$share//", "$share//a", "$share/"})
        CHECK(mqtt::is_error(bench.ends(subscribe(filter))));
}

TEST_CASE("S16 an empty will topic and an empty response topic are refused") {
    Bench bench;
    TestClient will(bench.rig);
    will.connect(Hello{.will = mqtt::Will{.topic = "", .payload = {}, .properties = {}}});
    CHECK(mqtt::is_error(will.expect<mqtt::Connack>().reason));
    CHECK(will.closed());
    mqtt::Publish packet = TestClient::message("a", "x");
    packet.properties.forwarded = Bytes{0x08, 0, 0};
    CHECK(mqtt::is_error(bench.ends(packet)));
}

TEST_CASE("S13 a topic of 32,767 slashes ends the connection wherever it stands") {
    const std::string deep(32'767, '/');
    const std::string wild = [] {
        std::string filter;
        for (int i = 0; i < 32'000; ++i)
            filter += "+/";
        return filter + "#";
    }();
    Bench bench;
    for (const ProtocolVersion version : kVersions) {
        bench.ends(TestClient::message(deep, "x", kQoS1, 1), version);
        for (const std::string& filter : {deep, wild}) {
            bench.ends(subscribe(filter), version);
            bench.ends(unsubscribe(filter), version);
        }
    }
    bench.ends(subscribe("$share/g/" + deep));
    TestClient will(bench.rig);
    will.connect(Hello{.will = mqtt::Will{.topic = deep, .payload = {}, .properties = {}}});
    CHECK(mqtt::is_error(will.expect<mqtt::Connack>().reason));
    CHECK(will.closed());
}

TEST_CASE("S4: a topic that is no UTF-8 or holds U+0000 ends its connection alone") {
    for (const std::string_view topic :
         {std::string_view("a\xC0\x80"), std::string_view("a\xED\xA0\x80"),
          std::string_view("a\xFF"), std::string_view("a\0b", 3)}) {
        for (const ProtocolVersion version : kVersions) {
            CAPTURE(topic);
            Bench bench;
            const ReasonCode reason =
                bench.ends(mqtt::Publish{.topic = topic, .payload = as_bytes("x")}, version);
            if (version == ProtocolVersion::V5) CHECK(reason == ReasonCode::MalformedPacket);
            CHECK(bench.rig.core.connected_clients() == 1);
        }
    }
}

TEST_CASE("S22: a storm of one client id leaves one connection, whatever each of them does") {
    BrokerRig rig;
    Rng rng(22);
    std::vector<std::unique_ptr<TestClient>> clients;
    for (int i = 0; i < 2000; ++i) {
        clients.push_back(std::make_unique<TestClient>(rig));
        TestClient& client = *clients.back();
        client.connect(Hello{.client_id = "one",
                             .clean_start = rng.below(2) == 0,
                             .session_expiry_sec = static_cast<std::uint32_t>(rng.below(3) * 50)});
        CHECK(client.expect<mqtt::Connack>().reason == ReasonCode::Success);
        if (rng.below(2) == 0) client.send(subscribe("a/+"));
        if (rng.below(2) == 0) client.publish("a/b", "x");
        if (rng.below(4) == 0) client.drop();
        if (rng.below(8) == 0) rig.advance(Duration::seconds(30));
        CHECK(rig.core.connected_clients() <= 1);
    }
}
