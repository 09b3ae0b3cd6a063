// The listening sockets of a node: from what the user wrote to bound sockets.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "runtime/net/tcp_listener.h"
#include "runtime/server/config.h"

namespace lotmesh::server {

struct Listener {
    ListenAddress address;  // as it was asked for, with the host and port that it has
    std::unique_ptr<net::TcpListener> socket;
};
using Listeners = std::vector<Listener>;

// What becomes of the connections to one address.
using AcceptedAt = std::function<net::TcpListener::OnAccepted(const ListenAddress& address)>;

// A host name is resolved here, at start, and all its addresses that this machine has are listened
// on, with one port. The error is one line for people.
Result<Listeners, std::string> open_listeners(net::Loop& loop,
                                              const std::vector<ListenAddress>& addresses,
                                              const AcceptedAt& accepted_at);

}  // namespace lotmesh::server
