// The listening sockets of a node: from what the user wrote to bound sockets.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "runtime/net/tcp_listener.h"
#include "runtime/server/config.h"

namespace lotmesh::server {

using Listeners = std::vector<std::unique_ptr<net::TcpListener>>;

// A host name is resolved here, at start, and all its addresses that this machine has are listened
// on, with one port. The error is one line for people.
Result<Listeners, std::string> open_listeners(net::Loop& loop,
                                              const std::vector<ListenAddress>& addresses,
                                              const net::TcpListener::OnAccepted& accepted);

}  // namespace lotmesh::server
