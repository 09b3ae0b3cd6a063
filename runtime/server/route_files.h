// The route files of a node, as they are read.
//
// Any thread. Bounded by kRouteFilesMax, kRouteBytesMax and the compiler's limits.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "compiler/ir/plan.h"
#include "compiler/source/source.h"

namespace lotmesh::server {

inline constexpr std::size_t kRouteFilesMax = 10'000;
// Of all files together.
inline constexpr std::size_t kRouteBytesMax = std::size_t{64} << 20;

// A file, or the *.lot files of a folder (not below it) by name; hidden ones are an editor's. The
// error is one line for people.
Result<std::vector<source::SourceText>, std::string> read_routes(
    const std::filesystem::path& path, std::size_t bytes_max = kRouteBytesMax);

// The paths of certificates in a plan as the node opens them: those that are relative are so to the
// folder of the routes. `routes`: that folder, or the one route file.
ir::Plan with_absolute_paths(ir::Plan plan, const std::filesystem::path& routes);

}  // namespace lotmesh::server
