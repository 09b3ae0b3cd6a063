#include "runtime/server/auth_rules.h"

#include <sys/stat.h>

#include <utility>

#include "runtime/server/acl_authority.h"
#include "runtime/server/limits.h"

namespace lotmesh::server {

namespace {

void warn_if_open(const std::filesystem::path& path, std::vector<std::string>& warnings) {
    struct stat status{};
    if (::stat(path.c_str(), &status) == 0 && (status.st_mode & S_IROTH) != 0)
        warnings.push_back(path.string() + " can be read by everybody: chmod 600");
}

Result<JwtRules, std::string> read_tokens(const AuthSources& sources,
                                          std::vector<std::string>& warnings) {
    if (sources.jwt_keys.size() > kJwtKeysMax)
        return failure("more than " + std::to_string(kJwtKeysMax) + " keys of tokens");
    JwtRules rules{{}, sources.jwt_audience, sources.jwt_issuer};
    rules.keys.reserve(sources.jwt_keys.size());
    for (const std::filesystem::path& path : sources.jwt_keys) {
        auto key = read_jwt_key(path);
        if (!key) return failure(key.error());
        if (std::holds_alternative<JwtSecret>(*key)) warn_if_open(path, warnings);
        rules.keys.push_back(std::move(*key));
    }
    return rules;
}

}  // namespace

Result<AuthRules, std::string> read_auth_rules(const AuthSources& sources) {
    AuthRules rules;
    if (sources.password_file) {
        auto users = PasswordFile::read(*sources.password_file);
        if (!users) return failure(users.error());
        rules.users = std::move(*users);
        warn_if_open(*sources.password_file, rules.warnings);
    }
    if (!sources.jwt_keys.empty()) {
        auto tokens = read_tokens(sources, rules.warnings);
        if (!tokens) return failure(tokens.error());
        rules.tokens = std::move(*tokens);
    }
    if (sources.acl_file) {
        auto acl = read_acl_file(*sources.acl_file);
        if (!acl) return failure(acl.error());
        rules.acl = std::move(*acl);
    }
    return rules;
}

}  // namespace lotmesh::server
