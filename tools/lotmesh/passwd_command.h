// `lotmesh passwd FILE USER`: what a broker keeps of a user's password, written to a file of users.
// The password comes from standard input, a line of its own, never from the command line.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>

#include "base/result.h"
#include "runtime/server/scram.h"

namespace lotmesh::tool {

enum class PasswdAction : std::uint8_t { Set, Delete };

struct PasswdOptions {
    std::string file = {};
    std::string user = {};
    PasswdAction action = PasswdAction::Set;
    bool scram = false;  // a line for SCRAM too; who has one keeps one
    std::uint32_t iterations = server::kScramIterationsUsual;
    bool operator==(const PasswdOptions&) const = default;
};

// Replaces the user's lines, or adds them, or takes them out; the other lines stay as they are.
// Afterwards the file can be read by its owner only. The value is one line that says what was done;
// the error is one line too.
Result<std::string, std::string> change_password(const PasswdOptions& options, std::istream& input);

// Asks at a terminal, without showing what is typed. Returns the exit code.
int run_passwd(const PasswdOptions& options);

}  // namespace lotmesh::tool
