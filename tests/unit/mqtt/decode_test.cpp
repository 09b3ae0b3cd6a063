// What the table of packet cases cannot say: errors with their version, bounds, borrowed memory.
#include "runtime/mqtt/decode.h"

#include <doctest/doctest.h>

#include <string>

#include "base/topic.h"
#include "runtime/mqtt/encode.h"
#include "tests/cases/packet_case.h"

using namespace lotmesh;
using namespace lotmesh::mqtt;
using cases::bytes_of;

namespace {

Frame frame_of(const Bytes& bytes) {
    const auto step = next_frame(bytes, 0xFFFF'FFFF);
    REQUIRE(step.has_value());
    REQUIRE(step->frame.size == bytes.size());
    return step->frame;
}

ConnectError connect_error(std::string_view notation) {
    const Bytes bytes = bytes_of(notation);
    const auto connect = decode_connect(frame_of(bytes));
    REQUIRE_FALSE(connect.has_value());
    return connect.error();
}

std::string levels(std::size_t count) { return std::string(count - 1, '/'); }

Result<Publish, ReasonCode> publish_to(const std::string& topic) {
    Bytes bytes;
    encode(Publish{.topic = topic}, ProtocolVersion::V5, bytes);
    auto decoded = decode_publish(frame_of(bytes), ProtocolVersion::V5, Sender::Client);
    if (decoded) decoded->topic = topic;
    return decoded;
}

}  // namespace

TEST_CASE("a refused CONNECT says which version was asked for") {
    CHECK(connect_error("10 LL {'MQTT'} 06 02 003C <> {'me'}") ==
          ConnectError{ReasonCode::UnsupportedProtocolVersion, 6});
    CHECK(connect_error("10 LL {'MQIsdp'} 04 02 003C {'me'}") ==
          ConnectError{ReasonCode::UnsupportedProtocolVersion, 4});
    CHECK(connect_error("10 LL {'MQTT'} 04 03 003C {'me'}") ==
          ConnectError{ReasonCode::MalformedPacket, 4});
    CHECK(connect_error("10 LL {'MQTT'} 05 02 003C <21 0000> {'me'}") ==
          ConnectError{ReasonCode::ProtocolError, 5});
    CHECK(connect_error("10 LL {'MQTT'}") == ConnectError{ReasonCode::MalformedPacket, 0});
}

TEST_CASE("a second CONNECT is a protocol error [MQTT-3.1.0-2]") {
    const Bytes bytes = bytes_of("10 LL {'MQTT'} 05 02 003C <> {'me'}");
    const auto decoded = decode_packet(frame_of(bytes), ProtocolVersion::V5, Sender::Client);
    CHECK(decoded == failure(ReasonCode::ProtocolError));
}

TEST_CASE("a frame of another type is not a CONNECT and not a PUBLISH") {
    const Bytes bytes = bytes_of("C0 00");
    CHECK(decode_connect(frame_of(bytes)) == failure(ConnectError{ReasonCode::ProtocolError, 0}));
    CHECK(decode_publish(frame_of(bytes), ProtocolVersion::V5, Sender::Client) ==
          failure(ReasonCode::ProtocolError));
}

TEST_CASE("S13 a topic name of 200 levels is taken and one of 201 is refused") {
    CHECK(publish_to(levels(kTopicLevelsMax)).has_value());
    CHECK(publish_to(levels(kTopicLevelsMax + 1)) == failure(ReasonCode::TopicNameInvalid));
}

TEST_CASE("S13 a filter of 200 levels is taken and one of 201 is refused") {
    for (const bool fits : {true, false}) {
        const std::string filter = levels(fits ? kTopicLevelsMax : kTopicLevelsMax + 1);
        Bytes bytes;
        encode(Subscribe{.packet_id = 1, .entries = {{filter}}}, ProtocolVersion::V5, bytes);
        const auto decoded = decode_packet(frame_of(bytes), ProtocolVersion::V5, Sender::Client);
        REQUIRE(decoded.has_value() == fits);
        if (!fits) CHECK(decoded.error() == ReasonCode::TopicFilterInvalid);
    }
}

TEST_CASE("strings of 65535 bytes are taken whole [MQTT-4.7.3-3]") {
    const std::string long_text(65'535, 'x');
    Connect connect{.client_id = long_text,
                    .will = Will{.topic = long_text, .payload = as_bytes(long_text)},
                    .user_name = long_text,
                    .password = as_bytes(long_text)};
    connect.properties.user_properties.assign(5, {long_text, long_text});
    Bytes bytes;
    encode(connect, ProtocolVersion::V5, bytes);
    const auto decoded = decode_connect(frame_of(bytes));
    REQUIRE(decoded.has_value());
    CHECK(*decoded == connect);
}

TEST_CASE("a client id of 23 characters may have more bytes in 3.1") {
    std::string id;
    for (int i = 0; i < 23; ++i)
        id += "\xC3\xA4";
    Bytes bytes;
    encode(Connect{.version = ProtocolVersion::V31, .client_id = id}, ProtocolVersion::V31, bytes);
    CHECK(decode_connect(frame_of(bytes)).has_value());
    bytes.clear();
    id += "a";
    encode(Connect{.version = ProtocolVersion::V31, .client_id = id}, ProtocolVersion::V31, bytes);
    CHECK(decode_connect(frame_of(bytes)).error().reason == ReasonCode::ClientIdentifierNotValid);
}

TEST_CASE("a decoded PUBLISH borrows its topic and payload from the frame") {
    const Bytes bytes = bytes_of("30 LL {'topic'} <> 'payload'");
    const auto decoded = decode_publish(frame_of(bytes), ProtocolVersion::V5, Sender::Client);
    REQUIRE(decoded.has_value());
    CHECK(as_bytes(decoded->topic).data() == bytes.data() + 4);
    CHECK(decoded->payload.data() == bytes.data() + 10);
    CHECK(decoded->properties.forwarded.capacity() == 0);
}

TEST_CASE("every ill-formed string is malformed in every place of a CONNECT") {
    // [MQTT-1.5.4-1] [MQTT-1.5.4-2]
    for (const std::string bad :
         {"00", "80", "C080", "C1BF", "E0809F", "EDA080", "EDBFBF", "F08080BF", "F4908080",
          "F5808080", "FE", "FF", "C3", "E282", "F09F98"}) {
        const std::string field = "{'a'" + bad + "}";
        for (const std::string& notation :
             {"10 LL {'MQTT'} 05 C6 003C <> " + field + " <> {'w'} {} {'u'} {'p'}",
              "10 LL {'MQTT'} 05 C6 003C <> {'me'} <> " + field + " {} {'u'} {'p'}",
              "10 LL {'MQTT'} 05 C6 003C <> {'me'} <> {'w'} {} " + field + " {'p'}",
              "10 LL {'MQTT'} 05 C6 003C <15" + field + "> {'me'} <> {'w'} {} {'u'} {'p'}",
              "10 LL {'MQTT'} 05 C6 003C <> {'me'} <03" + field + "> {'w'} {} {'u'} {'p'}"}) {
            CAPTURE(notation);
            CHECK(connect_error(notation) == ConnectError{ReasonCode::MalformedPacket, 5});
        }
    }
}

TEST_CASE("binary fields may hold any bytes") {
    const Bytes bytes = bytes_of(
        "10 LL {'MQTT'} 05 C6 003C <15{'m'} 16{00FF80}> {'me'} <09{00FF80}> {'w'} {00FF80} {'u'} "
        "{00FF80}");
    CHECK(decode_connect(frame_of(bytes)).has_value());
}

TEST_CASE("a type that a version does not have is refused whatever the body says") {
    for (const ProtocolVersion version : {ProtocolVersion::V31, ProtocolVersion::V311}) {
        const Bytes bytes = bytes_of("F0 LL 18 <15{'m'}>");
        CHECK(decode_packet(frame_of(bytes), version, Sender::Client) ==
              failure(ReasonCode::MalformedPacket));
    }
}
