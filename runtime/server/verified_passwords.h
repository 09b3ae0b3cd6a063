// Passwords that have been found right, so that a thousand clients that come back at once cost no
// hash each: of each user the last one, as a keyed hash that is of no use without this process. Not
// more entries than there are users. Core thread.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "runtime/server/password_file.h"

namespace lotmesh::server {

class VerifiedPasswords {
public:
    // `key`: random bytes.
    explicit VerifiedPasswords(std::string key) : key_(std::move(key)) {}

    // Only as long as the user's secrets are those that it was checked with.
    bool knows(std::string_view user, std::string_view password, const UserSecrets& secrets) const;
    void remember(std::string_view user, std::string_view password, const UserSecrets& secrets);
    // Forgets who is not among them any more.
    void keep_only(const PasswordFile& users);
    std::size_t size() const { return macs_.size(); }

private:
    std::string mac(std::string_view user, std::string_view password,
                    const UserSecrets& secrets) const;

    std::string key_;
    std::map<std::string, std::string, std::less<>> macs_;
};

}  // namespace lotmesh::server
