#include <doctest/doctest.h>

#include "tests/support/broker_rig.h"

using namespace lotmesh;
using namespace lotmesh::test;

namespace {

// The state that Rng had when it gave this result.
std::uint64_t splitmix64_state(std::uint64_t z) {
    z = (z ^ (z >> 31) ^ (z >> 62)) * 0x319642B2D24D8EC3ULL;
    z = (z ^ (z >> 27) ^ (z >> 54)) * 0x96DE1B173F119089ULL;
    return z ^ (z >> 30) ^ (z >> 60);
}

}  // namespace

TEST_CASE("a 5.0 client is accepted and told the limits [MQTT-3.1.4-5] [MQTT-3.2.0-1]") {
    BrokerRig rig;
    TestClient client(rig, Hello{});
    CHECK_FALSE(client.connack.session_present);
    CHECK(client.connack.properties.receive_maximum == 1024);
    CHECK(client.connack.properties.maximum_packet_size == 2U * 1024 * 1024);
    CHECK(client.connack.properties.topic_alias_maximum == 32);
    CHECK_FALSE(client.connack.properties.assigned_client_identifier.has_value());
    CHECK_FALSE(client.connack.properties.authentication_method.has_value());  // [MQTT-4.12.0-6]
    CHECK(client.silent());
    CHECK(rig.core.connected_clients() == 1);
}

TEST_CASE("3.1.1 and 3.1 clients are accepted") {
    BrokerRig rig;
    for (const ProtocolVersion version : {ProtocolVersion::V311, ProtocolVersion::V31}) {
        TestClient client(rig, Hello{.client_id = "old", .version = version});
        CHECK(client.silent());
        client.leave();
    }
}

TEST_CASE("a first packet that is no CONNECT closes without a word [MQTT-3.1.0-1]") {
    BrokerRig rig;
    TestClient client(rig);
    client.send(mqtt::Pingreq{});
    CHECK(client.closed());
    CHECK(client.silent());  // [MQTT-3.14.0-1]
}

TEST_CASE("a second CONNECT is a protocol error [MQTT-3.1.0-2] [MQTT-4.13.2-1]") {
    BrokerRig rig;
    TestClient client(rig, Hello{});
    client.connect(Hello{});
    CHECK(client.expect<mqtt::Disconnect>().reason == ReasonCode::ProtocolError);
    CHECK(client.closed());
    CHECK(rig.core.connected_clients() == 0);
}

TEST_CASE("a second CONNECT of a 3.1.1 client just closes") {
    BrokerRig rig;
    const Hello hello{.version = ProtocolVersion::V311};
    TestClient client(rig, hello);
    client.connect(hello);
    CHECK(client.closed());
    CHECK(client.silent());
}

TEST_CASE("S15 packets that only a server sends are protocol errors") {
    BrokerRig rig;
    const std::vector<mqtt::Packet> packets = {
        mqtt::Pingresp{}, mqtt::Connack{},
        mqtt::Suback{.packet_id = 1, .reasons = {ReasonCode::Success}, .properties = {}},
        mqtt::Unsuback{.packet_id = 1, .reasons = {ReasonCode::Success}, .properties = {}}};
    for (const mqtt::Packet& packet : packets) {
        TestClient client(rig, Hello{});
        client.send(packet);
        CHECK(client.expect<mqtt::Disconnect>().reason == ReasonCode::ProtocolError);
        CHECK(client.closed());
    }
}

TEST_CASE("a version above 5 is refused in 5.0 form [MQTT-3.1.2-2]") {
    BrokerRig rig;
    TestClient client(rig);
    Bytes bytes = client.encoded(TestClient::connect_packet(Hello{}));
    bytes[8] = 6;
    client.send_raw(bytes);
    CHECK(client.expect<mqtt::Connack>().reason == ReasonCode::UnsupportedProtocolVersion);
    CHECK(client.closed());  // [MQTT-3.2.2-7]
}

