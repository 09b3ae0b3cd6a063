#include "runtime/broker/takeover.h"

#include "base/assert.h"
#include "runtime/broker/closing.h"

namespace lotmesh::broker {

Claimed claim_session(Turn& turn, std::string_view client_id, bool clean_start) {
    SessionTable& sessions = turn.state.sessions;
    Session* session = sessions.find(client_id);
    if (session != nullptr && session->connection != nullptr) {  // [MQTT-3.1.4-3]
        disconnect(turn, *session->connection, mqtt::ReasonCode::SessionTakenOver,
                   "a new connection has this client id");
        session = sessions.find(client_id);  // it ended where its expiry was 0
    }
    if (session != nullptr && clean_start) {  // [MQTT-3.1.2-4] [MQTT-3.1.4-4]
        end_session(turn, *session);
        session = nullptr;
    }
    if (session == nullptr) return {&sessions.insert(client_id), false};  // [MQTT-3.1.2-6]

    ASSERT(session->connection == nullptr);
    session->ends_at = std::nullopt;
    session->will_at = std::nullopt;
    session->will.reset();   // [MQTT-3.1.3-9]
    return {session, true};  // [MQTT-3.1.2-5]
}

}  // namespace lotmesh::broker
