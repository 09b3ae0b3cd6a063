// Every reason code in every packet that has one, against the tables of the standards (written down
// here a second time, on purpose: the decoder's own tables are what is being tested).
#include <doctest/doctest.h>

#include <array>
#include <string>
#include <string_view>

#include "tests/cases/packet_case.h"

using namespace lotmesh;
using namespace lotmesh::mqtt;

namespace {

struct Carrier {
    std::string_view name;
    std::string_view before;  // the code stands between the two
    std::string_view after;
    ProtocolVersion version;
    Sender sender;
    std::string_view codes;  // in hexadecimal
};

constexpr auto kV5 = ProtocolVersion::V5;
constexpr std::string_view kPublishCodes = "00 10 80 83 87 90 91 97 99";

constexpr std::array kCarriers{
    Carrier{"CONNACK [MQTT-3.2.2-8]", "20 LL 00 ", "<>", kV5, Sender::Server,
            "00 80 81 82 83 84 85 86 87 88 89 8A 8C 90 95 97 99 9A 9B 9C 9D 9F"},
    Carrier{"PUBACK [MQTT-3.4.2-1]", "40 LL 0001 ", "<>", kV5, Sender::Client, kPublishCodes},
    Carrier{"PUBREC [MQTT-3.5.2-1]", "50 LL 0001 ", "<>", kV5, Sender::Server, kPublishCodes},
    Carrier{"PUBREL [MQTT-3.6.2-1]", "62 LL 0001 ", "<>", kV5, Sender::Client, "00 92"},
    Carrier{"PUBCOMP [MQTT-3.7.2-1]", "70 LL 0001 ", "<>", kV5, Sender::Server, "00 92"},
    Carrier{"SUBACK [MQTT-3.9.3-2]", "90 LL 0001 <> ", "", kV5, Sender::Server,
            "00 01 02 80 83 87 8F 91 97 9E A1 A2"},
    Carrier{"UNSUBACK [MQTT-3.11.3-2]", "B0 LL 0001 <> ", "", kV5, Sender::Server,
            "00 11 80 83 87 8F 91"},
    Carrier{"DISCONNECT of a client [MQTT-3.14.2-1]", "E0 LL ", "<>", kV5, Sender::Client,
            "00 04 80 81 82 83 90 93 94 95 96 97 98 99"},
    Carrier{"DISCONNECT of a server [MQTT-3.14.2-1]", "E0 LL ", "<>", kV5, Sender::Server,
            "00 80 81 82 83 87 89 8B 8C 8D 8E 8F 90 93 94 95 96 97 98 99 9A 9B 9C 9D 9E 9F A0 A1"
            " A2"},
    Carrier{"AUTH of a client [MQTT-3.15.2-1]", "F0 LL ", "<15{'m'}>", kV5, Sender::Client,
            "18 19"},
    Carrier{"AUTH of a server [MQTT-3.15.2-1]", "F0 LL ", "<15{'m'}>", kV5, Sender::Server,
            "00 18"},
    Carrier{"CONNACK 3.1.1", "20 LL 00 ", "", ProtocolVersion::V311, Sender::Server,
            "00 01 02 03 04 05"},
    Carrier{"SUBACK 3.1.1 [MQTT311-3.9.3-2]", "90 LL 0001 ", "", ProtocolVersion::V311,
            Sender::Server, "00 01 02 80"},
    Carrier{"SUBACK 3.1", "90 LL 0001 ", "", ProtocolVersion::V31, Sender::Server, "00 01 02"},
};

std::string hexadecimal(unsigned code) {
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    return {kDigits[code >> 4], kDigits[code & 15]};
}

}  // namespace

TEST_CASE("each packet takes the codes of its table, and any other is a protocol error") {
    for (const Carrier& carrier : kCarriers) {
        for (unsigned code = 0; code <= 0xFF; ++code) {
            const std::string text = hexadecimal(code);
            INFO(std::string(carrier.name) << " with " << text);
            const Bytes bytes =
                cases::bytes_of(std::string(carrier.before) + text + std::string(carrier.after));
            const auto decoded =
                cases::decode_any(next_frame(bytes, 1000)->frame, carrier.version, carrier.sender);
            REQUIRE(decoded.has_value() == carrier.codes.contains(text));
            if (!decoded) CHECK(decoded.error() == ReasonCode::ProtocolError);
        }
    }
}
