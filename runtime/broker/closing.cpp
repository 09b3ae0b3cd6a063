#include "runtime/broker/closing.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/assert.h"
#include "base/wiped_bytes.h"
#include "runtime/broker/auditing.h"
#include "runtime/broker/backpressure.h"
#include "runtime/broker/expiry.h"
#include "runtime/broker/sharing.h"
#include "runtime/broker/subscribing.h"
#include "runtime/broker/will.h"
#include "runtime/broker/wire.h"

namespace lotmesh::broker {
namespace {

// Parts the session from its connection. The session may be gone after it.
void detach(Turn& turn, Connection& connection, WillFate will) {
    if (connection.session == nullptr) return;
    Session& session = *std::exchange(connection.session, nullptr);
    ASSERT(session.connection == &connection);
    session.connection = nullptr;
    --turn.state.connected_clients;

    session.qos0_queue.clear();
    session.pending_subacks = 0;
    note_drained(turn, session);
    members_go(turn, session);

    if (will == WillFate::Drop) session.will.reset();  // [MQTT-3.14.4-3] [MQTT-3.1.2-10]
    if (session.expiry_sec == 0) {  // not before the connection went [MQTT-4.1.0-1] [MQTT-4.1.0-2]
        end_session(turn, session);
        return;
    }
    schedule_will(turn, session);
    schedule_session_end(turn, session);
}

void abandon_authentication(Turn& turn, Connection& connection) {
    const auto authentication = std::exchange(connection.authentication, nullptr);
    if (authentication == nullptr || authentication->ticket == 0) return;
    turn.state.awaited.erase(authentication->ticket);
    turn.state.policy.abandon(authentication->ticket);
}

void finish(Turn& turn, Connection& connection, WillFate will) {
    if (connection.paused != PauseReason::None) std::erase(turn.state.paused, connection.id);
    connection.phase = ConnectionPhase::Closing;
    connection.paused = PauseReason::None;
    wipe(connection.held);
    connection.held = {};
    connection.topic_aliases = {};
    connection.aliases_out = AliasTable();
    connection.inbound_window = {};
    abandon_authentication(turn, connection);
    detach(turn, connection, will);
}

std::string_view client_of(const Connection& connection) {
    return connection.session == nullptr ? std::string_view("(no client id yet)")
                                         : std::string_view(connection.session->client_id);
}

void log_end(Turn& turn, const Connection& connection, mqtt::ReasonCode reason,
             std::string_view why) {
    turn.effects.log(
        LogLevel::Info,
        fmt::format("closing client={} address={} reason=\"{}\" ({})", client_of(connection),
                    connection.principal.origin.remote_address, mqtt::name(reason), why));
}

// Reasons that can be nothing but a limit.
void count_limit(Refused& refused, mqtt::ReasonCode reason) {
    if (reason == mqtt::ReasonCode::PacketTooLarge) ++refused.packets;
    if (reason == mqtt::ReasonCode::ReceiveMaximumExceeded) ++refused.receive_maximum;
    if (reason == mqtt::ReasonCode::TopicAliasInvalid) ++refused.topic_aliases;
    if (reason == mqtt::ReasonCode::MessageRateTooHigh) ++refused.input;
}

void audit_refusal(Turn& turn, const Connection& connection, const Refusal& refusal) {
    const AuditKind kind =
        connection.is_peer ? AuditKind::PeerRefused : AuditKind::ConnectionRefused;
    const std::string_view separator = refusal.hidden_why.empty() ? "" : ": ";
    Principal claimed = connection.principal;
    if (!refusal.user_name.empty()) claimed.user_name = refusal.user_name;
    audit(turn, kind, claimed,
          fmt::format("{} ({}{}{})", mqtt::name(refusal.reason), refusal.why, separator,
                      refusal.hidden_why));
}

}  // namespace

void disconnect(Turn& turn, Connection& connection, mqtt::ReasonCode reason, std::string_view why) {
    if (connection.phase == ConnectionPhase::Closing) return;
    log_end(turn, connection, reason, why);
    count_limit(turn.state.counters.refused, reason);
    if (reason == mqtt::ReasonCode::NotAuthorized)
        audit(turn, AuditKind::Disconnected, connection.principal, std::string(why));
    if (connection.is_open() && connection.is_v5()) {
        mqtt::Disconnect packet;
        packet.reason = reason;
        packet.properties.reason_string = why;
        if (reason == mqtt::ReasonCode::UseAnotherServer)
            packet.properties.server_reference = turn.state.config.server_reference;
        send(turn, connection, std::move(packet));
    }
    close_silently(turn, connection);
}

void disconnect_undecodable(Turn& turn, Connection& connection, mqtt::ReasonCode reason,
                            std::string_view why) {
    if (reason == mqtt::ReasonCode::QuotaExceeded) ++turn.state.counters.refused.user_properties;
    disconnect(turn, connection, reason, why);
}

void refuse(Turn& turn, Connection& connection, mqtt::ReasonCode reason, std::string_view why) {
    refuse(turn, connection, {.reason = reason, .why = why});
}

void refuse(Turn& turn, Connection& connection, const Refusal& refusal) {
    ASSERT(connection.phase == ConnectionPhase::AwaitConnect ||
           connection.phase == ConnectionPhase::Authenticating);
    log_end(turn, connection, refusal.reason, refusal.why);
    audit_refusal(turn, connection, refusal);
    ++turn.state.counters.denied.connects;
    count_limit(turn.state.counters.refused, refusal.reason);
    mqtt::Connack packet;
    packet.reason = refusal.reason;
    packet.properties.reason_string = refusal.why;
    send(turn, connection, std::move(packet));
    close_silently(turn, connection);
}

void close_silently(Turn& turn, Connection& connection) {
    close_after_disconnect(turn, connection, WillFate::Publish);
}

void close_after_disconnect(Turn& turn, Connection& connection, WillFate will) {
    if (connection.phase == ConnectionPhase::Closing) return;
    turn.effects.act(CloseConnection{connection.id});
    finish(turn, connection, will);
}

void on_closed(Turn& turn, ConnId id) {
    Connection* connection = turn.state.connections.find(id);
    if (connection == nullptr) return;
    finish(turn, *connection, WillFate::Publish);
    turn.state.connections.erase(id);
}

void end_session(Turn& turn, Session& session) {
    ASSERT(session.connection == nullptr);
    State& state = turn.state;
    note_drained(turn, session);
    unsubscribe_all(turn, session);
    const std::size_t queued = session.queue.messages();
    state.counters.drops.session_ended += queued - give_up_shared(turn, session);
    publish_will_at_end(turn, session);
    set_expiry(state, session, 0);
    state.sessions.erase(session);
}

}  // namespace lotmesh::broker
