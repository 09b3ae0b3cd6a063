// What is said to a client never goes beyond its Maximum Packet Size.
#include "runtime/broker/wire.h"

#include <doctest/doctest.h>

#include <string>

#include "runtime/mqtt/decode.h"
#include "runtime/mqtt/encode.h"
#include "tests/support/fake_cluster.h"

using namespace lotmesh;
using namespace lotmesh::test;
using mqtt::ProtocolVersion;
using mqtt::ReasonCode;

namespace {

// One open connection of a client that takes packets of so many bytes.
struct Line {
    explicit Line(std::size_t packet_bytes_max) {
        connection.phase = broker::ConnectionPhase::Open;
        connection.packet_bytes_max = static_cast<std::uint32_t>(packet_bytes_max);
    }
    Bytes said(const mqtt::Packet& packet) {
        broker::send(turn, connection, packet);
        return effects.output(connection.id).bytes();
    }

    FakeCluster cluster;
    broker::AllowAll policy;
    broker::State state{{.node = {}, .version = "", .seed = 1, .limits = {}}, cluster, policy};
    broker::Connection& connection = state.connections.insert({0, 1});
    broker::Effects effects;
    broker::Turn turn{state, {}, effects};
};

Bytes encoded(const mqtt::Packet& packet) {
    Bytes bytes;
    mqtt::encode(packet, ProtocolVersion::V5, bytes);
    return bytes;
}

mqtt::Properties problem() {
    return {.reason_string = "this is why", .user_properties = {{"key", "value"}}};
}

// As large as the client allows: whole. One byte more: without reason string and user properties.
template <typename P>
void check_packet(P packet) {
    packet.properties = problem();
    const Bytes whole = encoded(packet);
    CHECK(Line(whole.size()).said(packet) == whole);
    P bare = packet;
    bare.properties = {};
    CHECK(Line(whole.size() - 1).said(packet) == encoded(bare));
}

constexpr auto kReason = ReasonCode::UnspecifiedError;

}  // namespace

TEST_CASE("reason string and user properties stay within the client's packet size") {
    check_packet(mqtt::Connack{.reason = kReason});  // [MQTT-3.2.2-19] [MQTT-3.2.2-20]
    check_packet(mqtt::Puback{.packet_id = 1, .reason = kReason});  // [MQTT-3.4.2-2] [MQTT-3.4.2-3]
    check_packet(mqtt::Pubrec{.packet_id = 1, .reason = kReason});  // [MQTT-3.5.2-2] [MQTT-3.5.2-3]
    const auto not_found = ReasonCode::PacketIdentifierNotFound;
    // [MQTT-3.6.2-2] [MQTT-3.6.2-3]
    check_packet(mqtt::Pubrel{.packet_id = 1, .reason = not_found});
    // [MQTT-3.7.2-2] [MQTT-3.7.2-3]
    check_packet(mqtt::Pubcomp{.packet_id = 1, .reason = not_found});
    check_packet(
        mqtt::Suback{.packet_id = 1, .reasons = {kReason}});  // [MQTT-3.9.2-1] [MQTT-3.9.2-2]
    // [MQTT-3.11.2-1] [MQTT-3.11.2-2]
    check_packet(mqtt::Unsuback{.packet_id = 1, .reasons = {kReason}});
    check_packet(mqtt::Disconnect{.reason = kReason});  // [MQTT-3.14.2-3] [MQTT-3.14.2-4]
}

TEST_CASE("an AUTH keeps its method when it lets go of the rest [MQTT-3.15.2-2] [MQTT-3.15.2-3]") {
    mqtt::Auth auth{.reason = ReasonCode::ContinueAuthentication, .properties = problem()};
    auth.properties.authentication_method = "method";
    mqtt::Auth bare{.reason = ReasonCode::ContinueAuthentication, .properties = {}};
    bare.properties.authentication_method = "method";
    CHECK(Line(encoded(auth).size()).said(auth) == encoded(auth));
    CHECK(Line(encoded(auth).size() - 1).said(auth) == encoded(bare));
}

TEST_CASE("what does not fit even so is not sent [MQTT-3.1.2-24]") {
    const mqtt::Packet packet = mqtt::Puback{.packet_id = 1, .reason = kReason};
    const std::size_t size = encoded(packet).size();
    CHECK(Line(size).said(packet).size() == size);
    Line line(size - 1);
    CHECK(line.said(packet).empty());
    CHECK(line.connection.is_open());
}

TEST_CASE("other properties are no problem information and stay") {
    mqtt::Connack connack{.reason = ReasonCode::Success, .properties = problem()};
    connack.properties.assigned_client_identifier = "an id";
    mqtt::Connack bare;
    bare.properties.assigned_client_identifier = "an id";
    CHECK(Line(encoded(connack).size() - 1).said(connack) == encoded(bare));
}
