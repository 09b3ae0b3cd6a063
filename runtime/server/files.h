// Reading of whole small files, with an end to it: no device, no pipe, nothing larger than asked
// for.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

#include "base/result.h"

namespace lotmesh::server {

// The error is one line for people, with the path.
Result<std::string, std::string> read_file(const std::filesystem::path& path,
                                           std::size_t bytes_max);

// "cannot read /etc/x: permission denied", from errno.
std::string os_complaint(const std::string& what, const std::filesystem::path& path);

}  // namespace lotmesh::server
