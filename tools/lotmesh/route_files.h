// The route files that a command line names: what lint and fmt look at.
#pragma once

#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "compiler/source/source.h"

namespace lotmesh::tool {

inline constexpr std::string_view kStandardInput = "-";
inline constexpr std::string_view kStandardInputName = "<stdin>";

// What makes one plan.
using PlanFiles = std::vector<source::SourceText>;

// The files that were named, "-" for `in`, make one plan together and come first; each folder, and
// each in it, makes one of its *.lot, by name; each notebook there is one of its own. What is
// hidden is not read. No more than one byte beyond what a route file may have is read of each. The
// error is one line.
Result<std::vector<PlanFiles>, std::string> read_route_files(const std::vector<std::string>& paths,
                                                             std::istream& in);

}  // namespace lotmesh::tool
