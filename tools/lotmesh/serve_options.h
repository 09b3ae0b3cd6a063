// The options of `lotmesh serve`, on the command line and in its configuration file.
#pragma once

#include <string>
#include <vector>

#include "tools/lotmesh/serve_command.h"

namespace CLI {
class App;
}

namespace lotmesh::tool {

// Both outlive the parsing. `words`: those that will be parsed, since paths in a configuration file
// are relative to its folder.
void add_serve_options(CLI::App& app, ServeOptions& options, const std::vector<std::string>& words);

}  // namespace lotmesh::tool
