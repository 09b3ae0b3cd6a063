// PUBACK, PUBREC, PUBREL, PUBCOMP: the handshakes of sections 4.3.2 and 4.3.3.
#include "base/assert.h"
#include "runtime/broker/backpressure.h"
#include "runtime/broker/closing.h"
#include "runtime/broker/fan_out.h"
#include "runtime/broker/handlers.h"
#include "runtime/broker/wire.h"
#include "runtime/mqtt/decode.h"

namespace lotmesh::broker {
namespace {

using mqtt::PacketType;
using mqtt::ReasonCode;

// A place of the window became free.
void took_one(Turn& turn, Session& session) {
    note_progress(turn, session);
    drain(turn, session);
}

void on_pubrec(Turn& turn, Connection& connection, const mqtt::AckSummary& ack) {
    Session& session = *connection.session;
    switch (session.inflight.pubrec(ack.packet_id, mqtt::is_error(ack.reason))) {
        case Inflight::OnPubrec::SendPubrel:  // [MQTT-4.3.3-4]
            send_ack(turn, connection, PacketType::Pubrel, ack.packet_id, ReasonCode::Success);
            note_progress(turn, session);
            break;
        case Inflight::OnPubrec::Refused: took_one(turn, session); break;
        case Inflight::OnPubrec::NotFound:
            if (mqtt::is_error(ack.reason)) break;  // nothing is expected any more
            send_ack(turn, connection, PacketType::Pubrel, ack.packet_id,
                     ReasonCode::PacketIdentifierNotFound);
            break;
    }
}

// Whether the message has expired meanwhile or not. [MQTT-4.3.3-11] [MQTT-4.3.3-12] [MQTT-4.3.3-13]
void on_pubrel(Turn& turn, Connection& connection, const mqtt::AckSummary& ack) {
    connection.inbound_window.erase(ack.packet_id);
    const bool known = connection.session->received_qos2.erase(ack.packet_id);
    send_ack(turn, connection, PacketType::Pubcomp, ack.packet_id,
             known ? ReasonCode::Success : ReasonCode::PacketIdentifierNotFound);
}

}  // namespace

Handled on_ack(Turn& turn, Connection& connection, const mqtt::Frame& frame) {
    const auto ack = mqtt::decode_ack(frame, connection.version);
    if (!ack) {
        disconnect_undecodable(turn, connection, ack.error(), "an acknowledgement is malformed");
        return Handled::Done;
    }
    Session& session = *connection.session;
    switch (frame.type()) {
        case PacketType::Puback:  // with any code [MQTT-4.3.2-3] [MQTT-4.4.0-2] [MQTT-4.8.2-6]
            if (session.inflight.puback(ack->packet_id)) took_one(turn, session);
            break;
        case PacketType::Pubrec: on_pubrec(turn, connection, *ack); break;
        case PacketType::Pubrel: on_pubrel(turn, connection, *ack); break;
        case PacketType::Pubcomp:  // [MQTT-4.3.3-5]
            if (session.inflight.pubcomp(ack->packet_id)) took_one(turn, session);
            break;
        case PacketType::Connect:
        case PacketType::Connack:
        case PacketType::Publish:
        case PacketType::Subscribe:
        case PacketType::Suback:
        case PacketType::Unsubscribe:
        case PacketType::Unsuback:
        case PacketType::Pingreq:
        case PacketType::Pingresp:
        case PacketType::Disconnect:
        case PacketType::Auth: UNREACHABLE();
    }
    return Handled::Done;
}

}  // namespace lotmesh::broker
