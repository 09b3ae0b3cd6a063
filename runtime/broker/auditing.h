// What handlers tell the audit (audit.h). Core thread.
#pragma once

#include <string>

#include "runtime/broker/audit.h"
#include "runtime/broker/state.h"

namespace lotmesh::broker {

void audit(Turn& turn, AuditKind kind, const Principal& principal, std::string detail);

// Once for each kind and connection.
void audit_denial(Turn& turn, Connection& connection, AuditKind kind, std::string detail);

// Topics of the cluster's are for its own links: whoever uses one is disconnected.
void disconnect_for_cluster_topic(Turn& turn, Connection& connection, std::string_view topic);

}  // namespace lotmesh::broker
