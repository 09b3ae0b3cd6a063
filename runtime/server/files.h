// Reading of whole small files, with an end to it: no device, no pipe, nothing larger than asked
// for.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"

namespace lotmesh::server {

// The error is one line for people, with the path.
Result<std::string, std::string> read_file(const std::filesystem::path& path,
                                           std::size_t bytes_max);

// Written beside the file, 0600, then renamed over it. Not synced: for what may be missing after a
// power failure, never half there.
Result<void, std::string> replace_private_file(const std::filesystem::path& path,
                                               std::string_view text);

// "cannot read /etc/x: permission denied", from errno.
std::string os_complaint(const std::string& what, const std::filesystem::path& path);

}  // namespace lotmesh::server
