// `lotmesh graph`: draws the cluster that the folders of its nodes describe, or that runs, or both.
// Reads files; opens a socket only where a running broker is asked.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "base/endpoint.h"
#include "compiler/topology/picture.h"

namespace lotmesh::tool {

struct GraphOptions {
    std::string folder = {};          // empty: only what runs
    std::vector<Endpoint> live = {};  // brokers to ask
    topology::Drawing drawing = topology::Drawing::Text;
    bool operator==(const GraphOptions&) const = default;
};

// Incomplete: drawn as far as it was understood, the files have errors.
enum class GraphExit : int { Drawn = 0, Incomplete = 1, CouldNotRun = 2 };

GraphExit graph(const GraphOptions& options, std::ostream& out, std::ostream& error);

// With the process's own streams. The exit code.
int run_graph(const GraphOptions& options);

}  // namespace lotmesh::tool
