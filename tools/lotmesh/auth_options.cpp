#include "tools/lotmesh/auth_options.h"

#include <CLI/CLI.hpp>

namespace lotmesh::tool {

void add_auth_options(CLI::App& app, AuthOptions& options) {
    app.add_option(
           "--password-file", options.password_file,
           "file of users and what is kept of their passwords, as lotmesh passwd writes it; "
           "watched")
        ->type_name("FILE");
    app.add_option("--acl-file", options.acl_file,
                   "what clients may do, and which nodes may be peers; watched (default: all)")
        ->type_name("FILE");
    app.add_option("--jwt-key", options.jwt_keys,
                   "key of JSON Web Tokens: a public key in PEM, or a secret; watched; may be "
                   "repeated")
        ->type_name("FILE")
        ->take_all()
        ->allow_extra_args(false);
    app.add_option("--jwt-audience", options.jwt_audience, "whom tokens must be for")
        ->type_name("NAME");
    app.add_option("--jwt-issuer", options.jwt_issuer, "whom tokens must be from")
        ->type_name("NAME");
    app.add_flag("--allow-anonymous", options.allow_anonymous,
                 "clients that prove nothing may connect, from everywhere");
    app.add_option(
           "--audit-log", options.audit_log,
           "append who came, was refused or tried what is not allowed, a JSON object a line")
        ->type_name("FILE");
    app.add_flag("--core-dumps", options.core_dumps,
                 "let the memory, with secrets in it, be written to disk and looked at");
}

Result<void, std::string> read_auth_options(const AuthOptions& options,
                                            server::ServerConfig& config) {
    if (options.jwt_keys.empty() && !options.jwt_audience.empty())
        return failure(std::string("--jwt-audience: there are no tokens without --jwt-key"));
    if (options.jwt_keys.empty() && !options.jwt_issuer.empty())
        return failure(std::string("--jwt-issuer: there are no tokens without --jwt-key"));
    if (!options.password_file.empty()) config.auth.password_file = options.password_file;
    if (!options.acl_file.empty()) config.auth.acl_file = options.acl_file;
    config.auth.jwt_keys.assign(options.jwt_keys.begin(), options.jwt_keys.end());
    config.auth.jwt_audience = options.jwt_audience;
    config.auth.jwt_issuer = options.jwt_issuer;
    if (!options.audit_log.empty()) config.audit_log = options.audit_log;
    config.allow_anonymous = options.allow_anonymous;
    config.core_dumps = options.core_dumps;
    return {};
}

}  // namespace lotmesh::tool
