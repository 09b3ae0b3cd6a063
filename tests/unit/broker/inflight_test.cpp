#include <doctest/doctest.h>

#include <set>

#include "runtime/broker/inflight.h"

using namespace lotmesh;
using namespace lotmesh::broker;
using mqtt::QoS;

namespace {

constexpr std::size_t kManyBytes = 1 << 30;

Delivery delivery(QoS qos, std::string_view payload = "x") {
    Delivery result;
    result.message = MessageRef::make({.topic = "a",
                                       .forwarded_properties = {},
                                       .payload = as_bytes(payload),
                                       .expires_at = std::nullopt,
                                       .version = std::nullopt});
    result.qos = qos;
    return result;
}

InflightBounds bounds(std::uint16_t window, std::size_t entries_max = 0xFFFF) {
    return {.window = window, .bytes_max = kManyBytes, .entries_max = entries_max};
}

Inflight open(std::uint16_t window) {
    Inflight inflight;
    inflight.begin_connection(bounds(window));
    return inflight;
}

// A connection that takes `messages` of QoS 2, says PUBREC to each, and goes.
void leave_releases_behind(Inflight& inflight, const InflightBounds& connection, int messages) {
    inflight.begin_connection(connection);
    for (int i = 0; i < messages; ++i) {
        REQUIRE(inflight.has_room());
        inflight.pubrec(inflight.add(delivery(QoS::ExactlyOnce)), false);
    }
}

}  // namespace

TEST_CASE("the window is full at its size and free after an ack") {
    Inflight inflight = open(2);
    CHECK(inflight.add(delivery(QoS::AtLeastOnce)) == 1);
    CHECK(inflight.has_room());
    CHECK(inflight.add(delivery(QoS::AtLeastOnce)) == 2);
    CHECK_FALSE(inflight.has_room());
    CHECK(inflight.puback(2));
    CHECK(inflight.has_room());
    CHECK_FALSE(inflight.puback(2));
    CHECK(inflight.size() == 1);
}

TEST_CASE("identifiers go round past 65535 and skip 0 and those in use [MQTT-2.2.1-4]") {
    Inflight inflight = open(10);
    CHECK(inflight.add(delivery(QoS::AtLeastOnce)) == 1);  // stays
    std::uint32_t previous = 1;
    for (int i = 0; i < 200'000; ++i) {
        const mqtt::PacketId id = inflight.add(delivery(QoS::AtLeastOnce));
        REQUIRE(id > 1);
        REQUIRE(id == (previous == 65'535 ? 2 : previous + 1));
        previous = id;
        REQUIRE(inflight.puback(id));
    }
    CHECK(inflight.size() == 1);
}

TEST_CASE("several identifiers in use are all skipped after a lap") {
    Inflight inflight = open(100);
    std::set<mqtt::PacketId> kept;
    for (int i = 0; i < 300'000; ++i) {
        const mqtt::PacketId id = inflight.add(delivery(QoS::AtLeastOnce));
        REQUIRE(id != 0);
        REQUIRE_FALSE(kept.contains(id));
        if (i % 5'000 == 0) {
            kept.insert(id);
        } else {
            REQUIRE(inflight.puback(id));
        }
    }
    CHECK(inflight.size() == kept.size());
}

TEST_CASE("a QoS 2 entry lets go of its message at PUBREC and of its place at PUBCOMP") {
    Inflight inflight = open(1);
    inflight.add(delivery(QoS::ExactlyOnce, "a long payload"));
    CHECK(inflight.bytes() > 0);
    CHECK_FALSE(inflight.pubcomp(1));
    CHECK_FALSE(inflight.puback(1));
    CHECK(inflight.pubrec(1, false) == Inflight::OnPubrec::SendPubrel);
    CHECK(inflight.bytes() == 0);
    CHECK(inflight.pubrec(1, false) == Inflight::OnPubrec::SendPubrel);
    CHECK_FALSE(inflight.has_room());
    CHECK(inflight.pubcomp(1));
    CHECK(inflight.has_room());
    CHECK(inflight.pubrec(1, false) == Inflight::OnPubrec::NotFound);
}

TEST_CASE("a refusing PUBREC ends the delivery") {
    Inflight inflight = open(1);
    inflight.add(delivery(QoS::ExactlyOnce));
    CHECK(inflight.pubrec(1, true) == Inflight::OnPubrec::Refused);
    CHECK(inflight.empty());
    CHECK(inflight.has_room());
}

TEST_CASE("bytes bound the window, one message always fits") {
    Inflight inflight;
    inflight.begin_connection({.window = 10, .bytes_max = 100, .entries_max = 10});
    inflight.add(delivery(QoS::AtLeastOnce, std::string(500, 'x')));
    CHECK_FALSE(inflight.has_room());
    inflight.puback(1);
    CHECK(inflight.has_room());
}

TEST_CASE("a new connection resends in order what was sent, but not what is released") {
    Inflight inflight = open(10);
    for (int i = 0; i < 4; ++i)
        inflight.add(delivery(QoS::ExactlyOnce));
    inflight.pubrec(2, false);
    CHECK(inflight.next_to_resend() == nullptr);
    inflight.begin_connection(bounds(10));
    std::vector<mqtt::PacketId> order;
    while (const InflightEntry* entry = inflight.next_to_resend()) {
        order.push_back(entry->packet_id);
        inflight.resent();
    }
    CHECK(order == std::vector<mqtt::PacketId>{1, 3, 4});
    CHECK(inflight.add(delivery(QoS::AtLeastOnce)) == 5);
}

TEST_CASE("acks that come while resending keep the place") {
    Inflight inflight = open(10);
    for (int i = 0; i < 4; ++i)
        inflight.add(delivery(QoS::AtLeastOnce));
    inflight.begin_connection(bounds(10));
    inflight.next_to_resend();
    inflight.resent();
    inflight.next_to_resend();
    inflight.resent();
    CHECK(inflight.puback(1));
    REQUIRE(inflight.next_to_resend() != nullptr);
    CHECK(inflight.next_to_resend()->packet_id == 3);
    CHECK(inflight.puback(4));  // before it was resent: allowed
    inflight.drop_resend();
    CHECK(inflight.next_to_resend() == nullptr);
    CHECK(inflight.size() == 1);
}

TEST_CASE("what earlier connections left behind is bounded: at the bound nothing new is sent") {
    Inflight inflight;
    leave_releases_behind(inflight, bounds(10, 15), 10);
    leave_releases_behind(inflight, bounds(10, 15), 4);
    CHECK(inflight.has_room());
    inflight.add(delivery(QoS::ExactlyOnce));
    CHECK(inflight.size() == 15);
    CHECK(inflight.window_open());
    CHECK_FALSE(inflight.has_room());
    CHECK(inflight.pubcomp(3));
    CHECK(inflight.has_room());
}

TEST_CASE("with all identifiers but one in use that one is found, then there is no room") {
    Inflight inflight;
    constexpr int kConnection = 0xFFFF / 15;
    for (int i = 0; i < 15; ++i)
        leave_releases_behind(inflight, bounds(kConnection, 100'000), kConnection);
    inflight.begin_connection(bounds(10, 100'000));
    CHECK(inflight.size() == 0xFFFF);
    CHECK_FALSE(inflight.has_room());
    CHECK(inflight.pubcomp(40'000));
    REQUIRE(inflight.has_room());
    CHECK(inflight.add(delivery(QoS::AtLeastOnce)) == 40'000);
    CHECK_FALSE(inflight.has_room());
}
