// Did-you-mean in diagnostics: base/near_words.h under this folder's name, and how words are
// listed.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/near_words.h"

namespace lotmesh::diag {

using lotmesh::edit_distance;
using lotmesh::is_near;
using lotmesh::lower_case;
using lotmesh::nearest;
using lotmesh::upper_case;

// "`A`, `B` or `C`"
std::string join_words(std::span<const std::string_view> words);

}  // namespace lotmesh::diag
