// What tools for the Language of Things look for below $SYS/Coreflux/, besides our own topics: the
// states of routes in their words, and aliases of the cluster's. Pure: reports in, text out.
#pragma once

#include <string>
#include <string_view>

#include "runtime/cluster/health.h"

namespace lotmesh::cluster {

// Disconnected, Connecting, Connected or Reconnecting.
std::string_view connection_word(RouteState state);
// Green, Yellow or Red.
std::string_view health_word(const RouteReport& route);

// $SYS/Coreflux/Routes/<Name>/status
std::string route_status_json(const RouteReport& route);
// $SYS/Coreflux/Cluster/Members: every node that we know of, ourselves first.
std::string members_json(const Report& report);

}  // namespace lotmesh::cluster
