// CONNECT -> CONNACK, or the hand-over of a peer's connection to the cluster.
#include <fmt/format.h>

#include <algorithm>

#include "base/assert.h"
#include "runtime/broker/closing.h"
#include "runtime/broker/expiry.h"
#include "runtime/broker/fan_out.h"
#include "runtime/broker/handlers.h"
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
    connection.version = error.asked_version >= 5 ? ProtocolVersion::V5 : ProtocolVersion::V311;
    const bool answer = wrong_version || wrong_client_id || error.asked_version == 5;
    if (answer) {
        refuse(turn, connection, error.reason, "CONNECT is not acceptable");
    } else {  // 3.x has no return code for it
        close_silently(turn, connection);
    }
}

struct Verdict {
    ReasonCode reason = ReasonCode::Success;
    std::string_view why;
};

// [MQTT-3.1.4-2]
Verdict check(Turn& turn, const Connection& connection, const mqtt::Connect& connect) {
    const State& state = turn.state;
    if (connect.properties.authentication_method)  // [MQTT-4.12.0-1]
        return {ReasonCode::BadAuthenticationMethod, "no enhanced authentication here"};
    if (connect.client_id.size() > state.config.limits.client_id_bytes_max)
        return {ReasonCode::ClientIdentifierNotValid, "the client id is too long"};
    const ReasonCode authentic = state.policy.authenticate(connect, connection.remote_address);
    if (authentic != ReasonCode::Success) return {authentic, "authentication failed"};
    if (connect.will) {
        if (connect.will->topic.starts_with('$'))
            return {ReasonCode::TopicNameInvalid, "clients may not publish below $"};
        const Principal principal{connect.client_id, connect.user_name.value_or("")};
        if (!state.policy.may_publish(principal, connect.will->topic))
            return {ReasonCode::NotAuthorized, "the will topic is not allowed"};
    }
    const bool new_session = state.sessions.find(connect.client_id) == nullptr;
    if (new_session && state.sessions.size() >= state.config.limits.sessions_max)
        return {ReasonCode::QuotaExceeded, "too many sessions"};
    return {};
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

void adopt(Connection& connection, const mqtt::Connect& connect) {
    connection.version = connect.version;
    connection.user_name = connect.user_name.value_or("");
    connection.keep_alive_limit = Duration::milliseconds(connect.keep_alive_sec * 1500);
    connection.packet_bytes_max =
        connect.properties.maximum_packet_size.value_or(connection.packet_bytes_max);
}

std::uint32_t expiry_sec(const mqtt::Connect& connect) {
    if (connect.version == ProtocolVersion::V5)
        return connect.properties.session_expiry_interval_sec.value_or(0);
    return connect.clean_start ? 0 : mqtt::kSessionExpiryNever;
}

void link(Turn& turn, Connection& connection, Session& session, const mqtt::Connect& connect) {
    const Limits& limits = turn.state.config.limits;
    ASSERT(session.connection == nullptr && connection.session == nullptr);
    session.connection = &connection;
    connection.session = &session;
    connection.phase = ConnectionPhase::Open;
    session.expiry_sec = expiry_sec(connect);
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

// [MQTT-3.1.4-5] [MQTT-3.2.0-1]
void send_connack(Turn& turn, Connection& connection, bool present, bool assigned) {
    const Limits& limits = turn.state.config.limits;
    mqtt::Connack connack;
    connack.session_present = present;  // [MQTT-3.2.2-2] [MQTT-3.2.2-3]
    if (connection.is_v5()) {
        connack.properties.receive_maximum = limits.receive_maximum;
        connack.properties.maximum_packet_size = limits.packet_bytes_max;
        if (limits.topic_alias_maximum > 0)
            connack.properties.topic_alias_maximum = limits.topic_alias_maximum;
        connack.properties.shared_subscription_available = std::uint8_t{0};
        if (assigned)  // [MQTT-3.1.3-7] [MQTT-3.2.2-16]
            connack.properties.assigned_client_identifier = connection.session->client_id;
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

}  // namespace

Handled on_connect(Turn& turn, Connection& connection, const mqtt::Frame& frame, ByteView rest) {
    State& state = turn.state;
    const auto decoded = mqtt::decode_connect(frame);
    if (!decoded) {
        refuse_undecodable(turn, connection, decoded.error());
        return Handled::Done;
    }
    const mqtt::Connect& connect = *decoded;
    if (is_peer(connect)) {
        const ConnId id = connection.id;
        const std::string remote_address = std::move(connection.remote_address);
        state.connections.erase(id);
        state.cluster.peer_connected({id, remote_address, connect, rest}, turn.now, turn.effects);
        return Handled::Gone;
    }
    adopt(connection, connect);
    const Verdict verdict = check(turn, connection, connect);
    if (verdict.reason != ReasonCode::Success) {
        refuse(turn, connection, verdict.reason, verdict.why);  // [MQTT-3.1.4-6]
        return Handled::Done;
    }
    const bool assign = connect.client_id.empty();
    const std::string client_id =
        assign ? assigned_client_id(state) : std::string(connect.client_id);
    const Claimed claimed = claim_session(turn, client_id, connect.clean_start);
    link(turn, connection, *claimed.session, connect);
    send_connack(turn, connection, claimed.present, assign);
    if (!connection.is_open()) return Handled::Done;  // it was too large
    resend_releases(turn, connection, *claimed.session);
    drain(turn, *claimed.session);
    return Handled::Done;
}

}  // namespace lotmesh::broker
