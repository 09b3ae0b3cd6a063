// A running broker: identity, routes, listeners and the core thread put together, and the signals
// that steer it (SIGHUP: read the routes again; SIGTERM, SIGINT: end, a second one: end at once).
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "runtime/server/config.h"

namespace lotmesh::server {

// What the outside may wait for: "listening on 127.0.0.1:1883" for each socket, then "ready".
// Before them, whatever the log's level, that the default listener was taken where that is so.
using Announce = std::function<void(std::string_view line)>;

// Blocks until the broker has ended; the value is the exit code. The error says why it did not
// start, in one line, or in several where the route files are at fault.
Result<int, std::string> run_daemon(const ServerConfig& config, const Announce& announce);

}  // namespace lotmesh::server
