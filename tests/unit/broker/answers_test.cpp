// What stands in the answers of the broker, and what does not.
#include <doctest/doctest.h>

#include <array>

#include "tests/support/broker_rig.h"

using namespace lotmesh;
using namespace lotmesh::test;

namespace {

// The properties of the next packet, which must be a P with this code.
template <typename P>
mqtt::Properties properties_of(TestClient& client, ReasonCode reason) {
    const P packet = client.expect<P>();
    if constexpr (requires { packet.reasons; })
        CHECK(packet.reasons == std::vector{reason});
    else
        CHECK(packet.reason == reason);
    return packet.properties;
}

constexpr auto kNotFound = ReasonCode::PacketIdentifierNotFound;

}  // namespace

TEST_CASE("SUBACK and UNSUBACK have the identifier of their request [MQTT-2.2.1-6]") {
    BrokerRig rig;
    TestClient client(rig, Hello{});
    for (const mqtt::PacketId id : std::array<mqtt::PacketId, 3>{0xFFFF, 1, 0x1234}) {
        client.send(mqtt::Subscribe{.packet_id = id, .entries = {{"a"}}, .properties = {}});
        CHECK(client.expect<mqtt::Suback>().packet_id == id);
        client.send(mqtt::Unsubscribe{.packet_id = id, .filters = {"a"}, .properties = {}});
        CHECK(client.expect<mqtt::Unsuback>().packet_id == id);
    }
}

TEST_CASE("who asks for no problem information gets none, but in a DISCONNECT [MQTT-3.1.2-29]") {
    BrokerRig rig(broker::Limits{.topic_levels_max = 3});
    TestClient client(rig);
    mqtt::Connect connect = TestClient::connect_packet(Hello{});
    connect.properties.request_problem_information = std::uint8_t{0};
    client.send(connect);
    client.expect<mqtt::Connack>();
    const mqtt::Properties none{};
    client.publish("$x", "refused", kQoS1, 1);
    CHECK(properties_of<mqtt::Puback>(client, ReasonCode::TopicNameInvalid) == none);
    client.publish("$x", "refused", kQoS2, 2);
    CHECK(properties_of<mqtt::Pubrec>(client, ReasonCode::TopicNameInvalid) == none);
    client.pubrec(77);
    CHECK(properties_of<mqtt::Pubrel>(client, kNotFound) == none);
    client.pubrel(78);
    CHECK(properties_of<mqtt::Pubcomp>(client, kNotFound) == none);
    client.send_subscribe("1/2/3/4", {});
    CHECK(properties_of<mqtt::Suback>(client, ReasonCode::TopicFilterInvalid) == none);
    client.send(mqtt::Unsubscribe{.packet_id = 3, .filters = {"a"}, .properties = {}});
    CHECK(properties_of<mqtt::Unsuback>(client, ReasonCode::NoSubscriptionExisted) == none);
    client.send(mqtt::Pingresp{});
    CHECK(properties_of<mqtt::Disconnect>(client, ReasonCode::ProtocolError)
              .reason_string.has_value());
}

TEST_CASE("there is one CONNACK in a connection, whatever comes after it [MQTT-3.2.0-2]") {
    BrokerRig rig;
    TestClient client(rig, Hello{});  // takes the one
    client.subscribe("a", kQoS1);
    client.publish("a", "x", kQoS1, 1);
    client.expect<mqtt::Publish>();
    client.expect<mqtt::Puback>();
    client.connect(Hello{});
    client.connect(Hello{});
    client.expect<mqtt::Disconnect>();
    CHECK(client.silent());
}

TEST_CASE("without a Server Keep Alive it is the client's that holds [MQTT-3.2.2-22]") {
    for (const auto keep_alive_sec : std::array<std::uint16_t, 3>{1, 60, 65535}) {
        BrokerRig rig;
        TestClient client(rig, Hello{.keep_alive_sec = keep_alive_sec});
        CHECK_FALSE(client.connack.properties.server_keep_alive_sec.has_value());
        rig.advance(Duration::milliseconds(keep_alive_sec * 1500 - 100));
        CHECK_FALSE(client.closed());
        rig.advance(Duration::milliseconds(200));
        CHECK(client.closed());
    }
}
