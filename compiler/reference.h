// The reference of the language, made from the table of what it knows: tables of keys for
// docs/lot-language.md. Pure; any thread; bounded by the table.
#pragma once

#include <string>
#include <string_view>

namespace lotmesh {

// One heading and one table for each block of a route type that this broker understands, in
// Markdown.
std::string render_reference(std::string_view type);

}  // namespace lotmesh
