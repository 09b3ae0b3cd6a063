// lotmesh(1), made from what the commands take and from the table of the language. docs/lotmesh.1
// is it; docs/hacking.md says how it is made anew.
#pragma once

#include <span>
#include <string>

#include "tools/lotmesh/command_info.h"

namespace lotmesh::tool {

std::string manual_page(std::span<const CommandInfo> commands);

}  // namespace lotmesh::tool
