// SCRAM-SHA-256 (RFC 5802, RFC 7677) at the server's end, as a method of enhanced authentication:
// the password is never sent, what is stored of it does not let anybody in, and the client learns
// that the server knows it too. Without channel binding.
//
// Names and passwords are compared byte by byte; they are not prepared (SASLprep), which changes
// nothing for ASCII. Core thread. A message is bounded by kScramMessageBytesMax.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "runtime/broker/policy.h"

namespace lotmesh::server {

inline constexpr std::string_view kScramMethod = "SCRAM-SHA-256";
inline constexpr std::size_t kScramMessageBytesMax = 4096;
// Fewer are not worth it (RFC 7677), more would keep a client busy for seconds.
inline constexpr std::uint32_t kScramIterationsMin = 4096;
inline constexpr std::uint32_t kScramIterationsMax = 10'000'000;
inline constexpr std::uint32_t kScramIterationsUsual = 32'768;

// What is kept of a password.
struct ScramSecret {
    std::uint32_t iterations = 0;
    std::string salt;        // bytes, as are the keys
    std::string stored_key;  // tells whether a client knows the password
    std::string server_key;  // shows the client that we do
    bool operator==(const ScramSecret&) const = default;
};

ScramSecret make_scram_secret(std::string_view password, std::string_view salt,
                              std::uint32_t iterations);

// "SCRAM-SHA-256$iterations:salt$stored key:server key", the last three in Base64.
std::string to_string(const ScramSecret& secret);
// The error is one line and shows nothing of the text.
Result<ScramSecret, std::string> parse_scram_secret(std::string_view text);

// The secret of a user. For one that is not known it gives something that nobody can answer to, and
// that is the same each time: an attempt does not tell who is known.
using ScramLookup = std::function<ScramSecret(std::string_view user)>;

// `nonce`: printable ASCII without a comma, never used before.
std::unique_ptr<broker::AuthExchange> begin_scram(ScramLookup lookup, std::string nonce);

}  // namespace lotmesh::server
