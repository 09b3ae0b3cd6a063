// Which reason codes each packet may have: the tables of sections 3.2.2.2, 3.4.2.1, 3.6.2.1, 3.9.3,
// 3.11.3, 3.14.2.1 and 3.15.2.1 of MQTT 5.0, and 3.9.3 of 3.1.1. For the decoders only.
#pragma once

#include "runtime/mqtt/decode.h"
#include "runtime/mqtt/reason_code.h"
#include "runtime/mqtt/types.h"

namespace lotmesh::mqtt {

bool is_connack_reason(ReasonCode reason);                          // [MQTT-3.2.2-8]
bool is_ack_reason(PacketType type, ReasonCode reason);             // [MQTT-3.4.2-1] and so on
bool is_suback_reason(ReasonCode reason, ProtocolVersion version);  // [MQTT-3.9.3-2]
bool is_unsuback_reason(ReasonCode reason);                         // [MQTT-3.11.3-2]
bool is_disconnect_reason(ReasonCode reason, Sender sender);        // [MQTT-3.14.2-1]
bool is_auth_reason(ReasonCode reason, Sender sender);              // [MQTT-3.15.2-1]

}  // namespace lotmesh::mqtt
