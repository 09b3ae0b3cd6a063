// The users and what is kept of their passwords: a file with lines `user:secret`, as `lotmesh
// passwd` and mosquitto_passwd write it. Empty lines and lines that begin with # say nothing.
//
// A secret is a hash (net/password_hash.h), of which a user has one, or what SCRAM keeps (scram.h),
// of which he may have one too. Both prove a password; SCRAM without sending it. One mistake
// refuses the whole file: no part of a file that is not understood lets anybody in. Values; any
// thread. Bounded by limits.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/result.h"
#include "runtime/server/scram.h"

namespace lotmesh::server {

// A name that may stand in the file: UTF-8 of at most kUserNameBytesMax bytes, not blank, without
// control characters and colons, and not like a comment.
bool is_user_name(std::string_view name);

struct PasswordHash {
    std::string text;  // see net::is_password_hash
    bool operator==(const PasswordHash&) const = default;
};

struct PasswordLine {
    std::string user;
    std::variant<PasswordHash, ScramSecret> secret;
    bool operator==(const PasswordLine&) const = default;
};

// The error is one line and shows nothing of the secret.
Result<PasswordLine, std::string> parse_password_line(std::string_view line);
std::string to_string(const PasswordLine& line);

// Of one user: at least one of them is there.
struct UserSecrets {
    std::optional<PasswordHash> hash;
    std::optional<ScramSecret> scram;
    bool operator==(const UserSecrets&) const = default;
};

class PasswordFile {
public:
    // The error is "LINE: what is wrong".
    static Result<PasswordFile, std::string> parse(std::string_view text);
    // The error is "FILE:3: ...", or why it cannot be read.
    static Result<PasswordFile, std::string> read(const std::filesystem::path& path);

    Result<void, std::string> add(PasswordLine line);

    // nullptr: no such user. Until the next add().
    const UserSecrets* find(std::string_view user) const;
    // Of which kind a stranger's password is checked too, so that it takes as long as a user's:
    // those of a user that `number` chooses. nullptr: there are no users.
    const UserSecrets* any(std::uint64_t number) const;
    std::size_t size() const { return users_.size(); }
    // That SCRAM asks a stranger for: those of the first line that has any.
    std::uint32_t usual_iterations() const { return iterations_.value_or(kScramIterationsUsual); }

private:
    std::optional<std::uint32_t> iterations_;
    std::map<std::string, UserSecrets, std::less<>> users_;
};

// Takes as long as the secrets say. The hash where there is one, else SCRAM's.
bool matches(const UserSecrets& secrets, std::string_view password);

// What SCRAM shows for a name: the user's secret, or for a stranger (or a user without one)
// something that nobody can answer to and that is the same each time. `decoy_key`: random bytes.
ScramSecret scram_secret_of(const PasswordFile& users, std::string_view user,
                            std::string_view decoy_key);

}  // namespace lotmesh::server
