// What mosquitto_passwd keeps of a password: "$7$iterations$salt$hash" (PBKDF2 with HMAC-SHA-512)
// or
// "$6$salt$hash" (SHA-512 of the password and the salt). Pure; any thread; it takes as long as the
// iterations say, which are bounded.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace lotmesh::net {

inline constexpr std::uint32_t kHashIterationsMax = 10'000'000;

// Nothing: the text is of another kind, or asks for more work than that.
std::optional<bool> matches_password_hash(std::string_view password, std::string_view hash);

}  // namespace lotmesh::net
