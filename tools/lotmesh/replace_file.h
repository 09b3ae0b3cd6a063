// A file gets another text in one step, or stays as it is.
#pragma once

#include <filesystem>
#include <string>

#include "base/result.h"

namespace lotmesh::tool {

// Written beside the file, then renamed over it, with its permissions: nobody ever reads half of
// it. A link stays a link. The error is one line.
Result<void, std::string> replace_file(const std::filesystem::path& path, const std::string& text);

}  // namespace lotmesh::tool
