// Every property in every packet, once and twice, against table 2-4 of the standard (written down
// here a second time, on purpose: the decoder's own table is what is being tested).
#include <doctest/doctest.h>

#include <array>
#include <string>
#include <string_view>

#include "tests/cases/packet_case.h"

using namespace lotmesh;
using namespace lotmesh::mqtt;

namespace {

struct Carrier {
    std::string_view letter;
    std::string_view before;  // the block stands between the two
    std::string_view after;
    Sender sender;
    bool is_auth = false;
};

constexpr std::array kCarriers{
    Carrier{"c", "10 LL {'MQTT'} 05 02 003C <", "> {'me'}", Sender::Client},
    Carrier{"w", "10 LL {'MQTT'} 05 06 003C <> {'me'} <", "> {'w'} {}", Sender::Client},
    Carrier{"C", "20 LL 00 00 <", ">", Sender::Server},
    Carrier{"p", "30 LL {'a'} <", ">", Sender::Client},
    Carrier{"P", "30 LL {'a'} <", ">", Sender::Server},
    Carrier{"a", "40 LL 0001 00 <", ">", Sender::Client},
    Carrier{"a", "50 LL 0001 00 <", ">", Sender::Client},
    Carrier{"a", "62 LL 0001 00 <", ">", Sender::Server},
    Carrier{"a", "70 LL 0001 00 <", ">", Sender::Server},
    Carrier{"s", "82 LL 0001 <", "> {'a'} 00", Sender::Client},
    Carrier{"S", "90 LL 0001 <", "> 00", Sender::Server},
    Carrier{"u", "A2 LL 0001 <", "> {'a'}", Sender::Client},
    Carrier{"U", "B0 LL 0001 <", "> 00", Sender::Server},
    Carrier{"d", "E0 LL 00 <", ">", Sender::Client},
    Carrier{"D", "E0 LL 00 <", ">", Sender::Server},
    Carrier{"x", "F0 LL 18 <15{'m'}", ">", Sender::Client, true},
};

struct PropertyRow {
    std::string_view notation;
    std::string_view carriers;  // letters of the packets that may have it
    bool may_repeat = false;
};

constexpr std::array kRows{
    PropertyRow{"01 01", "wpP"},
    PropertyRow{"02 00000001", "wpP"},
    PropertyRow{"03{'t'}", "wpP"},
    PropertyRow{"08{'r'}", "wpP"},
    PropertyRow{"09{00}", "wpP"},
    PropertyRow{"11 00000001", "cCd"},
    PropertyRow{"12{'i'}", "C"},
    PropertyRow{"13 0001", "C"},
    PropertyRow{"15{'m'}", "cC"},
    PropertyRow{"17 01", "c"},
    PropertyRow{"18 00000001", "w"},
    PropertyRow{"19 01", "c"},
    PropertyRow{"1A{'i'}", "C"},
    PropertyRow{"1C{'s'}", "CD"},
    PropertyRow{"1F{'s'}", "CaSUdDx"},
    PropertyRow{"21 0001", "cC"},
    PropertyRow{"22 0001", "cC"},
    PropertyRow{"23 0001", "pP"},
    PropertyRow{"24 01", "C"},
    PropertyRow{"25 01", "C"},
    PropertyRow{"26{'k'}{'v'}", "cwCpPasSuUdDx", true},
    PropertyRow{"27 00000001", "cC"},
    PropertyRow{"28 01", "C"},
    PropertyRow{"29 01", "C"},
    PropertyRow{"2A 01", "C"},
};

Result<Packet, ReasonCode> decode_with(const Carrier& carrier, const std::string& block) {
    const Bytes bytes =
        cases::bytes_of(std::string(carrier.before) + block + std::string(carrier.after));
    // Decoded values borrow from `bytes`; only success and reason are looked at by the caller.
    const auto decoded =
        cases::decode_any(next_frame(bytes, 1000)->frame, ProtocolVersion::V5, carrier.sender);
    if (!decoded) return failure(decoded.error());
    return Packet(Pingreq{});
}

std::string hexadecimal(ByteView bytes) {
    static constexpr char kDigits[] = "0123456789ABCDEF";
    std::string out;
    for (const std::uint8_t byte : bytes) {
        out += kDigits[byte >> 4];
        out += kDigits[byte & 15];
    }
    return out;
}

}  // namespace

TEST_CASE("each property is taken where the standard has it and malformed everywhere else") {
    for (const PropertyRow& row : kRows) {
        for (const Carrier& carrier : kCarriers) {
            INFO(std::string(row.notation) << " in " << std::string(carrier.before));
            const bool allowed = row.carriers.find(carrier.letter) != std::string_view::npos;
            const auto decoded = decode_with(carrier, std::string(row.notation));
            const bool skip = carrier.is_auth && row.notation.starts_with("15");
            if (skip) continue;  // the carrier itself has one
            CHECK(decoded.has_value() == allowed);
            // DISCONNECT has both, but a server says nothing of session expiry, and a client knows
            // no other server.
            const bool only_direction = (carrier.letter == "D" && row.notation.starts_with("11")) ||
                                        (carrier.letter == "d" && row.notation.starts_with("1C"));
            if (!decoded)
                CHECK(decoded.error() ==
                      (only_direction ? ReasonCode::ProtocolError : ReasonCode::MalformedPacket));
        }
    }
}

TEST_CASE("no property but a user property may stand twice") {
    for (const PropertyRow& row : kRows) {
        for (const Carrier& carrier : kCarriers) {
            if (row.carriers.find(carrier.letter) == std::string_view::npos) continue;
            INFO(std::string(row.notation) << " twice in " << std::string(carrier.before));
            const std::string once(row.notation);
            const auto decoded = decode_with(carrier, once + once);
            CHECK(decoded.has_value() == row.may_repeat);
            if (!decoded) CHECK(decoded.error() == ReasonCode::ProtocolError);
        }
    }
}

TEST_CASE("the subscription identifier stands in SUBSCRIBE once and in a server's PUBLISH often") {
    for (const Carrier& carrier : kCarriers) {
        INFO(std::string(carrier.before));
        const bool once = carrier.letter == "s" || carrier.letter == "P";
        CHECK(decode_with(carrier, "0B 01").has_value() == once);
        CHECK(decode_with(carrier, "0B 01 0B 02").has_value() == (carrier.letter == "P"));
    }
}

TEST_CASE("S21: every property is cut at each of its bytes without harm") {
    for (const PropertyRow& row : kRows) {
        for (const Carrier& carrier : kCarriers) {
            if (row.carriers.find(carrier.letter) == std::string_view::npos) continue;
            INFO(std::string(row.notation) << " in " << std::string(carrier.before));
            const Bytes whole = cases::bytes_of(row.notation);
            for (std::size_t size = 1; size < whole.size(); ++size)
                CHECK(decode_with(carrier, hexadecimal(ByteView(whole).first(size))) ==
                      failure(ReasonCode::MalformedPacket));
        }
    }
}

TEST_CASE("identifiers that the standard does not have are malformed in every packet") {
    for (const std::string_view unknown : {"00", "04", "14", "2B", "7F", "8001", "FFFFFF7F"})
        for (const Carrier& carrier : kCarriers)
            CHECK(decode_with(carrier, std::string(unknown) + " 00").error() ==
                  ReasonCode::MalformedPacket);
}