TEST_CASE("a version below 5 that is unknown is refused in 3.x form [MQTT-3.1.2-2]") {
    BrokerRig rig;
    TestClient client(rig, ProtocolVersion::V311);
    Bytes bytes =
        client.encoded(TestClient::connect_packet(Hello{.version = ProtocolVersion::V311}));
    bytes[8] = 2;
    client.send_raw(bytes);
    CHECK(rig.outputs[client.conn()] == Bytes{0x20, 2, 0, 1});
    CHECK(client.closed());
}

TEST_CASE("a malformed 5.0 CONNECT is refused with its reason [MQTT-3.1.4-1]") {
    BrokerRig rig;
    TestClient client(rig);
    Bytes bytes = client.encoded(TestClient::connect_packet(Hello{}));
    bytes[9] |= 0x01;  // the reserved flag [MQTT-3.1.2-3]
    client.send_raw(bytes);
    CHECK(client.expect<mqtt::Connack>().reason == ReasonCode::MalformedPacket);
    CHECK(client.closed());
}

TEST_CASE("a malformed 3.1.1 CONNECT is just closed [MQTT-3.1.4-1]") {
    BrokerRig rig;
    TestClient client(rig, ProtocolVersion::V311);
    Bytes bytes =
        client.encoded(TestClient::connect_packet(Hello{.version = ProtocolVersion::V311}));
    bytes[9] |= 0x01;
    client.send_raw(bytes);
    CHECK(client.silent());
    CHECK(client.closed());
}

TEST_CASE(
    "an empty client id in 5.0 gets one assigned "
    "[MQTT-3.1.3-6] [MQTT-3.1.3-7] [MQTT-3.2.2-16]") {
    BrokerRig rig;
    TestClient first(rig, Hello{.client_id = ""});
    TestClient second(rig, Hello{.client_id = "", .clean_start = false});
    REQUIRE(first.connack.properties.assigned_client_identifier.has_value());
    REQUIRE(second.connack.properties.assigned_client_identifier.has_value());
    CHECK(*first.connack.properties.assigned_client_identifier !=
          *second.connack.properties.assigned_client_identifier);
    CHECK(rig.core.connected_clients() == 2);
}

TEST_CASE("an assigned client id does not give away the next one") {
    BrokerRig rig;
    const auto assigned = [&rig] {
        TestClient client(rig, Hello{.client_id = ""});
        const std::string id(*client.connack.properties.assigned_client_identifier);
        REQUIRE(id.size() == 5 + 32);
        return std::pair(std::stoull(id.substr(5, 16), nullptr, 16),
                         std::stoull(id.substr(21, 16), nullptr, 16));
    };
    const auto [first, second] = assigned();
    // The increment of SplitMix64, whose output function can be inverted.
    CHECK(splitmix64_state(second) - splitmix64_state(first) != 0x9E3779B97F4A7C15ULL);
    CHECK(assigned().first != first);
}

TEST_CASE("an empty client id in 3.1.1 needs a clean session [MQTT-3.1.3-8]") {
    BrokerRig rig;
    TestClient good(rig, Hello{.client_id = "", .version = ProtocolVersion::V311});
    TestClient bad(rig, ProtocolVersion::V311);
    bad.connect(Hello{.client_id = "", .version = ProtocolVersion::V311, .clean_start = false});
    CHECK(rig.outputs[bad.conn()] == Bytes{0x20, 2, 0, 2});
    CHECK(bad.closed());
}

TEST_CASE("an authentication method is not known here [MQTT-4.12.0-1]") {
    BrokerRig rig;
    TestClient client(rig);
    mqtt::Connect packet = TestClient::connect_packet(Hello{});
    packet.properties.authentication_method = "SCRAM-SHA-1";
    client.send(packet);
    CHECK(client.expect<mqtt::Connack>().reason == ReasonCode::BadAuthenticationMethod);
    CHECK(client.closed());
}

TEST_CASE("AUTH without a method is a protocol error [MQTT-4.12.0-7]") {
    BrokerRig rig;
    TestClient client(rig, Hello{});
    mqtt::Auth auth;
    auth.reason = ReasonCode::ReAuthenticate;
    auth.properties.authentication_method = "x";
    client.send(auth);
    CHECK(client.expect<mqtt::Disconnect>().reason == ReasonCode::ProtocolError);
    CHECK(client.closed());
}

