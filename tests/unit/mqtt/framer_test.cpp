#include "runtime/mqtt/framer.h"

#include <doctest/doctest.h>

#include <string>

#include "tests/cases/packet_case.h"

using namespace lotmesh;
using namespace lotmesh::mqtt;
using cases::bytes_of;

namespace {

constexpr std::uint32_t kNoLimit = 0xFFFF'FFFF;

// A packet whose remaining length is `size`.
Bytes packet_with_body(std::size_t size) {
    Bytes bytes = bytes_of("30");
    for (std::size_t rest = size; true; rest >>= 7) {
        bytes.push_back(static_cast<std::uint8_t>((rest & 0x7F) | (rest > 0x7F ? 0x80 : 0)));
        if (rest <= 0x7F) break;
    }
    bytes.resize(bytes.size() + size);
    return bytes;
}

}  // namespace

TEST_CASE("nothing at all asks for the two bytes of the smallest packet") {
    const auto step = next_frame({}, kNoLimit);
    REQUIRE(step.has_value());
    CHECK(step->frame.size == 0);
    CHECK(step->missing == 2);
}

TEST_CASE("a frame is cut from the front and the rest is left alone") {
    const Bytes bytes = bytes_of("C0 00 32 LL {'a'} 0001");
    const auto first = next_frame(bytes, kNoLimit);
    REQUIRE(first.has_value());
    CHECK(first->frame.type() == PacketType::Pingreq);
    CHECK(first->frame.size == 2);
    CHECK(first->frame.body.empty());

    const auto second = next_frame(ByteView(bytes).subspan(2), kNoLimit);
    REQUIRE(second.has_value());
    CHECK(second->frame.type() == PacketType::Publish);
    CHECK(second->frame.flags() == 2);
    CHECK(second->frame.size == bytes.size() - 2);
    CHECK(second->frame.body.data() == bytes.data() + 4);
}

TEST_CASE("the remaining length is read at each of its sizes") {
    for (const std::size_t size :
         {0UL, 1UL, 127UL, 128UL, 16'383UL, 16'384UL, 2'097'151UL, 2'097'152UL}) {
        CAPTURE(size);
        const Bytes bytes = packet_with_body(size);
        const auto step = next_frame(bytes, kNoLimit);
        REQUIRE(step.has_value());
        CHECK(step->frame.size == bytes.size());
        CHECK(step->frame.body.size() == size);
    }
}

TEST_CASE("the greatest remaining length is asked for, and one more byte of length is malformed") {
    const auto greatest = next_frame(bytes_of("30 FFFFFF7F"), kNoLimit);
    REQUIRE(greatest.has_value());
    CHECK(greatest->missing == 268'435'455);
    // [MQTT-1.5.5-1]
    CHECK_FALSE(next_frame(bytes_of("30 FFFFFF80"), kNoLimit).has_value());
    CHECK(next_frame(bytes_of("30 FFFFFFFF01"), kNoLimit).error() == ReasonCode::MalformedPacket);
}

TEST_CASE("a remaining length that is not in its shortest form is malformed [MQTT-1.5.5-1]") {
    for (const std::string_view notation : {"30 8000", "30 FF00", "30 808000", "30 80808000"}) {
        CAPTURE(std::string(notation));
        const auto step = next_frame(bytes_of(notation), kNoLimit);
        REQUIRE_FALSE(step.has_value());
        CHECK(step.error() == ReasonCode::MalformedPacket);
    }
}

TEST_CASE("the reserved packet type is refused at its first byte") {
    for (const std::string_view notation : {"00", "0F", "00 00"})
        CHECK(next_frame(bytes_of(notation), kNoLimit).error() == ReasonCode::MalformedPacket);
}

TEST_CASE("a packet of the greatest size is taken and one byte more is refused by its length") {
    const Bytes bytes = packet_with_body(200);
    const auto size = static_cast<std::uint32_t>(bytes.size());
    CHECK(next_frame(bytes, size)->frame.size == size);

    const auto refused = next_frame(ByteView(bytes).first(3), size - 1);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error() == ReasonCode::PacketTooLarge);
}

TEST_CASE("what is missing shrinks to nothing as bytes come in") {
    const Bytes bytes = packet_with_body(10);
    CHECK(next_frame(ByteView(bytes).first(1), kNoLimit)->missing == 1);
    for (std::size_t have = 2; have < bytes.size(); ++have)
        CHECK(next_frame(ByteView(bytes).first(have), kNoLimit)->missing == bytes.size() - have);
}
