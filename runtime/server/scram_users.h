// The users of SCRAM: a file with a line `user:SCRAM-SHA-256$...` for each, as `lotmesh passwd`
// writes it. Empty lines and lines that begin with # say nothing.
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "base/result.h"
#include "runtime/server/scram.h"

namespace lotmesh::server {

inline constexpr std::size_t kScramFileBytesMax = std::size_t{16} << 20;
inline constexpr std::size_t kUserNameBytesMax = 256;

// "user:secret"; the user is neither empty nor has it a colon. The error is one line.
struct ScramUser {
    std::string name;
    ScramSecret secret;
    bool operator==(const ScramUser&) const = default;
};
Result<ScramUser, std::string> parse_scram_user(std::string_view line);
std::string to_string(const ScramUser& user);

class ScramUsers {
public:
    // `decoy_key`: random bytes, which make what unknown users are shown.
    explicit ScramUsers(std::string decoy_key) : decoy_key_(std::move(decoy_key)) {}

    // One mistake refuses the whole file: "FILE:3: ...".
    static Result<ScramUsers, std::string> read(const std::filesystem::path& path,
                                                std::string decoy_key);
    Result<void, std::string> add(ScramUser user);

    // See ScramLookup.
    ScramSecret find(std::string_view user) const;
    std::size_t size() const { return users_.size(); }

private:
    std::string decoy_key_;
    std::map<std::string, ScramSecret, std::less<>> users_;
};

}  // namespace lotmesh::server