TEST_CASE("PINGREQ is answered [MQTT-3.12.4-1]") {
    BrokerRig rig;
    TestClient client(rig, Hello{});
    client.send(mqtt::Pingreq{});
    client.expect<mqtt::Pingresp>();
}

TEST_CASE("packets may come a byte at a time") {
    BrokerRig rig;
    TestClient client(rig);
    Bytes bytes = client.encoded(TestClient::connect_packet(Hello{}));
    const Bytes ping = client.encoded(mqtt::Pingreq{});
    bytes.insert(bytes.end(), ping.begin(), ping.end());
    for (const std::uint8_t byte : bytes)
        client.send_raw({&byte, 1});
    client.expect<mqtt::Connack>();
    client.expect<mqtt::Pingresp>();
    CHECK(client.silent());
}

TEST_CASE("packets may be split anywhere and come many at a time") {
    Bytes bytes;
    mqtt::encode(TestClient::connect_packet(Hello{}), ProtocolVersion::V5, bytes);
    for (int i = 0; i < 20; ++i)
        mqtt::encode(mqtt::Pingreq{}, ProtocolVersion::V5, bytes);
    for (std::size_t split = 1; split < bytes.size(); ++split) {
        BrokerRig rig;
        TestClient client(rig);
        client.send_raw(ByteView(bytes).first(split));
        client.send_raw(ByteView(bytes).subspan(split));
        client.expect<mqtt::Connack>();
        for (int i = 0; i < 20; ++i)
            client.expect<mqtt::Pingresp>();
        CHECK(client.silent());
    }
}

TEST_CASE("what follows a refused CONNECT is not processed [MQTT-3.1.4-6]") {
    BrokerRig rig;
    TestClient client(rig);
    mqtt::Connect packet = TestClient::connect_packet(Hello{});
    packet.properties.authentication_method = "x";
    Bytes bytes = client.encoded(packet);
    const Bytes more = client.encoded(TestClient::message("a", "x", kQoS1, 1));
    bytes.insert(bytes.end(), more.begin(), more.end());
    client.send_raw(bytes);
    client.expect<mqtt::Connack>();
    CHECK(client.silent());
    CHECK(rig.cluster.messages.empty());
}

