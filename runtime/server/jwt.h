// JSON Web Tokens (RFC 7519, 7515) as proof of who somebody is: signed with HS256, RS256 or ES256,
// checked with the keys that the node was given, and read strictly.
//
// What a token says of itself chooses nothing: its "alg" must be the one that a key is for (so a
// public key is never taken for a secret, and "none" is no algorithm), and "kid", "jwk", "jku" are
// not looked at; each key of the algorithm is tried. A header with "crit" is refused. It must have
// "sub" and "exp". Values; any thread. Bounded by limits.h.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "runtime/net/public_key.h"
#include "runtime/net/secret_text.h"

namespace lotmesh::server {

// Clocks differ: so long a token is taken after its end and before its beginning.
inline constexpr Duration kJwtClockSkew = Duration::seconds(30);
// Less is guessed (RFC 7518, section 3.2).
inline constexpr std::size_t kJwtSecretBytesMin = 32;

// The secret of HS256, or a public key.
struct JwtSecret {
    net::SecretText bytes;
};
using JwtKey = std::variant<JwtSecret, net::PublicKey>;

// A file with a public key in PEM, or else with a secret, of which a line end behind it is no part.
// The error is one line with the path.
Result<JwtKey, std::string> read_jwt_key(const std::filesystem::path& path);

struct JwtRules {
    std::vector<JwtKey> keys;
    std::string audience;  // empty: only tokens that are for nobody in particular
    std::string issuer;    // empty: anybody who has a key
};

struct JwtIdentity {
    std::string user_name;            // "sub"
    std::vector<std::string> groups;  // "groups"
    WallTime ends_at;                 // "exp", and the skew
    bool operator==(const JwtIdentity&) const = default;
};

// Whether a password is meant as one, so that it is not taken for a password.
bool looks_like_jwt(std::string_view text);

// The error says why, for people here.
Result<JwtIdentity, std::string> verify_jwt(std::string_view token, const JwtRules& rules,
                                            WallTime now);

}  // namespace lotmesh::server
