// The folders of a cluster's nodes: what `lint --cluster`, graph and trace look at.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "compiler/cluster.h"

namespace lotmesh::tool {

inline constexpr const char* kDeclarationName = "node.toml";

// Each folder in `path` that is not hidden and holds *.lot files or a node.toml, by name. Folders
// within those are not looked at, as a broker does not. The error is one line.
Result<std::vector<NodeFolder>, std::string> read_cluster_folders(const std::string& path);

}  // namespace lotmesh::tool
