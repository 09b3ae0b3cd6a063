#include "runtime/broker/input.h"

#include "base/assert.h"
#include "base/wiped_bytes.h"
#include "runtime/broker/backpressure.h"
#include "runtime/broker/closing.h"
#include "runtime/broker/handlers.h"
#include "runtime/broker/sharing.h"
#include "runtime/broker/will.h"
#include "runtime/mqtt/framer.h"

namespace lotmesh::broker {
namespace {

using mqtt::PacketType;
using mqtt::ReasonCode;

std::uint32_t packet_bytes_max(const State& state, const Connection& connection) {
    const Limits& limits = state.config.limits;
    return connection.is_known() ? limits.packet_bytes_max : limits.connect_bytes_max;
}

Handled dispatch(Turn& turn, Connection& connection, const mqtt::Frame& frame, ByteView rest) {
    if (connection.phase == ConnectionPhase::AwaitConnect) {
        // Only here, so there is one CONNACK at most [MQTT-3.2.0-2].
        if (frame.type() == PacketType::Connect) return on_connect(turn, connection, frame, rest);
        close_silently(turn, connection);  // [MQTT-3.1.0-1] [MQTT-3.14.0-1]
        return Handled::Done;
    }
    if (connection.phase == ConnectionPhase::Authenticating) {
        if (frame.type() == PacketType::Auth) return on_auth(turn, connection, frame);
        if (frame.type() == PacketType::Disconnect)
            close_silently(turn, connection);
        else  // [MQTT-3.1.2-30]
            refuse(turn, connection, ReasonCode::ProtocolError, "something else than AUTH");
        return Handled::Done;
    }
    switch (frame.type()) {
        case PacketType::Publish:
            if (!may_publish(turn, connection)) return Handled::NotTaken;
            return on_publish(turn, connection, frame);
        case PacketType::Puback:
        case PacketType::Pubrec:
        case PacketType::Pubrel:
        case PacketType::Pubcomp: return on_ack(turn, connection, frame);
        case PacketType::Subscribe: return on_subscribe(turn, connection, frame);
        case PacketType::Unsubscribe: return on_unsubscribe(turn, connection, frame);
        case PacketType::Pingreq: return on_pingreq(turn, connection, frame);
        case PacketType::Disconnect: return on_disconnect(turn, connection, frame);
        case PacketType::Auth: return on_auth(turn, connection, frame);
        case PacketType::Connect:  // [MQTT-3.1.0-2]
        case PacketType::Connack:
        case PacketType::Suback:
        case PacketType::Unsuback:
        case PacketType::Pingresp: break;
    }
    disconnect(turn, connection, ReasonCode::ProtocolError, "a packet that a client may not send");
    return Handled::Done;
}

struct Processed {
    std::size_t bytes = 0;
    bool gone = false;
};

// All whole packets at the beginning of `input`, until one pauses or ends the connection.
Processed process(Turn& turn, Connection& connection, ByteView input) {
    Processed processed;
    while (connection.phase != ConnectionPhase::Closing && connection.paused == PauseReason::None &&
           processed.bytes < input.size()) {
        const ByteView ahead = input.subspan(processed.bytes);
        const auto step = mqtt::next_frame(ahead, packet_bytes_max(turn.state, connection));
        if (!step) {
            disconnect(turn, connection, step.error(), "not an MQTT packet, or too long a one");
            break;
        }
        mqtt::Frame frame = step->frame;
        frame.user_properties_max = turn.state.config.limits.user_properties_max;
        if (frame.size == 0) break;
        connection.last_received = turn.now.instant;
        const Handled handled = dispatch(turn, connection, frame, ahead.subspan(frame.size));
        if (handled == Handled::Gone) {
            processed.gone = true;
            return processed;
        }
        if (handled == Handled::Done) {
            processed.bytes += frame.size;
            ++turn.state.counters.messages_received;
            if (frame.type() == PacketType::Publish) note_published(turn, connection, frame.size);
        }
        settle(turn);
    }
    return processed;
}

// Whether there is a whole packet (or something that is none) in what is held.
bool worth_processing(const State& state, const Connection& connection) {
    const auto step = mqtt::next_frame(connection.held, packet_bytes_max(state, connection));
    return !step || step->frame.size != 0;
}

void hold(Connection& connection, ByteView bytes) {
    if (connection.is_known()) {
        connection.held.insert(connection.held.end(), bytes.begin(), bytes.end());
        return;
    }
    // Half a CONNECT may have a password in it, of which no copy is left.
    WipedBytes held(std::move(connection.held));
    held.append(bytes);
    connection.held = held.release();
}

void process_held(Turn& turn, Connection& connection) {
    if (connection.held.empty() || !worth_processing(turn.state, connection)) return;
    const WipedBytes held(std::exchange(connection.held, {}));
    const Processed processed = process(turn, connection, held.view());
    if (processed.gone || connection.phase == ConnectionPhase::Closing) return;
    const ByteView rest = held.view().subspan(processed.bytes);
    connection.held.assign(rest.begin(), rest.end());
}

void process_fresh(Turn& turn, Connection& connection, ByteView bytes) {
    const Processed processed = process(turn, connection, bytes);
    if (processed.gone || connection.phase == ConnectionPhase::Closing) return;
    const ByteView rest = bytes.subspan(processed.bytes);
    connection.held.assign(rest.begin(), rest.end());
}

}  // namespace

void receive(Turn& turn, Connection& connection, ByteView bytes) {
    turn.state.counters.bytes_received += bytes.size();
    if (connection.phase == ConnectionPhase::Closing || connection.processing) return;
    const Limits& limits = turn.state.config.limits;
    const bool paused = connection.paused != PauseReason::None;
    const std::size_t held_max = connection.is_known()
                                     ? limits.packet_bytes_max + limits.held_input_bytes_max
                                     : limits.connect_bytes_max;
    if (paused && connection.held.size() + bytes.size() > held_max) {
        // [MQTT311-4.8.0-2]
        disconnect(turn, connection, ReasonCode::MessageRateTooHigh, "sends although paused");
        return;
    }
    const ConnId id = connection.id;
    connection.processing = true;
    if (connection.held.empty() && !paused) {
        process_fresh(turn, connection, bytes);
    } else {
        hold(connection, bytes);
        if (!paused) process_held(turn, connection);
    }
    if (Connection* still_here = turn.state.connections.find(id)) still_here->processing = false;
}

void settle(Turn& turn) {
    State& state = turn.state;
    if (state.settling) return;
    state.settling = true;
    while (true) {
        if (!state.wills_due.empty()) {
            publish_due_wills(turn);
        } else if (state.shared_unsettled) {
            settle_shared(turn);
        } else if (!state.stalled_full.empty()) {
            const SessionId id = state.stalled_full.back();
            state.stalled_full.pop_back();
            Session* session = state.sessions.find(id);
            if (session == nullptr || session->connection == nullptr) continue;
            ++state.counters.stalled_disconnects;
            disconnect(turn, *session->connection, ReasonCode::QuotaExceeded,
                       "takes no messages and its queue is full");
        } else if (state.resume_wanted) {
            state.resume_wanted = false;
            resume_paused(turn);
        } else {
            break;
        }
    }
    state.settling = false;
}

}  // namespace lotmesh::broker
