#include "runtime/mqtt/publish_frame.h"

#include <doctest/doctest.h>

#include <array>

#include "runtime/mqtt/encode.h"
#include "tests/cases/packet_case.h"

using namespace lotmesh;
using namespace lotmesh::mqtt;
using cases::bytes_of;

namespace {

constexpr std::array kVersions{ProtocolVersion::V31, ProtocolVersion::V311, ProtocolVersion::V5};

Bytes append(const PublishHead& head, QoS qos, PacketId packet_id, bool dup) {
    Bytes out;
    head.append_to(out, qos, packet_id, dup);
    return out;
}

}  // namespace

TEST_CASE("a patched copy is what encoding for that receiver alone would give") {
    const std::array<Publish, 5> receivers{
        Publish{},
        Publish{.retain = true},
        Publish{.qos = QoS::AtLeastOnce, .packet_id = 0x1234},
        Publish{.qos = QoS::ExactlyOnce, .retain = true, .packet_id = 1},
        Publish{.qos = QoS::ExactlyOnce, .dup = true, .packet_id = 0xFFFF},
    };
    for (const ProtocolVersion version : kVersions) {
        for (Publish publish : receivers) {
            publish.topic = "a/b";
            publish.payload = as_bytes("payload");
            Bytes alone;
            encode(publish, version, alone);
            PublishHead head;
            head.encode({.topic = "a/b", .payload_size = 7, .retain = publish.retain}, version,
                        publish.qos != QoS::AtMostOnce);
            Bytes patched = append(head, publish.qos, publish.packet_id, publish.dup);
            patched.insert(patched.end(), publish.payload.begin(), publish.payload.end());
            CHECK(patched == alone);
            CHECK(head.packet_size == alone.size());
        }
    }
}

TEST_CASE("copies of one head differ in packet identifier, QoS and DUP only") {
    PublishHead head;
    head.encode({.topic = "t", .payload_size = 1}, ProtocolVersion::V5, true);
    CHECK(append(head, QoS::AtLeastOnce, 1, false) == bytes_of("32 07 {'t'} 0001 <>"));
    CHECK(append(head, QoS::ExactlyOnce, 0xABCD, false) == bytes_of("34 07 {'t'} ABCD <>"));
    // [MQTT-3.3.1-1]
    CHECK(append(head, QoS::AtLeastOnce, 2, true) == bytes_of("3A 07 {'t'} 0002 <>"));
    CHECK(append(head, QoS::AtLeastOnce, 1, false) == bytes_of("32 07 {'t'} 0001 <>"));
}

TEST_CASE("a QoS 0 head has no packet identifier [MQTT-2.2.1-2]") {
    PublishHead head;
    head.encode({.topic = "t", .retain = true}, ProtocolVersion::V311, false);
    CHECK(head.packet_id_at == 0);
    CHECK(append(head, QoS::AtMostOnce, 0, false) == bytes_of("31 03 {'t'}"));
}

TEST_CASE("expiry, alias and subscription identifiers stand before what is forwarded") {
    const Bytes forwarded = bytes_of("01 01 26{'k'}{'v'}");
    const std::array<std::uint32_t, 3> subscriptions{1, 128, 268'435'455};
    PublishHead head;
    head.encode({.topic = "t",
                 .forwarded_properties = forwarded,
                 .message_expiry_interval_sec = 60,
                 .subscription_identifiers = subscriptions,
                 .topic_alias = 9},
                ProtocolVersion::V5, false);
    // [MQTT-3.3.4-4] [MQTT-3.3.2-17]
    CHECK(append(head, QoS::AtMostOnce, 0, false) ==
          bytes_of("30 LL {'t'} <02 0000003C 23 0009 0B 01 0B 8001 0B FFFFFF7F"
                   " 01 01 26{'k'}{'v'}>"));
}

TEST_CASE("an alias may stand alone for its topic") {
    PublishHead head;
    head.encode({.topic = "", .payload_size = 1, .topic_alias = 1}, ProtocolVersion::V5, false);
    CHECK(append(head, QoS::AtMostOnce, 0, false) == bytes_of("30 07 {} <23 0001>"));
}

TEST_CASE("versions before 5.0 get no property") {
    const Bytes forwarded = bytes_of("01 01");
    const std::array<std::uint32_t, 1> subscriptions{1};
    PublishHead head;
    head.encode({.topic = "t",
                 .forwarded_properties = forwarded,
                 .message_expiry_interval_sec = 60,
                 .subscription_identifiers = subscriptions},
                ProtocolVersion::V311, true);
    CHECK(append(head, QoS::AtLeastOnce, 1, false) == bytes_of("32 LL {'t'} 0001"));
}

TEST_CASE("a large payload is counted but is not in the head") {
    for (const std::size_t size : {127UL, 128UL, 70'000UL, 3'000'000UL}) {
        CAPTURE(size);
        const Bytes payload(size, 0x55);
        PublishHead head;
        head.encode({.topic = "big", .payload_size = size}, ProtocolVersion::V5, true);
        CHECK(head.bytes.size() < 20);
        CHECK(head.packet_size == head.bytes.size() + size);

        Bytes packet = append(head, QoS::ExactlyOnce, 77, false);
        packet.insert(packet.end(), payload.begin(), payload.end());
        const auto step = next_frame(packet, 0xFFFF'FFFF);
        REQUIRE(step.has_value());
        CHECK(step->frame.size == head.packet_size);
        const auto decoded = decode_publish(step->frame, ProtocolVersion::V5, Sender::Server);
        REQUIRE(decoded.has_value());
        CHECK(
            *decoded ==
            Publish{.topic = "big", .payload = payload, .qos = QoS::ExactlyOnce, .packet_id = 77});
    }
}

TEST_CASE("a head can be made anew and forgets what it said") {
    PublishHead head;
    head.encode({.topic = "long/topic/name", .payload_size = 500, .retain = true},
                ProtocolVersion::V5, true);
    head.encode({.topic = "t"}, ProtocolVersion::V311, false);
    CHECK(append(head, QoS::AtMostOnce, 0, false) == bytes_of("30 03 {'t'}"));
    CHECK(head.packet_size == 5);
}

TEST_CASE("what is forwarded comes out as it came in, from client to client") {
    const Bytes in = bytes_of(
        "31 LL {'a'} <26{'b'}{'2'} 23 0001 09{00FF} 26{'a'}{'1'} 01 00 03{'t'} 08{'r'}> 'x'");
    const auto received =
        decode_publish(next_frame(in, 1000)->frame, ProtocolVersion::V5, Sender::Client);
    REQUIRE(received.has_value());
    PublishHead head;
    head.encode({.topic = received->topic,
                 .forwarded_properties = received->properties.forwarded,
                 .payload_size = received->payload.size()},
                ProtocolVersion::V5, false);
    // [MQTT-3.3.2-15] [MQTT-3.3.2-16] [MQTT-3.3.2-17] [MQTT-3.3.2-18] [MQTT-3.3.2-20]
    CHECK(append(head, QoS::AtMostOnce, 0, false) ==
          bytes_of("30 22 {'a'} <26{'b'}{'2'} 09{00FF} 26{'a'}{'1'} 01 00 03{'t'} 08{'r'}>"));
}
