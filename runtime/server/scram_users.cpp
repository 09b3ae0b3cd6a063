#include "runtime/server/scram_users.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "runtime/net/crypto.h"
#include "runtime/server/files.h"

namespace lotmesh::server {

namespace {

constexpr std::size_t kSaltBytes = 16;

}  // namespace

Result<ScramUser, std::string> parse_scram_user(std::string_view line) {
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0)
        return failure(std::string("expected user:SCRAM-SHA-256$..."));
    if (colon > kUserNameBytesMax)
        return failure(fmt::format("a user name has at most {} bytes", kUserNameBytesMax));
    auto secret = parse_scram_secret(line.substr(colon + 1));
    if (!secret) return failure(secret.error());
    return ScramUser{std::string(line.substr(0, colon)), std::move(*secret)};
}

std::string to_string(const ScramUser& user) {
    return fmt::format("{}:{}", user.name, to_string(user.secret));
}

Result<ScramUsers, std::string> ScramUsers::read(const std::filesystem::path& path,
                                                 std::string decoy_key) {
    const auto text = read_file(path, kScramFileBytesMax);
    if (!text) return failure(text.error());
    ScramUsers users(std::move(decoy_key));
    std::size_t number = 0;
    for (std::size_t at = 0; at < text->size();) {
        const std::size_t end = std::min(text->find('\n', at), text->size());
        std::string_view line = std::string_view(*text).substr(at, end - at);
        at = end + 1;
        ++number;
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (line.empty() || line.starts_with('#')) continue;
        auto user = parse_scram_user(line);
        const auto added = user ? users.add(std::move(*user)) : failure(user.error());
        if (!added) return failure(fmt::format("{}:{}: {}", path.string(), number, added.error()));
    }
    return users;
}

Result<void, std::string> ScramUsers::add(ScramUser user) {
    const auto [there, is_new] = users_.try_emplace(std::move(user.name), std::move(user.secret));
    if (!is_new) return failure(fmt::format("user {} is there twice", there->first));
    return {};
}

ScramSecret ScramUsers::find(std::string_view user) const {
    if (const auto known = users_.find(user); known != users_.end()) return known->second;
    const auto made = [&](std::string_view what) {
        return net::hmac_sha256(decoy_key_, fmt::format("{}:{}", what, user));
    };
    // As many iterations as most have: those of the first.
    return {.iterations = users_.empty() ? kScramIterationsMin : users_.begin()->second.iterations,
            .salt = made("salt").substr(0, kSaltBytes),
            .stored_key = made("stored"),
            .server_key = made("server")};
}

}  // namespace lotmesh::server
