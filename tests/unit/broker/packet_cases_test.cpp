// The table of packet cases against a whole broker: who breaks a rule is told so and closed, and
// nobody else notices; who does not stays.
#include <doctest/doctest.h>

#include <string>

#include "tests/cases/packets.h"
#include "tests/support/broker_rig.h"

using namespace lotmesh;
using namespace lotmesh::test;
using mqtt::PacketType;
using mqtt::Sender;
using mqtt::cases::PacketCase;

namespace {

PacketType type_of(const PacketCase& c) { return static_cast<PacketType>(c.bytes().front() >> 4); }

// A client that looks on; it must be there at the end and have heard nothing.
struct Bench {
    BrokerRig rig;
    TestClient onlooker{rig, Hello{.client_id = "onlooker"}};

    void check_onlooker() {
        CHECK(onlooker.silent());
        onlooker.send(mqtt::Pingreq{});
        onlooker.expect<mqtt::Pingresp>();
        CHECK_FALSE(onlooker.closed());
    }
};

// What of the table a client may try, each in a broker of its own.
template <typename Visit>
void for_each_sent_by_clients(Visit&& visit) {
    mqtt::cases::for_each_packet([&visit](const PacketCase& c, ProtocolVersion version) {
        if (c.sender != Sender::Client) return;
        INFO(std::string(c.name) << " in version " << static_cast<int>(version));
        visit(c, version);
    });
}

// The code in the CONNACK that a refused CONNECT gets; nothing where it gets none.
std::optional<ReasonCode> connack_for(const Bytes& connect) {
    const auto decoded = mqtt::decode_connect(mqtt::next_frame(connect, 0xFFFF'FFFF)->frame);
    REQUIRE_FALSE(decoded.has_value());
    const mqtt::ConnectError& error = decoded.error();
    const bool known_to_3 = error.reason == ReasonCode::UnsupportedProtocolVersion ||
                            error.reason == ReasonCode::ClientIdentifierNotValid;
    if (error.asked_version >= 5 || known_to_3) return error.reason;
    return std::nullopt;
}

}  // namespace

TEST_CASE(
    "a packet that breaks a rule closes its connection, in 5.0 with the reason that it deserves "
    "[MQTT-4.13.1-1] [MQTT-4.13.2-1] [MQTT-3.14.4-2] [MQTT311-4.8.0-1] [MQTT311-2.2.2-2]") {
    std::size_t count = 0;
    for_each_sent_by_clients([&count](const PacketCase& c, ProtocolVersion version) {
        if (c.is_valid() || type_of(c) == PacketType::Connect) return;
        Bench bench;
        TestClient client(bench.rig, Hello{.version = version});
        client.send_raw(c.bytes());
        if (version == ProtocolVersion::V5)
            CHECK(name(client.expect<mqtt::Disconnect>().reason) ==
                  name(std::get<ReasonCode>(c.expected)));
        CHECK(client.silent());
        CHECK(client.closed());
        CHECK(bench.rig.core.connected_clients() == 1);
        CHECK(bench.rig.cluster.messages.empty());
        bench.check_onlooker();
        ++count;
    });
    CHECK(count > 120);
}

TEST_CASE(
    "a CONNECT that breaks a rule is refused and closed, in 3.1.1 without CONNACK where no code "
    "fits "
    "[MQTT-3.1.4-1] [MQTT-3.2.2-7] [MQTT311-3.1.4-1] [MQTT311-3.2.2-5] [MQTT311-3.2.2-6]") {
    std::size_t silent = 0;
    for_each_sent_by_clients([&silent](const PacketCase& c, ProtocolVersion version) {
        if (c.is_valid() || type_of(c) != PacketType::Connect) return;
        Bench bench;
        TestClient client(bench.rig, version);
        client.send_raw(c.bytes());
        const std::optional<ReasonCode> reason = connack_for(c.bytes());
        if (reason) {
            const auto connack = client.expect<mqtt::Connack>();
            CHECK(name(connack.reason) == name(*reason));
            CHECK_FALSE(connack.session_present);  // [MQTT-3.2.2-6] [MQTT311-3.2.2-4]
        }
        silent += reason ? 0 : 1;
        CHECK(client.silent());
        CHECK(client.closed());
        CHECK(bench.rig.core.connected_clients() == 1);
        bench.check_onlooker();
    });
    CHECK(silent > 15);
}

TEST_CASE("a packet that breaks no rule closes nothing") {
    for_each_sent_by_clients([](const PacketCase& c, ProtocolVersion version) {
        const PacketType type = type_of(c);
        // A second CONNECT and AUTH without a method break one by where they stand.
        if (!c.is_valid() || type == PacketType::Connect || type == PacketType::Auth) return;
        const auto* publish = std::get_if<mqtt::Publish>(&std::get<mqtt::Packet>(c.expected));
        if (publish != nullptr && publish->properties.topic_alias) return;  // perhaps not set yet
        Bench bench;
        TestClient client(bench.rig, Hello{.version = version, .session_expiry_sec = 1000});
        client.send_raw(c.bytes());
        CHECK(client.closed() == (type == PacketType::Disconnect));
        CHECK(bench.rig.core.connected_clients() == (client.closed() ? 1 : 2));
        bench.check_onlooker();
    });
}
