// How clients of this node may prove who they are, and what they may do, as its files say: read as
// a whole, or not at all.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "runtime/access/rule_book.h"
#include "runtime/server/jwt.h"
#include "runtime/server/password_file.h"

namespace lotmesh::server {

// What the command line names. The audience and the issuer are of tokens.
struct AuthSources {
    std::optional<std::filesystem::path> password_file = {};
    std::optional<std::filesystem::path> acl_file = {};
    std::vector<std::filesystem::path> jwt_keys = {};
    std::string jwt_audience = {};
    std::string jwt_issuer = {};

    bool any() const { return proves() || acl_file; }
    // Something to prove oneself by.
    bool proves() const { return password_file || !jwt_keys.empty(); }
};

// Values; any thread.
struct AuthRules {
    std::optional<PasswordFile> users = {};
    std::optional<JwtRules> tokens = {};
    std::shared_ptr<const access::RuleBook> acl = {};  // none: there are no rules
    std::vector<std::string> warnings = {};            // what is not safe, a line each
};

// Takes as long as the files are. The error is one line and shows no secret and no name.
Result<AuthRules, std::string> read_auth_rules(const AuthSources& sources);

}  // namespace lotmesh::server
