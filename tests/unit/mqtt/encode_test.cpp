// What encoding leaves out: properties and codes that a version does not have.
#include "runtime/mqtt/encode.h"

#include <doctest/doctest.h>

#include "tests/cases/packet_case.h"

using namespace lotmesh;
using namespace lotmesh::mqtt;
using cases::bytes_of;

namespace {

Bytes encoded(const Packet& packet, ProtocolVersion version) {
    Bytes out;
    encode(packet, version, out);
    return out;
}

Bytes encoded_ack(PacketType type, ReasonCode reason, ProtocolVersion version) {
    Bytes out;
    encode_ack(type, 0x0102, reason, version, out);
    return out;
}

const Properties kReason{.reason_string = "why"};

}  // namespace

TEST_CASE("3.1.1 packets carry no property") {
    const auto version = ProtocolVersion::V311;
    CHECK(encoded(Connack{.properties = kReason}, version) == bytes_of("20 02 00 00"));
    CHECK(encoded(Puback{.packet_id = 1, .properties = kReason}, version) ==
          bytes_of("40 02 0001"));
    CHECK(encoded(Subscribe{.packet_id = 1, .entries = {{"a"}}, .properties = kReason}, version) ==
          bytes_of("82 LL 0001 {'a'} 00"));
    CHECK(
        encoded(Suback{.packet_id = 1, .reasons = {ReasonCode::GrantedQoS1}, .properties = kReason},
                version) == bytes_of("90 LL 0001 01"));
    CHECK(encoded(Unsuback{.packet_id = 1, .reasons = {ReasonCode::Success}}, version) ==
          bytes_of("B0 02 0001"));
    CHECK(encoded(Disconnect{.reason = ReasonCode::ServerShuttingDown}, version) ==
          bytes_of("E0 00"));
}

TEST_CASE("a refused filter is 0x80 in 3.1.1 and QoS 0 in 3.1, which knows no refusal") {
    const Suback suback{.packet_id = 1,
                        .reasons = {ReasonCode::NotAuthorized, ReasonCode::GrantedQoS2}};
    CHECK(encoded(suback, ProtocolVersion::V5) == bytes_of("90 LL 0001 <> 87 02"));
    CHECK(encoded(suback, ProtocolVersion::V311) == bytes_of("90 LL 0001 80 02"));
    CHECK(encoded(suback, ProtocolVersion::V31) == bytes_of("90 LL 0001 00 02"));
}

TEST_CASE("subscription options of 5.0 are left out before it") {
    const Subscribe subscribe{.packet_id = 1,
                              .entries = {{"a",
                                           {.qos = QoS::AtLeastOnce,
                                            .no_local = true,
                                            .retain_as_published = true,
                                            .retain_handling = RetainHandling::DoNotSend}}}};
    CHECK(encoded(subscribe, ProtocolVersion::V311) == bytes_of("82 LL 0001 {'a'} 01"));
    CHECK(encoded(subscribe, ProtocolVersion::V5) == bytes_of("82 LL 0001 <> {'a'} 2D"));
}

TEST_CASE("acks take their shortest form") {
    CHECK(encoded_ack(PacketType::Puback, ReasonCode::Success, ProtocolVersion::V5) ==
          bytes_of("40 02 0102"));
    CHECK(encoded_ack(PacketType::Pubrel, ReasonCode::Success, ProtocolVersion::V5) ==
          bytes_of("62 02 0102"));  // [MQTT-3.6.1-1]
    CHECK(encoded_ack(PacketType::Pubrec, ReasonCode::QuotaExceeded, ProtocolVersion::V5) ==
          bytes_of("50 03 0102 97"));
    CHECK(encoded_ack(PacketType::Pubcomp, ReasonCode::PacketIdentifierNotFound,
                      ProtocolVersion::V311) == bytes_of("70 02 0102"));
}

TEST_CASE("a refused CONNECT of 3.x gets the return code that says the same") {
    CHECK(encoded(Connack{.reason = ReasonCode::Banned}, ProtocolVersion::V311) ==
          bytes_of("20 02 00 05"));
    CHECK(encoded(Connack{.reason = ReasonCode::QuotaExceeded}, ProtocolVersion::V31) ==
          bytes_of("20 02 00 03"));
}

TEST_CASE("3.1 has no session present") {
    CHECK(encoded(Connack{.session_present = true}, ProtocolVersion::V31) ==
          bytes_of("20 02 00 00"));
}

TEST_CASE("a will of 3.1.1 has no property") {
    Connect connect{.version = ProtocolVersion::V311, .client_id = "c", .will = Will{.topic = "w"}};
    connect.will->properties.will_delay_interval_sec = 5;
    CHECK(encoded(connect, ProtocolVersion::V311) ==
          bytes_of("10 LL {'MQTT'} 04 06 0000 {'c'} {'w'} {}"));
}
