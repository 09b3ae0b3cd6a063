#include "runtime/broker/auditing.h"

#include "runtime/broker/closing.h"

namespace lotmesh::broker {

void audit(Turn& turn, AuditKind kind, const Principal& principal, std::string detail) {
    turn.effects.act(Audit{.kind = kind,
                           .client_id = principal.client_id,
                           .user_name = principal.user_name,
                           .remote_address = principal.origin.remote_address,
                           .detail = std::move(detail)});
}

void audit_denial(Turn& turn, Connection& connection, AuditKind kind, std::string detail) {
    const auto bit = static_cast<std::uint16_t>(1U << static_cast<unsigned>(kind));
    if ((connection.denials_told & bit) != 0) return;
    connection.denials_told = static_cast<std::uint16_t>(connection.denials_told | bit);
    audit(turn, kind, connection.principal, std::move(detail));
}

void disconnect_for_cluster_topic(Turn& turn, Connection& connection, std::string_view topic) {
    audit(turn, AuditKind::ClusterTopic, connection.principal, std::string(topic));
    disconnect(turn, connection, mqtt::ReasonCode::NotAuthorized, "topics of the cluster's own");
}

}  // namespace lotmesh::broker
