// A public key that says who signed: RSA (with SHA-256, PKCS#1 v1.5) or the curve P-256 (ECDSA with
// SHA-256), which are RS256 and ES256 of RFC 7518. Immutable; any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

struct evp_pkey_st;

namespace lotmesh::net {

// Shorter ones are not safe any more (RFC 7518, section 3.3).
inline constexpr int kRsaBitsMin = 2048;
inline constexpr int kRsaBitsMax = 16'384;

class PublicKey {
public:
    enum class Kind : std::uint8_t { Rsa, EcP256 };

    // A PEM text of one public key. The error is one line and shows nothing of the text.
    static Result<PublicKey, std::string> from_pem(std::string_view text);

    Kind kind() const { return kind_; }
    // Of P-256 the signature is the two numbers of 32 bytes each (RFC 7518, section 3.4).
    bool has_signed(std::string_view text, std::string_view signature) const;

private:
    PublicKey(Kind kind, std::shared_ptr<evp_pkey_st> key) : kind_(kind), key_(std::move(key)) {}

    Kind kind_;
    std::shared_ptr<evp_pkey_st> key_;
};

}  // namespace lotmesh::net
