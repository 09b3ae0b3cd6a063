// What protocols and authentication need of OpenSSL, as functions of bytes. Pure but for
// random_bytes; any thread. A failure inside OpenSSL (no memory) ends the process: nobody may go on
// without.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace lotmesh::net {

// Strings of bytes, not of text.
std::string sha1(std::string_view bytes);  // for WebSocket, where nothing relies on its strength
std::string sha256(std::string_view bytes);
std::string sha512(std::string_view bytes);
std::string hmac_sha256(std::string_view key, std::string_view bytes);
std::string pbkdf2_sha256(std::string_view password, std::string_view salt,
                          std::uint32_t iterations);
std::string pbkdf2_sha512(std::string_view password, std::string_view salt,
                          std::uint32_t iterations);

std::string base64(std::string_view bytes);
// Padded, without blanks or line ends; nullopt for anything else.
std::optional<std::string> from_base64(std::string_view text);

// The alphabet for addresses (RFC 4648, section 5), without padding.
std::string base64url(std::string_view bytes);
// nullopt for anything else, also for another spelling of the same bytes.
std::optional<std::string> from_base64url(std::string_view text);

// Takes as long whatever the bytes are. Different lengths are told at once.
bool equal_in_constant_time(std::string_view left, std::string_view right);

// From the system's source for secrets.
std::string random_bytes(std::size_t size);

}  // namespace lotmesh::net
