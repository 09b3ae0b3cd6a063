// `lotmesh passwd FILE USER`: what a broker keeps of a user's password, written to a file of users.
// The password comes from standard input, a line of its own, never from the command line.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <string>

#include "base/result.h"

namespace lotmesh::tool {

struct PasswdOptions {
    std::string file;
    std::string user;
    std::uint32_t iterations = 32'768;
    bool operator==(const PasswdOptions&) const = default;
};

inline constexpr std::size_t kPasswordBytesMax = 1024;

// Replaces the user's line, or adds it; the other lines stay as they are. Afterwards the file can
// be read by its owner only. The error is one line.
Result<void, std::string> set_password(const PasswdOptions& options, std::istream& input);

// Asks at a terminal, without showing what is typed. Returns the exit code.
int run_passwd(const PasswdOptions& options);

}  // namespace lotmesh::tool
