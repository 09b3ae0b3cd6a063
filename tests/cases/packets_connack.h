// Packet cases: CONNACK.
#pragma once

#include <vector>

#include "tests/cases/packet_case.h"

namespace lotmesh::mqtt::cases {

using enum Versions;
using enum Sender;
using enum ReasonCode;

inline const std::vector<PacketCase> kConnackCases = {
    // 3.1 and 3.1.1
    {"connack 3.1 with the reserved byte set", "20 02 01 00", V31, Server, Connack{}, "",
     Form::Other},
    {"connack 3.x", "20 02 00 00", V3, Server, Connack{}},
    {"connack 3.1.1 of a resumed session", "20 02 01 00", V311, Server,
     Connack{.session_present = true}},
    {"connack 3.1.1 with a reserved flag", "20 02 02 00", V311, Server, MalformedPacket},
    {"connack 3.1.1 refused with session present", "20 02 01 05", V311, Server, ProtocolError,
     "[MQTT311-3.2.2-4]"},
    {"connack 3.x refused: version", "20 02 00 01", V3, Server,
     Connack{.reason = UnsupportedProtocolVersion}, "[MQTT311-3.1.2-2]"},
    {"connack 3.x refused: client id", "20 02 00 02", V3, Server,
     Connack{.reason = ClientIdentifierNotValid}, "[MQTT311-3.1.3-9]"},
    {"connack 3.x refused: unavailable", "20 02 00 03", V3, Server,
     Connack{.reason = ServerUnavailable}},
    {"connack 3.x refused: password", "20 02 00 04", V3, Server,
     Connack{.reason = BadUserNameOrPassword}},
    {"connack 3.x refused: not authorized", "20 02 00 05", V3, Server,
     Connack{.reason = NotAuthorized}},
    {"connack 3.x with code 6", "20 02 00 06", V3, Server, ProtocolError},
    {"connack 3.x with bytes left over", "20 03 00 00 00", V3, Server, MalformedPacket},
    {"connack 3.x of one byte", "20 01 00", V3, Server, MalformedPacket},
    // 5.0
    {"connack 5.0", "20 LL 00 00 <>", V5, Server, Connack{}, "[MQTT-2.2.2-1]"},
    {"connack 5.0 of a resumed session", "20 LL 01 00 <>", V5, Server,
     Connack{.session_present = true}},
    {"connack 5.0 with all properties",
     "20 LL 01 00 <11 00000001 12{'id'} 13 000A 15{'m'} 16{'d'} 1A{'i'} 1C{'s'} 1F{'why'} 21 0001"
     " 22 0002 24 01 25 00 27 00000064 28 01 29 00 2A 01 26{'k'}{'v'}>",
     V5, Server,
     Connack{.session_present = true,
             .properties = {.session_expiry_interval_sec = 1,
                            .receive_maximum = 1,
                            .maximum_packet_size = 100,
                            .topic_alias_maximum = 2,
                            .authentication_method = "m",
                            .authentication_data = "d",
                            .assigned_client_identifier = "id",
                            .server_keep_alive_sec = 10,
                            .response_information = "i",
                            .server_reference = "s",
                            .reason_string = "why",
                            .maximum_qos = 1,
                            .retain_available = 0,
                            .wildcard_subscription_available = 1,
                            .subscription_identifier_available = 0,
                            .shared_subscription_available = 1,
                            .user_properties = {{"k", "v"}}}}},
    {"connack 5.0 refused", "20 LL 00 87 <1F{'no'}>", V5, Server,
     Connack{.reason = NotAuthorized, .properties = {.reason_string = "no"}}},
    {"connack 5.0 with a reserved flag", "20 LL 02 00 <>", V5, Server, MalformedPacket,
     "[MQTT-3.2.2-1]"},
    {"connack 5.0 refused with session present", "20 LL 01 87 <>", V5, Server, ProtocolError,
     "[MQTT-3.2.2-6]"},
    {"connack 5.0 with a code of SUBACK", "20 LL 00 8F <>", V5, Server, ProtocolError,
     "[MQTT-3.2.2-8]"},
    {"connack 5.0 with maximum QoS 2", "20 LL 00 00 <24 02>", V5, Server, ProtocolError},
    {"connack 5.0 with retain available 2", "20 LL 00 00 <25 02>", V5, Server, ProtocolError},
    {"connack 5.0 without properties", "20 LL 00 00", V5, Server, MalformedPacket,
     "[MQTT-2.2.2-1]"},
    {"connack by a client", "20 LL 00 00 <>", V5, Client, ProtocolError},
    {"connack with packet flags", "21 LL 00 00 <>", V5, Server, MalformedPacket, "[MQTT-2.1.3-1]"},
};

}  // namespace lotmesh::mqtt::cases
