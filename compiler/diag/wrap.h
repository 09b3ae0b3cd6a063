// Text for people in lines of so many terminal cells. Pure.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace lotmesh::diag {

// Broken at blanks, which are left out there. A word that is longer than a line stays whole, on a
// line of its own. `cells` 0: one line. At least one line; they are views into the text.
std::vector<std::string_view> wrap(std::string_view text, std::size_t cells);

}  // namespace lotmesh::diag
