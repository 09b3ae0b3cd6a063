// AUTH: enhanced authentication (section 4.12), before the CONNACK and again on an open connection.
#include <utility>

#include "base/assert.h"
#include "runtime/broker/authorising.h"
#include "runtime/broker/backpressure.h"
#include "runtime/broker/closing.h"
#include "runtime/broker/expiry.h"
#include "runtime/broker/handlers.h"
#include "runtime/broker/input.h"
#include "runtime/broker/wire.h"
#include "runtime/mqtt/decode.h"

namespace lotmesh::broker {
namespace {

using mqtt::ReasonCode;

void end(Turn& turn, Connection& connection, ReasonCode reason, std::string_view why) {
    if (connection.is_known())
        disconnect(turn, connection, reason, why);  // [MQTT-4.12.1-2]
    else
        refuse(turn, connection, reason, why);  // [MQTT-4.12.0-4]
}

// [MQTT-4.12.0-2] [MQTT-4.12.0-5]
void send_auth(Turn& turn, Connection& connection, ReasonCode reason, std::string_view data) {
    mqtt::Auth packet;
    packet.reason = reason;
    packet.properties.authentication_method = connection.authentication->method;
    if (!data.empty()) packet.properties.authentication_data = data;
    send(turn, connection, packet);
}

// What was decoded once; it borrows from the packet.
mqtt::Connect decoded_again(const State& state, ByteView packet) {
    const auto whole = mqtt::next_frame(packet, state.config.limits.connect_bytes_max);
    ASSERT(whole && whole->frame.size == packet.size());
    auto connect = mqtt::decode_connect(whole->frame);
    ASSERT(connect);
    return std::move(*connect);
}

// The client is known: the CONNECT that it began with goes on.
void connect_at_last(Turn& turn, Connection& connection, const AuthStep& step) {
    Authentication& authentication = *connection.authentication;
    const WipedBytes packet = std::move(authentication.connect);
    connection.principal.user_name = step.user_name;
    connection.principal.groups = step.groups;
    connection.proof_ends_at = proof_end(turn.now, step.ends_at);
    const std::string method = authentication.method;
    complete_connect(turn, connection, decoded_again(turn.state, packet.view()),
                     {method, step.data});
}

void authenticated(Turn& turn, Connection& connection, const AuthStep& step) {
    connection.authentication->exchange = nullptr;
    if (!connection.is_known()) return connect_at_last(turn, connection, step);
    if (step.user_name != connection.principal.user_name)
        return end(turn, connection, ReasonCode::NotAuthorized, "it is somebody else now");
    connection.principal.groups = step.groups;
    connection.proof_ends_at = proof_end(turn.now, step.ends_at);
    arm_connection_timer(turn.state, connection);
    authorise(turn, *connection.session, connection.principal,
              turn.state.policy.authority_of(connection.principal));
    send_auth(turn, connection, ReasonCode::Success, step.data);
}

void take_step(Turn& turn, Connection& connection, std::string_view data) {
    const AuthStep step = connection.authentication->exchange->step(data);
    if (step.reason == ReasonCode::ContinueAuthentication)
        send_auth(turn, connection, step.reason, step.data);
    else if (step.reason == ReasonCode::Success)
        authenticated(turn, connection, step);
    else
        end(turn, connection, step.reason, "authentication failed");
}

// False: an AUTH that has no place here.
bool begins_or_goes_on(Turn& turn, Connection& connection, const mqtt::Auth& packet) {
    Authentication* authentication = connection.authentication.get();
    // [MQTT-4.12.0-6] [MQTT-4.12.0-7]
    if (authentication == nullptr) return false;
    // [MQTT-4.12.1-1]
    if (packet.properties.authentication_method != authentication->method) return false;
    if (packet.reason == ReasonCode::ContinueAuthentication)  // [MQTT-4.12.0-3]
        return authentication->exchange != nullptr;
    if (packet.reason != ReasonCode::ReAuthenticate || authentication->exchange != nullptr)
        return false;
    authentication->exchange = turn.state.policy.begin_exchange(
        authentication->method, connection.principal.origin, turn.now);
    return authentication->exchange != nullptr;
}

}  // namespace

void begin_authentication(Turn& turn, Connection& connection, const mqtt::Connect& connect,
                          ByteView packet) {
    const std::string_view method = *connect.properties.authentication_method;
    if (connection.is_peer)  // they have no use for it
        return refuse(turn, connection, ReasonCode::BadAuthenticationMethod, "not for peers");
    std::unique_ptr<AuthExchange> exchange =
        turn.state.policy.begin_exchange(method, connection.principal.origin, turn.now);
    if (exchange == nullptr)  // [MQTT-4.12.0-1]
        return refuse(turn, connection, ReasonCode::BadAuthenticationMethod, "no such method here");
    connection.phase = ConnectionPhase::Authenticating;
    connection.authentication =
        std::make_unique<Authentication>(Authentication{.method = std::string(method),
                                                        .exchange = std::move(exchange),
                                                        .connect = WipedBytes(packet)});
    take_step(turn, connection, connect.properties.authentication_data.value_or(""));
}

void await_verdict(Turn& turn, Connection& connection, ByteView packet, AuthTicket ticket) {
    const bool is_new = turn.state.awaited.emplace(ticket, connection.id).second;
    ASSERT(is_new);
    connection.phase = ConnectionPhase::Authenticating;
    connection.authentication = std::make_unique<Authentication>(
        Authentication{.method = {}, .connect = WipedBytes(packet), .ticket = ticket});
    pause_reading(turn, connection, PauseReason::Ticket);
}

void on_authenticated(Turn& turn, const Authenticated& event) {
    const auto awaited = turn.state.awaited.extract(event.ticket);
    if (awaited.empty()) return;
    const ConnId id = awaited.mapped();
    Connection* connection = turn.state.connections.find(id);
    ASSERT(connection != nullptr && connection->phase == ConnectionPhase::Authenticating);
    const WipedBytes packet = std::move(connection->authentication->connect);
    connection->authentication = nullptr;
    connection->paused = PauseReason::None;
    connection->last_received = turn.now.instant;
    turn.effects.act(ResumeReading{id});
    // A peer's connection is the cluster's next, with what came meanwhile.
    const Bytes rest = connection->is_peer ? std::exchange(connection->held, {}) : Bytes();
    const Handled handled = finish_connect(
        turn, *connection, decoded_again(turn.state, packet.view()), event.verdict, rest);
    if (handled != Handled::Gone && connection->is_open()) receive(turn, *connection, {});
}

Handled on_auth(Turn& turn, Connection& connection, const mqtt::Frame& frame) {
    const auto decoded = mqtt::decode_packet(frame, connection.version, mqtt::Sender::Client);
    if (!decoded) {
        if (decoded.error() == ReasonCode::QuotaExceeded)
            ++turn.state.counters.refused.user_properties;
        end(turn, connection, decoded.error(), "AUTH is malformed");
        return Handled::Done;
    }
    const auto& packet = std::get<mqtt::Auth>(*decoded);
    if (!begins_or_goes_on(turn, connection, packet))
        end(turn, connection, ReasonCode::ProtocolError, "AUTH that nothing waits for");
    else
        take_step(turn, connection, packet.properties.authentication_data.value_or(""));
    return Handled::Done;
}

}  // namespace lotmesh::broker
