// Skeletons of routes, for tools that let people fill in a form: LoT with a field
// `#NAME,type,description,validation,required#` in the place of each value. Made from the table of
// what the language knows; pure; any thread. As they are they do not compile.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace lotmesh {

// The route types that have one.
std::span<const std::string_view> template_types();

// Nothing for another type.
std::optional<std::string> route_template(std::string_view type);

}  // namespace lotmesh
