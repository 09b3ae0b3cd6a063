// Packet cases: PUBACK, PUBREC, PUBREL, PUBCOMP.
#pragma once

#include <vector>

#include "tests/cases/packet_case.h"

namespace lotmesh::mqtt::cases {

using enum Versions;
using enum Sender;
using enum ReasonCode;

inline const std::vector<PacketCase> kAckCases = {
    // 3.1 and 3.1.1
    {"puback 3.x", "40 02 0001", V3, Client, Puback{.packet_id = 1}},
    {"pubrec 3.x", "50 02 FFFF", V3, Server, Pubrec{.packet_id = 65535}},
    {"pubrel 3.x", "62 02 0001", V3, Client, Pubrel{.packet_id = 1}},
    {"pubcomp 3.x", "70 02 0001", V3, Server, Pubcomp{.packet_id = 1}},
    {"pubrel 3.1 again", "6A 02 0001", V31, Client, Pubrel{.packet_id = 1}, "", Form::Other},
    {"puback 3.x with a reason code", "40 03 0001 00", V3, Client, MalformedPacket},
    {"pubrec 3.x with a reason code", "50 03 0001 80", V3, Client, MalformedPacket},
    {"puback 3.x of one byte", "40 01 00", V3, Client, MalformedPacket},
    {"puback 3.x with packet id 0", "40 02 0000", V3, Client, ProtocolError},
    {"puback 3.x with flags", "42 02 0001", V3, Client, MalformedPacket, "[MQTT311-2.2.2-1]"},
    {"pubcomp 3.x with flags", "78 02 0001", V3, Client, MalformedPacket, "[MQTT311-2.2.2-1]"},
    {"pubrel 3.x without its flags", "60 02 0001", V3, Client, MalformedPacket,
     "[MQTT311-3.6.1-1]"},
    {"pubrel 3.1.1 with DUP", "6A 02 0001", V311, Client, MalformedPacket, "[MQTT311-3.6.1-1]"},
    // PUBACK
    {"puback 5.0, shortest", "40 02 0001", V5, Client, Puback{.packet_id = 1}},
    {"puback 5.0 with code 0", "40 03 0001 00", V5, Client, Puback{.packet_id = 1}, "",
     Form::Other},
    {"puback 5.0 with code 0 and no property", "40 LL 0001 00 <>", V5, Client,
     Puback{.packet_id = 1}, "", Form::Other},
    {"puback 5.0 without subscribers", "40 03 0001 10", V5, Server,
     Puback{.packet_id = 1, .reason = NoMatchingSubscribers}, "[MQTT-3.4.2-1]"},
    {"puback 5.0 with properties", "40 LL 0001 97 <1F{'full'} 26{'k'}{'v'}>", V5, Server,
     Puback{.packet_id = 1,
            .reason = QuotaExceeded,
            .properties = {.reason_string = "full", .user_properties = {{"k", "v"}}}},
     "[MQTT-3.4.2-1]"},
    {"puback 5.0 with a code of PUBREL", "40 03 0001 92", V5, Client, ProtocolError,
     "[MQTT-3.4.2-1]"},
    {"puback 5.0 with a code of nobody", "40 03 0001 55", V5, Client, ProtocolError,
     "[MQTT-3.4.2-1]"},
    {"puback 5.0 with packet id 0", "40 02 0000", V5, Client, ProtocolError},
    {"puback 5.0 with two reason strings", "40 LL 0001 00 <1F{'a'} 1F{'b'}>", V5, Client,
     ProtocolError},
    {"puback 5.0 with a server reference", "40 LL 0001 00 <1C{'a'}>", V5, Client, MalformedPacket},
    {"puback 5.0 with bytes left over", "40 LL 0001 00 <> 00", V5, Client, MalformedPacket},
    {"puback 5.0 with flags", "41 02 0001", V5, Client, MalformedPacket, "[MQTT-2.1.3-1]"},
    {"puback 5.0 with an ill-formed reason string", "40 LL 0001 00 <1F{FE}>", V5, Client,
     MalformedPacket, "[MQTT-1.5.4-1]"},
    {"puback 5.0 of nothing", "40 00", V5, Client, MalformedPacket},
    {"puback 5.0 with code and no property length", "40 03 0001 87", V5, Server,
     Puback{.packet_id = 1, .reason = NotAuthorized}},
    {"puback 5.0 with a property length beyond it", "40 LL 0001 00 05 1F", V5, Client,
     MalformedPacket},
    {"puback 5.0 with a property length of five bytes", "40 LL 0001 00 FFFFFFFF7F", V5, Client,
     MalformedPacket, "[MQTT-1.5.5-1]"},
    {"puback 5.0 with a surrogate in its reason string", "40 LL 0001 00 <1F{EDBFBF}>", V5, Client,
     MalformedPacket, "[MQTT-1.5.4-1]"},
    {"puback 5.0 with U+0000 in its reason string", "40 LL 0001 00 <1F{'a'00}>", V5, Client,
     MalformedPacket, "[MQTT-1.5.4-2]"},
    {"puback 5.0 with U+FEFF in its reason string", "40 LL 0001 80 <1F{EFBBBF}>", V5, Server,
     Puback{.packet_id = 1,
            .reason = UnspecifiedError,
            .properties = {.reason_string = "\xEF\xBB\xBF"}},
     "[MQTT-1.5.4-3]"},
    // PUBREC
    {"pubrec 5.0, shortest", "50 02 0002", V5, Server, Pubrec{.packet_id = 2}},
    {"pubrec 5.0 refused", "50 03 0002 87", V5, Client,
     Pubrec{.packet_id = 2, .reason = NotAuthorized}, "[MQTT-3.5.2-1]"},
    {"pubrec 5.0 with properties", "50 LL 0002 00 <26{'k'}{'v'}>", V5, Client,
     Pubrec{.packet_id = 2, .properties = {.user_properties = {{"k", "v"}}}}},
    {"pubrec 5.0 with a code of DISCONNECT", "50 03 0002 8E", V5, Client, ProtocolError,
     "[MQTT-3.5.2-1]"},
    {"pubrec 5.0 with flags", "52 02 0001", V5, Client, MalformedPacket, "[MQTT-2.1.3-1]"},
    // PUBREL
    {"pubrel 5.0, shortest", "62 02 0003", V5, Client, Pubrel{.packet_id = 3}, "[MQTT-3.6.1-1]"},
    {"pubrel 5.0 of an unknown message", "62 03 0003 92", V5, Server,
     Pubrel{.packet_id = 3, .reason = PacketIdentifierNotFound}, "[MQTT-3.6.2-1]"},
    {"pubrel 5.0 with properties", "62 LL 0003 92 <1F{'gone'}>", V5, Client,
     Pubrel{.packet_id = 3,
            .reason = PacketIdentifierNotFound,
            .properties = {.reason_string = "gone"}}},
    {"pubrel 5.0 with a code of PUBACK", "62 03 0003 10", V5, Client, ProtocolError,
     "[MQTT-3.6.2-1]"},
    {"pubrel 5.0 without its flags", "60 02 0003", V5, Client, MalformedPacket, "[MQTT-3.6.1-1]"},
    {"pubrel 5.0 with other flags", "63 02 0003", V5, Client, MalformedPacket, "[MQTT-3.6.1-1]"},
    // PUBCOMP
    {"pubcomp 5.0, shortest", "70 02 0004", V5, Server, Pubcomp{.packet_id = 4}},
    {"pubcomp 5.0 of an unknown message", "70 03 0004 92", V5, Client,
     Pubcomp{.packet_id = 4, .reason = PacketIdentifierNotFound}, "[MQTT-3.7.2-1]"},
    {"pubcomp 5.0 with properties", "70 LL 0004 00 <1F{'ok'}>", V5, Client,
     Pubcomp{.packet_id = 4, .properties = {.reason_string = "ok"}}},
    {"pubcomp 5.0 with a code of PUBREC", "70 03 0004 87", V5, Client, ProtocolError,
     "[MQTT-3.7.2-1]"},
    {"pubcomp 5.0 with flags", "72 02 0004", V5, Client, MalformedPacket, "[MQTT-2.1.3-1]"},
};

}  // namespace lotmesh::mqtt::cases
