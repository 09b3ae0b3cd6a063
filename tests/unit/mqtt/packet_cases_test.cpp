// The table of packet cases through decoder, encoder and framer.
#include <doctest/doctest.h>

#include <set>
#include <string>

#include "runtime/mqtt/encode.h"
#include "tests/cases/packets.h"

using namespace lotmesh;
using namespace lotmesh::mqtt;
using cases::PacketCase;

namespace {

constexpr std::uint32_t kNoLimit = 0xFFFF'FFFF;

// A whole frame; the caller knows that the bytes are one.
Frame frame_of(ByteView bytes) {
    const auto step = next_frame(bytes, kNoLimit);
    REQUIRE(step.has_value());
    REQUIRE(step->frame.size == bytes.size());
    return step->frame;
}

}  // namespace

TEST_CASE("the table has enough packet cases, each with a name of its own") {
    std::set<std::string_view> names;
    for (const PacketCase& c : cases::all_packets()) {
        INFO(std::string(c.name));
        CHECK(names.insert(c.name).second);
    }
    CHECK(names.size() >= 250);
}

TEST_CASE("every packet case decodes to its value or is refused with its reason code") {
    cases::for_each_packet([](const PacketCase& c, ProtocolVersion version) {
        INFO(std::string(c.name));
        const Bytes bytes = c.bytes();
        const auto decoded = cases::decode_any(frame_of(bytes), version, c.sender);
        REQUIRE(decoded.has_value() == c.is_valid());
        if (decoded)
            CHECK(*decoded == std::get<Packet>(c.expected));
        else
            CHECK(name(decoded.error()) == name(std::get<ReasonCode>(c.expected)));
    });
}

TEST_CASE("every valid packet case encodes to its bytes, or to a form that says the same") {
    cases::for_each_packet([](const PacketCase& c, ProtocolVersion version) {
        if (!c.is_valid()) return;
        INFO(std::string(c.name));
        const auto& packet = std::get<Packet>(c.expected);
        Bytes encoded;
        encode(packet, version, encoded);
        CHECK((encoded == c.bytes()) == (c.form == cases::Form::Same));
        const auto decoded = cases::decode_any(frame_of(encoded), version, c.sender);
        REQUIRE(decoded.has_value());
        CHECK(*decoded == packet);
    });
}

TEST_CASE("encoding appends and leaves what was there") {
    cases::for_each_packet([](const PacketCase& c, ProtocolVersion version) {
        if (!c.is_valid()) return;
        INFO(std::string(c.name));
        Bytes alone;
        encode(std::get<Packet>(c.expected), version, alone);
        Bytes after{1, 2, 3};
        encode(std::get<Packet>(c.expected), version, after);
        CHECK(Bytes(after.begin(), after.begin() + 3) == Bytes{1, 2, 3});
        CHECK(Bytes(after.begin() + 3, after.end()) == alone);
    });
}

TEST_CASE("no beginning of a packet is a frame") {
    for (const PacketCase& c : cases::all_packets()) {
        INFO(std::string(c.name));
        const Bytes bytes = c.bytes();
        for (std::size_t size = 0; size < bytes.size(); ++size) {
            const Bytes part(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
            const auto step = next_frame(part, kNoLimit);
            REQUIRE(step.has_value());
            CHECK(step->frame.size == 0);
            CHECK(step->missing >= 1);
            CHECK(step->missing <= bytes.size() - size);
        }
    }
}

TEST_CASE("a packet in two pieces gives the same as in one, wherever it is split") {
    cases::for_each_packet([](const PacketCase& c, ProtocolVersion version) {
        INFO(std::string(c.name));
        const Bytes bytes = c.bytes();
        const auto whole = cases::decode_any(frame_of(bytes), version, c.sender);
        for (std::size_t split = 0; split <= bytes.size(); ++split) {
            const auto at = bytes.begin() + static_cast<std::ptrdiff_t>(split);
            Bytes buffer(bytes.begin(), at);
            const auto first = next_frame(buffer, kNoLimit);
            REQUIRE(first.has_value());
            CHECK((first->frame.size == bytes.size()) == (split == bytes.size()));
            buffer.insert(buffer.end(), at, bytes.end());
            CHECK(cases::decode_any(frame_of(buffer), version, c.sender) == whole);
        }
    });
}

// With a fixed header that fits, a shorter body may well be a packet (a payload, a list); what
// counts is that nothing behind its end is read and that what is taken can be said again.
TEST_CASE("S21: a body cut at any length is refused or is a packet by itself") {
    cases::for_each_packet([](const PacketCase& c, ProtocolVersion version) {
        INFO(std::string(c.name));
        const Bytes bytes = c.bytes();
        const ByteView body = frame_of(bytes).body;
        for (std::size_t size = 0; size < body.size(); ++size) {
            const Bytes part(body.begin(), body.begin() + static_cast<std::ptrdiff_t>(size));
            const Frame frame{.first_byte = bytes[0], .body = part, .size = size + 2};
            const auto decoded = cases::decode_any(frame, version, c.sender);
            if (!decoded) continue;
            Bytes encoded;
            encode(*decoded, version, encoded);
            CHECK(cases::decode_any(frame_of(encoded), version, c.sender) == decoded);
        }
    });
}

TEST_CASE("a CONNECT or SUBSCRIBE of fixed fields is refused when cut anywhere") {
    for (const std::string_view notation :
         {"10 LL {'MQTT'} 05 C6 003C <11 00000001> {'me'} <> {'w'} {'x'} {'u'} {'p'}",
          "82 LL 0001 <0B 01> {'a'} 01", "20 LL 00 00 <21 0001>", "F0 LL 18 <15{'m'}>"}) {
        const Bytes bytes = cases::bytes_of(notation);
        const ByteView body = frame_of(bytes).body;
        const Sender sender = bytes[0] == 0x20 ? Sender::Server : Sender::Client;
        CHECK(cases::decode_any(frame_of(bytes), ProtocolVersion::V5, sender).has_value());
        for (std::size_t size = bytes[0] == 0xF0 ? 1 : 0; size < body.size(); ++size) {
            const Frame frame{.first_byte = bytes[0], .body = body.first(size), .size = size + 2};
            CHECK_FALSE(cases::decode_any(frame, ProtocolVersion::V5, sender).has_value());
        }
    }
}

TEST_CASE("the short way for acks agrees with the long one") {
    std::size_t count = 0;
    cases::for_each_packet(cases::kAckCases, [&](const PacketCase& c, ProtocolVersion version) {
        INFO(std::string(c.name));
        const Bytes bytes = c.bytes();
        const auto ack = decode_ack(frame_of(bytes), version);
        REQUIRE(ack.has_value() == c.is_valid());
        if (!ack) {
            CHECK(ack.error() == std::get<ReasonCode>(c.expected));
            return;
        }
        const auto same = [&ack]<typename T>(const T& packet) {
            if constexpr (requires { T::packet_id, packet.reason; })
                return AckSummary{packet.packet_id, packet.reason} == *ack;
            else
                return false;
        };
        CHECK(std::visit(same, std::get<Packet>(c.expected)));
        ++count;
    });
    CHECK(count > 10);
}

TEST_CASE("the short way for acks takes acks only") {
    const Bytes bytes = cases::bytes_of("30 LL {'a'} <>");
    CHECK(decode_ack(frame_of(bytes), ProtocolVersion::V5) == failure(ReasonCode::ProtocolError));
}
