// What is kept of a password, in one of three forms: "$argon2id$..." (argon2.h), which `lotmesh
// passwd` writes, and those of mosquitto_passwd: "$7$iterations$salt$hash" (PBKDF2 with
// HMAC-SHA-512) and "$6$salt$hash" (SHA-512 of the password and the salt). Pure; any thread; it
// takes as long as the text says, which is bounded.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace lotmesh::net {

inline constexpr std::uint32_t kHashIterationsMax = 10'000'000;

// Whether it is one of them, whole and within the bounds. Costs nothing.
bool is_password_hash(std::string_view hash);

// Nothing: the text is of another kind, or asks for more work than that.
std::optional<bool> matches_password_hash(std::string_view password, std::string_view hash);

}  // namespace lotmesh::net
