// What the rules about a cluster ask of cryptography: whoever links OpenSSL answers.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/certificate.h"
#include "base/result.h"

namespace lotmesh::topology {

class CryptoPort {
public:
    virtual ~CryptoPort() = default;
    // A file of certificates and keys. The error is one line, and starts with what it speaks of:
    // "its certificate 2 ...".
    virtual Result<PemFile, std::string> read(std::string_view text,
                                              const std::string& passphrase) const = 0;
    // Whether the first certificate of the text is for that name or address.
    virtual bool covers(std::string_view text, const std::string& host) const = 0;
    // Whether the hash, as mosquitto_passwd writes it, is of that password. Nothing: it is of
    // another kind.
    virtual std::optional<bool> is_password(std::string_view password,
                                            std::string_view hash) const = 0;
};

}  // namespace lotmesh::topology
