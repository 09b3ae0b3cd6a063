// `lotmesh trace`: who hears a message that is published on one node, over which link, and what
// becomes of it where a node is away. Reads the folders of a cluster, and nothing else.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>

#include "compiler/topology/trace.h"

namespace lotmesh::tool {

enum class TraceFormat : std::uint8_t { Text, Json };

struct TraceOptions {
    std::string folder;
    std::string from;
    std::string topic;
    std::vector<std::string> without = {};
    TraceFormat format = TraceFormat::Text;
    bool operator==(const TraceOptions&) const = default;
};

// Unheard: a node that is not away does not hear it.
enum class TraceExit : int { AllHear = 0, Unheard = 1, CouldNotRun = 2 };

TraceExit trace(const TraceOptions& options, std::ostream& out, std::ostream& error);

// With the process's own streams. The exit code.
int run_trace(const TraceOptions& options);

}  // namespace lotmesh::tool
