#include "runtime/server/verified_passwords.h"

#include <fmt/format.h>

#include <iterator>

#include "base/wiped_bytes.h"
#include "runtime/net/crypto.h"

namespace lotmesh::server {

bool VerifiedPasswords::knows(std::string_view user, std::string_view password,
                              const UserSecrets& secrets) const {
    const auto kept = macs_.find(user);
    return kept != macs_.end() &&
           net::equal_in_constant_time(kept->second, mac(user, password, secrets));
}

void VerifiedPasswords::remember(std::string_view user, std::string_view password,
                                 const UserSecrets& secrets) {
    macs_.insert_or_assign(std::string(user), mac(user, password, secrets));
}

void VerifiedPasswords::keep_only(const PasswordFile& users) {
    std::erase_if(macs_, [&users](const auto& kept) { return users.find(kept.first) == nullptr; });
}

// Each part behind its length: no two of them make the same text.
std::string VerifiedPasswords::mac(std::string_view user, std::string_view password,
                                   const UserSecrets& secrets) const {
    const std::string hash = secrets.hash ? secrets.hash->text : to_string(*secrets.scram);
    std::string text;
    text.reserve(user.size() + hash.size() + password.size() + 64);
    fmt::format_to(std::back_inserter(text), "{}:{}{}:{}{}:{}", user.size(), user, hash.size(),
                   hash, password.size(), password);
    std::string made = net::hmac_sha256(key_, text);
    wipe(text);
    return made;
}

}  // namespace lotmesh::server
