// CONNECT -> CONNACK, or the hand-over of a peer's connection to the cluster.
#include <fmt/format.h>

#include <algorithm>

#include "base/assert.h"
#include "runtime/broker/auditing.h"
#include "runtime/broker/authorising.h"
#include "runtime/broker/closing.h"
#include "runtime/broker/expiry.h"
#include "runtime/broker/fan_out.h"
#include "runtime/broker/handlers.h"
#include "runtime/broker/publishing.h"
#include "runtime/broker/sharing.h"
#include "runtime/broker/takeover.h"
#include "runtime/broker/will.h"
#include "runtime/broker/wire.h"
#include "runtime/mqtt/decode.h"

namespace lotmesh::broker {
namespace {

using mqtt::ProtocolVersion;
using mqtt::ReasonCode;

bool is_peer(const mqtt::Connect& connect) {
    return connect.version == ProtocolVersion::V5 &&
           std::ranges::any_of(
               connect.properties.user_properties,
               [](const mqtt::UserProperty& property) { return property.name == kPeerProperty; });
}

// A CONNECT that could not be decoded. The answer is in the form of the version that was asked for.
// [MQTT-3.1.2-1] [MQTT-3.1.2-2] [MQTT-3.1.4-1]
void refuse_undecodable(Turn& turn, Connection& connection, const mqtt::ConnectError& error) {
    const bool wrong_version = error.reason == ReasonCode::UnsupportedProtocolVersion;
    const bool wrong_client_id = error.reason == ReasonCode::ClientIdentifierNotValid;
    if (error.reason == ReasonCode::QuotaExceeded) ++turn.state.counters.refused.user_properties;
    connection.version = error.asked_version >= 5 ? ProtocolVersion::V5 : ProtocolVersion::V311;
    const bool answer = wrong_version || wrong_client_id || error.asked_version == 5;
    if (answer) {
        refuse(turn, connection, error.reason, "CONNECT is not acceptable");
    } else {  // 3.x has no return code for it
        close_silently(turn, connection);
    }
}

std::uint32_t asked_expiry_sec(const mqtt::Connect& connect) {
    if (connect.version == ProtocolVersion::V5)
        return connect.properties.session_expiry_interval_sec.value_or(0);
    return connect.clean_start ? 0 : mqtt::kSessionExpiryNever;
}

std::uint32_t granted_expiry_sec(const Limits& limits, const mqtt::Connect& connect) {
    return std::min(asked_expiry_sec(connect), limits.session_expiry_sec_max);
}

struct Verdict {
    ReasonCode reason = ReasonCode::Success;
    std::string_view why;
};

Verdict check_will(const Limits& limits, const Authority* authority, const mqtt::Will& will) {
    if (will.topic.starts_with('$'))
        return {ReasonCode::TopicNameInvalid, "clients may not publish below $"};
    if (!is_within(will.topic, limits))
        return {ReasonCode::TopicNameInvalid, "the will topic is too long or too deep"};
    if (!has_payload_as_said(will.properties, will.payload))
        return {ReasonCode::PayloadFormatInvalid, "the payload of the will is no UTF-8"};
    if (will.qos > limits.maximum_qos)  // [MQTT-3.2.2-12]
        return {ReasonCode::QoSNotSupported, "the QoS of the will is above the maximum"};
    if (will.retain && !limits.retain_available)  // [MQTT-3.2.2-13]
        return {ReasonCode::RetainNotSupported, "there are no retained messages here"};
    if (!may_will(authority, will.topic, will.retain))
        return {ReasonCode::NotAuthorized, "the will is not allowed"};
    return {};
}

// `session`: what this client id has already, or none.
Verdict check_room(const State& state, const Session* session, std::uint32_t expiry_sec) {
    const Limits& limits = state.config.limits;
    if (session == nullptr && state.sessions.size() >= limits.sessions_max)
        return {ReasonCode::QuotaExceeded, "too many sessions"};
    if (session == nullptr && state.pressure >= Pressure::High)
        return {ReasonCode::QuotaExceeded, "memory is short"};
    const bool is_one_more = expiry_sec != 0 && (session == nullptr || session->expiry_sec == 0);
    if (is_one_more && state.persistent_sessions >= limits.persistent_sessions_max)
        return {ReasonCode::QuotaExceeded, "too many sessions that outlive their connection"};
    if (is_one_more && state.disk == DiskSpace::Full)
        return {ReasonCode::QuotaExceeded, "the disk is full"};
    return {};
}

// [MQTT-3.1.4-2]
Verdict check(const State& state, const Principal& principal, const Authority* authority,
              const mqtt::Connect& connect) {
    if (connect.client_id.size() > state.config.limits.client_id_bytes_max)
        return {ReasonCode::ClientIdentifierNotValid, "the client id is too long"};
    if (!allows(authority, Permission::Connect, {}))
        return {ReasonCode::NotAuthorized, "may not connect"};
    if (connect.will) {
        if (const Verdict verdict = check_will(state.config.limits, authority, *connect.will);
            verdict.reason != ReasonCode::Success)
            return verdict;
    }
    const Session* session = state.sessions.find(connect.client_id);
    // Neither is its owner disconnected, nor is the session ended for somebody else.
    if (session != nullptr && session->principal.user_name != principal.user_name)
        return {ReasonCode::NotAuthorized, "the client id is another user's"};
    return check_room(state, session, granted_expiry_sec(state.config.limits, connect));
}

// Whether it is a limit that refuses.
void count_refused(State& state, ReasonCode reason, const mqtt::Connect& connect) {
    if (reason == ReasonCode::QuotaExceeded) ++state.counters.refused.sessions;
    const bool topic = reason == ReasonCode::TopicNameInvalid &&
                       !is_within(connect.will->topic, state.config.limits);
    if (topic) ++state.counters.refused.topics;
}

// [MQTT-3.1.3-6]
std::string assigned_client_id(State& state) {
    while (true) {
        const auto next = [&state] {
            return keyed_hash64(state.client_ids_made++, state.client_id_key);
        };
        const std::uint64_t first = next();
        std::string id = fmt::format("auto-{:016x}{:016x}", first, next());
        if (state.sessions.find(id) == nullptr) return id;
    }
}

// The keep alive that holds. [MQTT-3.2.2-21] [MQTT-3.2.2-22]
std::uint16_t keep_alive_sec(const Limits& limits, const mqtt::Connect& connect) {
    const std::uint16_t maximum = limits.keep_alive_sec_max;
    const bool too_long = connect.keep_alive_sec == 0 || connect.keep_alive_sec > maximum;
    const bool capped = maximum != 0 && connect.version == ProtocolVersion::V5 && too_long;
    return capped ? maximum : connect.keep_alive_sec;
}

void adopt(const Limits& limits, Connection& connection, const mqtt::Connect& connect) {
    connection.version = connect.version;
    connection.is_peer = is_peer(connect);
    connection.principal.client_id = connect.client_id;  // until one is assigned
    connection.keep_alive_limit = Duration::milliseconds(keep_alive_sec(limits, connect) * 1500);
    if (connection.is_v5())
        connection.aliases_out = AliasTable(std::min(
            connect.properties.topic_alias_maximum.value_or(0), limits.topic_aliases_out_max));
    connection.problem_information =
        connect.properties.request_problem_information.value_or(1) != 0;
    connection.packet_bytes_max =
        connect.properties.maximum_packet_size.value_or(connection.packet_bytes_max);
}

void link(Turn& turn, Connection& connection, Session& session, const mqtt::Connect& connect) {
    const Limits& limits = turn.state.config.limits;
    ASSERT(session.connection == nullptr && connection.session == nullptr);
    session.connection = &connection;
    connection.session = &session;
    connection.phase = ConnectionPhase::Open;
    set_expiry(turn.state, session, granted_expiry_sec(limits, connect));
    // [MQTT-4.9.0-1]
    const std::uint16_t receive_maximum = connect.properties.receive_maximum.value_or(0xFFFF);
    session.inflight.begin_connection({.window = std::min(receive_maximum, limits.inflight_max),
                                       .bytes_max = limits.inflight_bytes_max,
                                       .entries_max = limits.inflight_entries_max});
    session.progress_at = turn.now.instant;
    members_come(turn, session);
    if (connect.will) session.will = store_will(*connect.will, session);  // [MQTT-3.1.2-7]

    State& state = turn.state;
    ++state.connected_clients;
    ++state.counters.connections_opened;
    state.counters.clients_maximum =
        std::max<std::uint64_t>(state.counters.clients_maximum, state.connected_clients);
    arm_connection_timer(state, connection);
}

// What is not as a client may take it to be is announced.
void announce_limits(const Limits& limits, mqtt::Properties& properties) {
    properties.receive_maximum = limits.receive_maximum;
    properties.maximum_packet_size = limits.packet_bytes_max;
    if (limits.topic_alias_maximum > 0) properties.topic_alias_maximum = limits.topic_alias_maximum;
    if (limits.maximum_qos != mqtt::QoS::ExactlyOnce)  // [MQTT-3.2.2-9]
        properties.maximum_qos = static_cast<std::uint8_t>(limits.maximum_qos);
    const auto deny = [](std::optional<std::uint8_t>& flag, bool available) {
        if (!available) flag = std::uint8_t{0};
    };
    deny(properties.retain_available, limits.retain_available);
    deny(properties.wildcard_subscription_available, limits.wildcard_subscription_available);
    deny(properties.subscription_identifier_available, limits.subscription_identifier_available);
    deny(properties.shared_subscription_available, limits.shared_subscription_available);
}

// Empty: the client did not ask, or there is none. [MQTT-3.1.2-28]
std::string response_information(const State& state, const Connection& connection,
                                 const mqtt::Connect& connect) {
    if (connect.properties.request_response_information.value_or(0) == 0) return {};
    std::string text = state.config.response_information;
    const std::size_t at = text.find("%c");
    const std::string& client_id = connection.session->client_id;
    if (at == std::string::npos) return text;
    // What is no topic helps nobody to make one.
    if (client_id.find_first_of("+#") != std::string::npos) return {};
    return text.replace(at, 2, client_id);
}

// [MQTT-3.1.4-5] [MQTT-3.2.0-1]
void send_connack(Turn& turn, Connection& connection, const mqtt::Connect& connect,
                  const AuthResult& result, bool present) {
    const Limits& limits = turn.state.config.limits;
    const Session& session = *connection.session;
    mqtt::Connack connack;
    connack.session_present = present;  // [MQTT-3.2.2-2] [MQTT-3.2.2-3]
    mqtt::Properties& properties = connack.properties;
    const std::string information = response_information(turn.state, connection, connect);
    if (connection.is_v5()) {
        announce_limits(limits, properties);
        if (connect.client_id.empty())  // [MQTT-3.1.3-7] [MQTT-3.2.2-16]
            properties.assigned_client_identifier = session.client_id;
        if (const std::uint16_t holds = keep_alive_sec(limits, connect);
            holds != connect.keep_alive_sec)
            properties.server_keep_alive_sec = holds;
        if (session.expiry_sec != asked_expiry_sec(connect))
            properties.session_expiry_interval_sec = session.expiry_sec;
        if (!information.empty()) properties.response_information = information;
        if (!result.method.empty()) {  // [MQTT-4.12.0-5]
            properties.authentication_method = result.method;
            if (!result.data.empty()) properties.authentication_data = result.data;
        }
    }
    send(turn, connection, std::move(connack));
}

// What is still to be said of earlier connections: every PUBREL; the PUBLISHes follow by drain().
void resend_releases(Turn& turn, Connection& connection, const Session& session) {
    for (std::size_t i = 0; i < session.inflight.size(); ++i) {
        const InflightEntry& entry = session.inflight[i];
        if (entry.phase == InflightPhase::AwaitPubcomp)  // [MQTT-4.4.0-1]
            send_ack(turn, connection, mqtt::PacketType::Pubrel, entry.packet_id,
                     ReasonCode::Success);
    }
}

// Where the policy has believed a peer.
Handled hand_over(Turn& turn, Connection& connection, const mqtt::Connect& connect, ByteView rest) {
    State& state = turn.state;
    const auto authority = state.policy.authority_of(connection.principal);
    if (!allows(authority.get(), Permission::Cluster, {})) {
        refuse(turn, connection, ReasonCode::NotAuthorized, "may not be a peer");
        return Handled::Done;
    }
    const ConnId id = connection.id;
    const Principal principal = std::move(connection.principal);
    const std::optional<Instant> proof_ends_at = connection.proof_ends_at;
    audit(turn, AuditKind::PeerConnected, principal, {});
    state.connections.erase(id);
    state.cluster.peer_connected(
        {id, principal, connect, rest, authority != nullptr, proof_ends_at}, turn.now,
        turn.effects);
    return Handled::Gone;
}

}  // namespace

Handled on_connect(Turn& turn, Connection& connection, const mqtt::Frame& frame, ByteView rest) {
    State& state = turn.state;
    const auto decoded = mqtt::decode_connect(frame);
    if (!decoded) {
        refuse_undecodable(turn, connection, decoded.error());
        return Handled::Done;
    }
    const mqtt::Connect& connect = *decoded;
    adopt(state.config.limits, connection, connect);
    if (connect.user_name.value_or("").size() > state.config.limits.user_name_bytes_max) {
        refuse(turn, connection, ReasonCode::BadUserNameOrPassword, "the user name is too long");
        return Handled::Done;
    }
    if (connect.properties.authentication_method) {
        begin_authentication(turn, connection, connect, frame.packet);
        return Handled::Done;
    }
    AuthVerdict verdict = state.policy.authenticate(
        {connect.client_id, connect.user_name, connect.password, connection.principal.origin},
        turn.now);
    if (verdict.ticket != 0) {
        await_verdict(turn, connection, frame.packet, verdict.ticket);
        return Handled::Done;
    }
    return finish_connect(turn, connection, connect, std::move(verdict), rest);
}

Handled finish_connect(Turn& turn, Connection& connection, const mqtt::Connect& connect,
                       AuthVerdict verdict, ByteView rest) {
    if (verdict.reason != ReasonCode::Success) {  // [MQTT-3.1.4-6]
        refuse(turn, connection,
               {.reason = verdict.reason,
                .why = "authentication failed",
                .user_name = connect.user_name.value_or(""),
                .hidden_why = verdict.why});
        return Handled::Done;
    }
    connection.principal.user_name = std::move(verdict.user_name);
    connection.principal.groups = std::move(verdict.groups);
    connection.proof_ends_at = proof_end(turn.now, verdict.ends_at);
    if (connection.is_peer) return hand_over(turn, connection, connect, rest);
    complete_connect(turn, connection, connect, {});
    return Handled::Done;
}

void complete_connect(Turn& turn, Connection& connection, const mqtt::Connect& connect,
                      const AuthResult& result) {
    const std::string client_id =
        connect.client_id.empty() ? assigned_client_id(turn.state) : std::string(connect.client_id);
    connection.principal.client_id = client_id;
    auto authority = turn.state.policy.authority_of(connection.principal);
    const Verdict verdict = check(turn.state, connection.principal, authority.get(), connect);
    if (verdict.reason != ReasonCode::Success) {
        count_refused(turn.state, verdict.reason, connect);
        return refuse(turn, connection, verdict.reason, verdict.why);
    }
    const Claimed claimed = claim_session(turn, client_id, connect.clean_start);
    authorise(turn, *claimed.session, connection.principal, std::move(authority));
    audit(turn, AuditKind::Connected, connection.principal,
          claimed.present ? "session resumed" : "new session");
    link(turn, connection, *claimed.session, connect);
    send_connack(turn, connection, connect, result, claimed.present);
    if (!connection.is_open()) return;  // it was too large
    resend_releases(turn, connection, *claimed.session);
    drain(turn, *claimed.session);
}

}  // namespace lotmesh::broker
