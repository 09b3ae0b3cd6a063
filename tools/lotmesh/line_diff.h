// The difference of two texts, as `diff -u` shows it.
#pragma once

#include <string>
#include <string_view>

namespace lotmesh::tool {

// Empty for equal texts. `name` stands in the head. What lies between the first and the last
// difference is compared line by line up to a bound of work, beyond it shown as one change.
std::string unified_diff(std::string_view name, std::string_view before, std::string_view after);

}  // namespace lotmesh::tool
