#include "runtime/broker/audit.h"

#include <fmt/format.h>

#include "base/assert.h"

namespace lotmesh::broker {
namespace {

std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out += '"';
}

}  // namespace

std::string_view name(AuditKind kind) {
    switch (kind) {
        case AuditKind::Connected: return "connected";
        case AuditKind::ConnectionRefused: return "connection_refused";
        case AuditKind::Disconnected: return "disconnected";
        case AuditKind::PublishDenied: return "publish_denied";
        case AuditKind::SubscribeDenied: return "subscribe_denied";
        case AuditKind::WillDenied: return "will_denied";
        case AuditKind::SubscriptionsRemoved: return "subscriptions_removed";
        case AuditKind::PeerConnected: return "peer_connected";
        case AuditKind::PeerRefused: return "peer_refused";
        case AuditKind::ClusterTopic: return "cluster_topic";
        case AuditKind::AdminCommand: return "admin_command";
        case AuditKind::PolicyChanged: return "policy_changed";
    }
    UNREACHABLE();
}

std::string to_line(const Audit& audit) {
    return fmt::format("audit kind={} client={} user={} address={} detail={}", name(audit.kind),
                       quoted(audit.client_id), quoted(audit.user_name),
                       quoted(audit.remote_address), quoted(audit.detail));
}

}  // namespace lotmesh::broker
