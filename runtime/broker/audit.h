// What the people who guard a node should know of: who came, who was turned away and why, who tried
// what he may not. The broker makes values, the shell writes them.
//
// Never a secret, never a payload. Names and topics stand in them as clients sent them; to_line()
// keeps them within their quotes, and the log escapes control characters. Of the denials of one
// connection only the first of each kind is told, the others are counted (Counters::denied).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace lotmesh::broker {

enum class AuditKind : std::uint8_t {
    Connected,
    ConnectionRefused,
    Disconnected,  // by us, since it may not be here or do this
    PublishDenied,
    SubscribeDenied,
    WillDenied,
    SubscriptionsRemoved,  // the rules have changed
    PeerConnected,
    PeerRefused,
    ClusterTopic,  // somebody published or subscribed to a topic of the cluster's
    AdminCommand,
    PolicyChanged,
};

std::string_view name(AuditKind kind);

struct Audit {
    AuditKind kind = AuditKind::Connected;
    std::string client_id = {};
    std::string user_name = {};  // of a refused connection: as it was claimed
    std::string remote_address = {};
    std::string detail = {};
    bool operator==(const Audit&) const = default;
};

// `audit kind=connected client="a" user="b" address="c" detail="d"`
std::string to_line(const Audit& audit);

}  // namespace lotmesh::broker
