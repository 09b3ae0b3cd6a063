#include "runtime/server/password_file.h"

#include <fmt/core.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/assert.h"
#include "base/utf8.h"
#include "runtime/net/crypto.h"
#include "runtime/net/password_hash.h"
#include "runtime/server/files.h"
#include "runtime/server/limits.h"

namespace lotmesh::server {

namespace {

constexpr std::size_t kSaltBytes = 16;

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == '\x7F'; }

}  // namespace

bool is_user_name(std::string_view name) {
    return !name.empty() && name.size() <= kUserNameBytesMax && !name.starts_with('#') &&
           name.find_first_not_of(' ') != std::string_view::npos && !name.starts_with(' ') &&
           !name.ends_with(' ') && !name.contains(':') && std::ranges::none_of(name, is_control) &&
           is_mqtt_utf8(name);
}

Result<PasswordLine, std::string> parse_password_line(std::string_view line) {
    if (line.size() > kPasswordLineBytesMax)
        return failure(fmt::format("a line has at most {} bytes", kPasswordLineBytesMax));
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos)
        return failure(std::string("expected user:hash, as `lotmesh passwd` writes it"));
    const std::string_view user = line.substr(0, colon);
    const std::string_view secret = line.substr(colon + 1);
    if (!is_user_name(user))
        return failure(
            fmt::format("a user is a name of up to {} bytes before the colon, without "
                        "control characters and without blanks at its ends",
                        kUserNameBytesMax));
    if (secret.starts_with(kScramMethod)) {
        auto scram = parse_scram_secret(secret);
        if (!scram) return failure(scram.error());
        return PasswordLine{std::string(user), std::move(*scram)};
    }
    if (!net::is_password_hash(secret))
        return failure(
            std::string("what stands behind the colon is no whole $argon2id$, $7$, $6$ "
                        "or SCRAM-SHA-256$; `lotmesh passwd` writes one"));
    return PasswordLine{std::string(user), PasswordHash{std::string(secret)}};
}

std::string to_string(const PasswordLine& line) {
    if (const auto* scram = std::get_if<ScramSecret>(&line.secret))
        return fmt::format("{}:{}", line.user, to_string(*scram));
    return fmt::format("{}:{}", line.user, std::get<PasswordHash>(line.secret).text);
}

Result<PasswordFile, std::string> PasswordFile::parse(std::string_view text) {
    PasswordFile file;
    for (std::size_t number = 1; !text.empty(); ++number) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (line.empty() || line.starts_with('#')) continue;
        auto parsed = parse_password_line(line);
        const auto added = parsed ? file.add(std::move(*parsed)) : failure(parsed.error());
        if (!added) return failure(fmt::format("{}: {}", number, added.error()));
    }
    return file;
}

Result<PasswordFile, std::string> PasswordFile::read(const std::filesystem::path& path) {
    const auto text = read_file(path, kPasswordFileBytesMax);
    if (!text) return failure(text.error());
    auto file = parse(*text);
    if (!file) return failure(path.string() + ":" + file.error());
    return file;
}

Result<void, std::string> PasswordFile::add(PasswordLine line) {
    const auto there = users_.find(line.user);
    if (there == users_.end() && users_.size() == kUsersMax)
        return failure(fmt::format("there are more than {} users", kUsersMax));
    UserSecrets& user = there == users_.end() ? users_[std::move(line.user)] : there->second;
    if (auto* scram = std::get_if<ScramSecret>(&line.secret)) {
        if (user.scram) return failure(std::string("this user has a SCRAM-SHA-256 line already"));
        user.scram = std::move(*scram);
        if (!iterations_) iterations_ = user.scram->iterations;
    } else {
        if (user.hash) return failure(std::string("this user has a line already"));
        user.hash = std::move(std::get<PasswordHash>(line.secret));
    }
    return {};
}

const UserSecrets* PasswordFile::find(std::string_view user) const {
    const auto there = users_.find(user);
    return there == users_.end() ? nullptr : &there->second;
}

const UserSecrets* PasswordFile::any(std::uint64_t number) const {
    if (users_.empty()) return nullptr;
    const auto steps =
        static_cast<std::ptrdiff_t>(number % std::min(users_.size(), kDecoyUsersMax));
    return &std::next(users_.begin(), steps)->second;
}

bool matches(const UserSecrets& secrets, std::string_view password) {
    if (secrets.hash) return net::matches_password_hash(password, secrets.hash->text) == true;
    ASSERT(secrets.scram.has_value());
    const ScramSecret made =
        make_scram_secret(password, secrets.scram->salt, secrets.scram->iterations);
    return net::equal_in_constant_time(made.stored_key, secrets.scram->stored_key);
}

ScramSecret scram_secret_of(const PasswordFile& users, std::string_view user,
                            std::string_view decoy_key) {
    if (const UserSecrets* known = users.find(user); known != nullptr && known->scram)
        return *known->scram;
    const auto made = [&](std::string_view what) {
        return net::hmac_sha256(decoy_key, fmt::format("{}:{}", what, user));
    };
    return {.iterations = users.usual_iterations(),
            .salt = made("salt").substr(0, kSaltBytes),
            .stored_key = made("stored"),
            .server_key = made("server")};
}

}  // namespace lotmesh::server