TEST_CASE("a socket that says nothing is closed after the connect timeout") {
    BrokerRig rig;
    TestClient client(rig);
    rig.advance(Duration::milliseconds(9'900));
    CHECK_FALSE(client.closed());
    rig.advance(Duration::milliseconds(200));
    CHECK(client.closed());
    CHECK(client.silent());
}

TEST_CASE("a CONNECT that is never finished is closed after the connect timeout") {
    BrokerRig rig;
    TestClient client(rig);
    const Bytes bytes = client.encoded(TestClient::connect_packet(Hello{}));
    client.send_raw(ByteView(bytes).first(10));
    rig.advance(Duration::milliseconds(9'000));
    client.send_raw(ByteView(bytes).subspan(10, 1));
    rig.advance(Duration::milliseconds(1'100));
    CHECK(client.closed());
}

TEST_CASE("what stands before MQTT takes its time from that for CONNECT") {
    BrokerRig rig;
    const ConnId conn = rig.new_conn();
    rig.handle(broker::Accepted{conn, {.remote_address = "192.0.2.1:4711"}, Duration::seconds(9)});
    rig.advance(Duration::milliseconds(900));
    CHECK(rig.count(broker::CloseConnection{conn}) == 0);
    rig.advance(Duration::milliseconds(200));
    CHECK(rig.count(broker::CloseConnection{conn}) == 1);
}

TEST_CASE("keep alive is enforced at one and a half times [MQTT-3.1.2-22]") {
    BrokerRig rig;
    TestClient client(rig, Hello{.keep_alive_sec = 2});
    rig.advance(Duration::milliseconds(2'900));
    client.send(mqtt::Pingreq{});
    client.expect<mqtt::Pingresp>();
    rig.advance(Duration::milliseconds(2'900));
    CHECK_FALSE(client.closed());
    rig.advance(Duration::milliseconds(200));
    CHECK(client.expect<mqtt::Disconnect>().reason == ReasonCode::KeepAliveTimeout);
    CHECK(client.closed());
}

TEST_CASE("a packet that is not complete does not keep a client alive") {
    BrokerRig rig;
    TestClient client(rig, Hello{.keep_alive_sec = 2});
    rig.advance(Duration::milliseconds(2'500));
    const std::uint8_t first_byte = 0xC0;
    client.send_raw({&first_byte, 1});
    rig.advance(Duration::milliseconds(600));
    CHECK(client.expect<mqtt::Disconnect>().reason == ReasonCode::KeepAliveTimeout);
}

TEST_CASE("input that waits after a long turn counts before keep alive is judged") {
    BrokerRig rig;
    TestClient client(rig, Hello{.keep_alive_sec = 2});
    TestClient late(rig);
    TestClient silent(rig, Hello{.client_id = "silent", .keep_alive_sec = 2});
    rig.now.instant = rig.now.instant + Duration::seconds(20);  // nobody was asked meanwhile
    rig.handle(broker::Tick{});
    client.send(mqtt::Pingreq{});
    late.connect(Hello{.client_id = "late"});
    rig.advance(Duration::milliseconds(1));
    CHECK_FALSE(client.closed());
    CHECK_FALSE(late.closed());
    CHECK(silent.closed());
    rig.advance(Duration::milliseconds(2'999));
    CHECK_FALSE(client.closed());
    rig.advance(Duration::milliseconds(2));
    CHECK(client.closed());
}

TEST_CASE("keep alive 0 is never enforced") {
    BrokerRig rig;
    TestClient client(rig, Hello{.keep_alive_sec = 0});
    rig.advance(Duration::seconds(200'000));
    CHECK_FALSE(client.closed());
}

TEST_CASE("a long keep alive does not leave a deadline for each packet") {
    BrokerRig rig;
    TestClient client(rig, Hello{.keep_alive_sec = 60});
    for (int i = 0; i < 100; ++i) {
        rig.advance(Duration::seconds(30));
        client.send(mqtt::Pingreq{});
        client.expect<mqtt::Pingresp>();
    }
    CHECK_FALSE(client.closed());
}

TEST_CASE("a peer's connection is handed to the cluster with what followed the CONNECT") {
    BrokerRig rig;
    TestClient peer(rig);
    mqtt::Connect packet = TestClient::connect_packet(Hello{.client_id = "node-b"});
    packet.properties.user_properties.push_back({broker::kPeerProperty, "1"});
    Bytes bytes = peer.encoded(packet);
    bytes.insert(bytes.end(), {1, 2, 3});
    peer.send_raw(bytes);
    REQUIRE(rig.cluster.peers.size() == 1);
    CHECK(rig.cluster.peers[0].conn == peer.conn());
    CHECK(rig.cluster.peers[0].client_id == "node-b");
    CHECK(rig.cluster.peers[0].rest == Bytes{1, 2, 3});
    CHECK(peer.silent());
}

TEST_CASE("events of a connection that became a peer's are ignored") {
    BrokerRig rig;
    TestClient peer(rig);
    mqtt::Connect packet = TestClient::connect_packet(Hello{});
    packet.properties.user_properties.push_back({broker::kPeerProperty, "1"});
    peer.send(packet);
    peer.send_raw(Bytes{0xFF, 0xFF, 0xFF});
    rig.handle(broker::Congested{peer.conn()});
    rig.handle(broker::Writable{peer.conn()});
    rig.handle(broker::Dialled{.dial = 1, .conn = peer.conn(), .remote_address = "x"});
    rig.handle(broker::DialFailed{});
    rig.advance(Duration::seconds(30));
    rig.handle(broker::Closed{peer.conn(), "gone"});
    CHECK(rig.actions.empty());
    CHECK(peer.silent());
}

TEST_CASE("a peer whose CONNECT comes in pieces keeps its rest") {
    BrokerRig rig;
    TestClient peer(rig);
    mqtt::Connect packet = TestClient::connect_packet(Hello{});
    packet.properties.user_properties.push_back({broker::kPeerProperty, "1"});
    Bytes bytes = peer.encoded(packet);
    const std::size_t connect_size = bytes.size();
    bytes.insert(bytes.end(), {9, 8});
    peer.send_raw(ByteView(bytes).first(connect_size - 3));
    peer.send_raw(ByteView(bytes).subspan(connect_size - 3));
    REQUIRE(rig.cluster.peers.size() == 1);
    CHECK(rig.cluster.peers[0].rest == Bytes{9, 8});
}

TEST_CASE("events of a connection that is gone are ignored") {
    BrokerRig rig;
    TestClient client(rig, Hello{});
    client.drop();
    client.send(mqtt::Pingreq{});
    rig.handle(broker::Writable{client.conn()});
    client.drop();
    CHECK(client.silent());
}

TEST_CASE("a CONNACK is kept within the client's packet size [MQTT-3.2.2-19]") {
    BrokerRig rig;
    TestClient client(rig);
    mqtt::Connect packet = TestClient::connect_packet(Hello{.maximum_packet_size = 8});
    packet.properties.authentication_method = "x";
    client.send(packet);
    const mqtt::Connack connack = client.expect<mqtt::Connack>();
    CHECK(connack.reason == ReasonCode::BadAuthenticationMethod);
    CHECK_FALSE(connack.properties.reason_string.has_value());
}

TEST_CASE("where not even the shortest answer fits the client is closed [MQTT-3.1.2-24]") {
    BrokerRig rig;
    TestClient tiny(rig);
    tiny.connect(Hello{.client_id = "tiny", .maximum_packet_size = 4});
    CHECK(tiny.silent());
    CHECK(tiny.closed());
    CHECK(rig.core.connected_clients() == 0);

    TestClient small(rig, Hello{.client_id = "small", .maximum_packet_size = 30});
    mqtt::Subscribe subscribe{.packet_id = 1, .entries = {}, .properties = {}};
    subscribe.entries.assign(40, {"a", {}});
    small.send(subscribe);
    CHECK(small.silent());
    CHECK(small.closed());

    TestClient other(rig, Hello{.client_id = "other", .maximum_packet_size = 30});
    mqtt::Unsubscribe unsubscribe{.packet_id = 1, .filters = {}, .properties = {}};
    unsubscribe.filters.assign(40, "a");
    other.send(unsubscribe);
    CHECK(other.silent());
    CHECK(other.closed());
}

TEST_CASE("a SUBACK that does not fit after its barrier closes, too") {
    BrokerRig rig;
    rig.cluster.next_ticket = 1;
    TestClient client(rig, Hello{.maximum_packet_size = 30});
    mqtt::Subscribe subscribe{.packet_id = 1, .entries = {}, .properties = {}};
    subscribe.entries.assign(40, {"a", {}});
    client.send(subscribe);
    CHECK_FALSE(client.closed());
    rig.core.barrier_passed(1, rig.now, rig.effects);
    rig.collect();
    CHECK(client.closed());
}

TEST_CASE("a DISCONNECT is kept within the client's packet size [MQTT-3.14.2-3]") {
    BrokerRig rig;
    TestClient client(rig, Hello{.maximum_packet_size = 30});
    client.send(mqtt::Pingresp{});
    const auto packet = client.expect<mqtt::Disconnect>();
    CHECK(packet.reason == ReasonCode::ProtocolError);
    CHECK_FALSE(packet.properties.reason_string.has_value());
}

TEST_CASE("a client that is disconnected is told why where it has the room") {
    BrokerRig rig;
    TestClient client(rig, Hello{});
    client.send(mqtt::Pingresp{});
    CHECK(client.expect<mqtt::Disconnect>().properties.reason_string ==
          "a packet that a client may not send");
}
