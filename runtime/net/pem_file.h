// Reads PEM files of certificates and private keys with OpenSSL. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

#include "base/certificate.h"
#include "base/result.h"

namespace lotmesh::net {

// Objects of one file; one more is an error.
inline constexpr std::size_t kPemObjectsMax = 1000;

// `passphrase` is for an encrypted private key. No text of a key is kept or shown. The error is one
// line: what in the text is not PEM, a certificate that cannot be read, a key that the passphrase
// does not open. A text with neither certificate nor key is one of them.
Result<PemFile, std::string> read_pem(std::string_view text, const std::string& passphrase);

// Whether the first certificate of the text is for that host: a name, or an IPv4 or IPv6 address
// (RFC 6125, without the old way of the common name).
bool certificate_covers(std::string_view text, const std::string& host);

}  // namespace lotmesh::net
