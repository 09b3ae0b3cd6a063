// A command's App as values.
#pragma once

#include "tools/lotmesh/command_info.h"

namespace CLI {  // NOLINT(readability-identifier-naming): the library's name
class App;
}

namespace lotmesh::tool {

// Without a summary, which the App does not know.
CommandInfo describe_app(const CLI::App& app);

}  // namespace lotmesh::tool
