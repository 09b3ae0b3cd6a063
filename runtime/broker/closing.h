// The ends of connections and of sessions, whoever causes them. After each of these the connection
// is Closing: nothing more is read from it or written to it.
#pragma once

#include <string_view>

#include "runtime/broker/state.h"

namespace lotmesh::broker {

enum class WillFate : std::uint8_t { Publish, Drop };

// Our decision: 5.0 is told why with a DISCONNECT, 3.x just closed; the will is published.
// [MQTT-4.13.1-1] [MQTT-4.13.2-1] [MQTT-3.14.4-1] [MQTT-3.14.4-2]
void disconnect(Turn& turn, Connection& connection, mqtt::ReasonCode reason, std::string_view why);

// What it sent could not be decoded; too many user properties are one reason.
void disconnect_undecodable(Turn& turn, Connection& connection, mqtt::ReasonCode reason,
                            std::string_view why);

struct Refusal {
    mqtt::ReasonCode reason = mqtt::ReasonCode::UnspecifiedError;
    std::string_view why;              // for the client
    std::string_view user_name = {};   // that it claimed
    std::string_view hidden_why = {};  // for the audit only
};

// A CONNECT that is not accepted. [MQTT-3.2.2-7]
void refuse(Turn& turn, Connection& connection, const Refusal& refusal);
void refuse(Turn& turn, Connection& connection, mqtt::ReasonCode reason, std::string_view why);

void close_silently(Turn& turn, Connection& connection);

// The client said DISCONNECT.
void close_after_disconnect(Turn& turn, Connection& connection, WillFate will);

// The shell says that the connection is gone.
void on_closed(Turn& turn, ConnId id);

// The session and all that belongs to it; it has no connection any more.
void end_session(Turn& turn, Session& session);

}  // namespace lotmesh::broker
