// The words of `lotmesh acl` and of `lotmesh import`.
#pragma once

#include <string>
#include <vector>

#include "tools/lotmesh/command_line.h"

namespace lotmesh::tool {

Command parse_acl(const std::vector<std::string>& words);
Command parse_import(const std::vector<std::string>& words);

}  // namespace lotmesh::tool
