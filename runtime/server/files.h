// Reading of whole small files, with an end to it: no device, no pipe, nothing larger than asked
// for; and writing them so that they are there or are not.
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

// The file has this text, or what it had, whenever the power goes; nobody reads half of it. 0600.
// The folder is there. The error is one line with the path.
Result<void, std::string> write_durably(
    const std::filesystem::path& path,
    std::string_view text);  // The same without waiting for the disk: for what may be missing after
                             // a power failure.
Result<void, std::string> replace_private_file(const std::filesystem::path& path,
                                               std::string_view text);

// "cannot read /etc/x: permission denied", from errno.
std::string os_complaint(const std::string& what, const std::filesystem::path& path);

}  // namespace lotmesh::server
