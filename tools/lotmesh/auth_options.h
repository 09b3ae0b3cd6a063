// How clients of a broker prove who they are, and what guards it besides, as words of the command
// line.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "runtime/server/config.h"

namespace CLI {  // NOLINT(readability-identifier-naming): the library's name
class App;
}

namespace lotmesh::tool {

// As given; empty means not given.
struct AuthOptions {
    std::string password_file;
    std::string acl_file;
    std::vector<std::string> jwt_keys;
    std::string jwt_audience;
    std::string jwt_issuer;
    std::string audit_log;
    bool allow_anonymous = false;
    bool core_dumps = false;
    bool operator==(const AuthOptions&) const = default;
};

// `options` lives as long as the App.
void add_auth_options(CLI::App& app, AuthOptions& options);

// The error is one line.
Result<void, std::string> read_auth_options(const AuthOptions& options,
                                            server::ServerConfig& config);

}  // namespace lotmesh::tool
