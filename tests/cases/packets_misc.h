// Packet cases: PINGREQ, PINGRESP, DISCONNECT, AUTH.
#pragma once

#include <vector>

#include "tests/cases/packet_case.h"

namespace lotmesh::mqtt::cases {

using enum Versions;
using enum Sender;
using enum ReasonCode;

inline const std::vector<PacketCase> kMiscCases = {
    {"pingreq", "C0 00", Any, Client, Pingreq{}},
    {"pingreq with a body", "C0 01 00", Any, Client, MalformedPacket},
    {"pingreq with flags", "C1 00", Any, Client, MalformedPacket,
     "[MQTT-2.1.3-1] [MQTT311-2.2.2-1]"},
    {"pingreq by a server", "C0 00", Any, Server, ProtocolError},
    {"pingresp", "D0 00", Any, Server, Pingresp{}},
    {"pingresp with a body", "D0 01 00", Any, Server, MalformedPacket},
    {"pingresp by a client", "D0 00", Any, Client, ProtocolError},
    {"pingresp with flags", "D8 00", Any, Server, MalformedPacket,
     "[MQTT-2.1.3-1] [MQTT311-2.2.2-1]"},
    // DISCONNECT
    {"disconnect 3.x", "E0 00", V3, Client, Disconnect{}},
    {"disconnect 3.x with a body", "E0 01 00", V3, Client, MalformedPacket},
    {"disconnect 3.x by a server", "E0 00", V3, Server, ProtocolError},
    {"disconnect 3.x with flags", "E1 00", V3, Client, MalformedPacket, "[MQTT311-3.14.1-1]"},
    {"disconnect 5.0, shortest", "E0 00", V5, Client, Disconnect{}},
    {"disconnect 5.0 with code 0", "E0 01 00", V5, Client, Disconnect{}, "", Form::Other},
    {"disconnect 5.0 with code 0 and no property", "E0 02 00 00", V5, Client, Disconnect{}, "",
     Form::Other},
    {"disconnect 5.0 with will", "E0 01 04", V5, Client, Disconnect{.reason = DisconnectWithWill}},
    {"disconnect 5.0 with will by a server", "E0 01 04", V5, Server, ProtocolError,
     "[MQTT-3.14.2-1]"},
    {"disconnect 5.0 with properties", "E0 LL 00 <11 0000003C 1F{'bye'} 26{'k'}{'v'}>", V5, Client,
     Disconnect{.properties = {.session_expiry_interval_sec = 60,
                               .reason_string = "bye",
                               .user_properties = {{"k", "v"}}}}},
    {"disconnect 5.0 by a server", "E0 LL 8E <1F{'taken over'}>", V5, Server,
     Disconnect{.reason = SessionTakenOver, .properties = {.reason_string = "taken over"}}},
    {"disconnect 5.0 to another server", "E0 LL 9C <1C{'b:1883'}>", V5, Server,
     Disconnect{.reason = UseAnotherServer, .properties = {.server_reference = "b:1883"}}},
    {"disconnect 5.0 by a client with a server reference", "E0 LL 00 <1C{'b:1883'}>", V5, Client,
     ProtocolError},
    {"disconnect 5.0 by a server with session expiry", "E0 LL 8B <11 00000001>", V5, Server,
     ProtocolError, "[MQTT-3.14.2-2]"},
    {"disconnect 5.0 with a code of the server", "E0 01 8D", V5, Client, ProtocolError,
     "[MQTT-3.14.2-1]"},
    {"disconnect 5.0 with a code of CONNACK", "E0 01 88", V5, Server, ProtocolError,
     "[MQTT-3.14.2-1]"},
    {"disconnect 5.0 with flags", "E2 00", V5, Client, MalformedPacket, "[MQTT-3.14.1-1]"},
    {"disconnect 5.0 with session expiry twice", "E0 LL 00 <11 00000001 11 00000002>", V5, Client,
     ProtocolError},
    {"disconnect 5.0 with bytes left over", "E0 LL 00 <> 00", V5, Client, MalformedPacket},
    {"disconnect 5.0 with a receive maximum", "E0 LL 00 <21 0001>", V5, Client, MalformedPacket},
    // AUTH
    {"auth that goes on", "F0 LL 18 <15{'m'} 16{00FF}>", V5, Client,
     Auth{.reason = ContinueAuthentication,
          .properties = {.authentication_method = "m",
                         .authentication_data = std::string_view("\x00\xFF", 2)}},
     "[MQTT-4.12.0-3]"},
    {"auth that goes on, by the server", "F0 LL 18 <15{'m'} 1F{'more'} 26{'k'}{'v'}>", V5, Server,
     Auth{.reason = ContinueAuthentication,
          .properties = {.authentication_method = "m",
                         .reason_string = "more",
                         .user_properties = {{"k", "v"}}}},
     "[MQTT-4.12.0-2]"},
    {"auth anew", "F0 LL 19 <15{'m'}>", V5, Client,
     Auth{.reason = ReAuthenticate, .properties = {.authentication_method = "m"}}},
    {"auth anew by the server", "F0 LL 19 <15{'m'}>", V5, Server, ProtocolError, "[MQTT-3.15.2-1]"},
    {"auth that succeeded, shortest", "F0 00", V5, Server, Auth{}},
    {"auth that succeeded, with properties", "F0 LL 00 <15{'m'}>", V5, Server,
     Auth{.properties = {.authentication_method = "m"}}},
    {"auth that succeeded, by a client", "F0 00", V5, Client, ProtocolError, "[MQTT-3.15.2-1]"},
    {"auth without a method", "F0 LL 18 <16{'d'}>", V5, Client, ProtocolError, "[MQTT-4.12.0-5]"},
    {"auth with two methods", "F0 LL 18 <15{'m'} 15{'m'}>", V5, Client, ProtocolError},
    {"auth with a code of CONNACK", "F0 LL 87 <15{'m'}>", V5, Server, ProtocolError,
     "[MQTT-3.15.2-1]"},
    {"auth with flags", "F1 LL 18 <15{'m'}>", V5, Client, MalformedPacket, "[MQTT-3.15.1-1]"},
    {"auth with code but no properties", "F0 01 18", V5, Client, MalformedPacket},
    {"auth in 3.x", "F0 00", V3, Client, MalformedPacket},
};

}  // namespace lotmesh::mqtt::cases
