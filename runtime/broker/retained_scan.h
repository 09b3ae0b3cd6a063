// How to walk topics in their order, byte by byte, and look at few that do not match a filter.
// Pure functions over borrowed text.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace lotmesh::broker {

// What every topic that matches begins with.
std::string_view literal_prefix(std::string_view filter);

// For a topic that does not match: no topic after it and before the result matches either. Nullopt:
// that cannot be said of any.
std::optional<std::string> skip_to(std::string_view filter, std::string_view topic);

}  // namespace lotmesh::broker
