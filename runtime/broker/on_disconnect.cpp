// DISCONNECT, and PINGREQ, which needs no file of its own.
#include <algorithm>

#include "runtime/broker/closing.h"
#include "runtime/broker/expiry.h"
#include "runtime/broker/handlers.h"
#include "runtime/broker/wire.h"
#include "runtime/mqtt/decode.h"

namespace lotmesh::broker {

using mqtt::ReasonCode;

Handled on_disconnect(Turn& turn, Connection& connection, const mqtt::Frame& frame) {
    const auto decoded = mqtt::decode_packet(frame, connection.version, mqtt::Sender::Client);
    if (!decoded) {
        disconnect_undecodable(turn, connection, decoded.error(), "DISCONNECT is malformed");
        return Handled::Done;
    }
    const auto& packet = std::get<mqtt::Disconnect>(*decoded);
    Session& session = *connection.session;
    if (const auto expiry_sec = packet.properties.session_expiry_interval_sec) {
        if (session.expiry_sec == 0 && *expiry_sec != 0) {  // section 3.14.2.2.2
            disconnect(turn, connection, ReasonCode::ProtocolError,
                       "session expiry was 0 and stays 0");
            return Handled::Done;
        }
        set_expiry(turn.state, session,
                   std::min(*expiry_sec, turn.state.config.limits.session_expiry_sec_max));
    }
    // [MQTT-3.14.4-3]
    close_after_disconnect(
        turn, connection,
        packet.reason == ReasonCode::Success ? WillFate::Drop : WillFate::Publish);
    return Handled::Done;
}

Handled on_pingreq(Turn& turn, Connection& connection, const mqtt::Frame& frame) {
    const auto decoded = mqtt::decode_packet(frame, connection.version, mqtt::Sender::Client);
    if (!decoded) {
        disconnect_undecodable(turn, connection, decoded.error(), "PINGREQ is malformed");
        return Handled::Done;
    }
    send(turn, connection, mqtt::Pingresp{});  // [MQTT-3.12.4-1]
    return Handled::Done;
}

}  // namespace lotmesh::broker
