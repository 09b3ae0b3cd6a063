// Asks a running broker how its cluster is: what it retains in $SYS/broker/cluster. Reads only;
// blocks, for the patience of the client at most.
#pragma once

#include <string>
#include <vector>

#include "base/endpoint.h"
#include "base/result.h"
#include "compiler/topology/rules.h"

namespace lotmesh::tool {

// The error is one line with the broker's address.
Result<topology::LiveNode, std::string> ask_node(const Endpoint& broker);

// Every node of the model at its first listener for plain text.
std::vector<topology::Answer> ask_nodes(const topology::Model& model);

}  // namespace lotmesh::tool
