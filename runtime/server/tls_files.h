// From the paths of certificates, keys and lists to TlsContexts. Reads files; loop thread.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "runtime/broker/effect.h"
#include "runtime/net/tls_context.h"

namespace lotmesh::server {

// Of all listeners with TLS of a node.
struct TlsFiles {
    struct Identity {
        std::filesystem::path certificate;
        std::filesystem::path key;  // the same as the certificate's where it is in there, too
        bool operator==(const Identity&) const = default;
    };
    std::vector<Identity> identities = {};
    net::ClientCertificates client_certificates = net::ClientCertificates::Ignored;
    net::NameFrom name_from = net::NameFrom::SubjectAlternativeName;
    std::optional<std::filesystem::path> client_ca = {};
    std::optional<std::filesystem::path> crl = {};
    std::optional<std::filesystem::path> psk = {};  // lines "IDENTITY:KEY", the key in hexadecimal

    std::vector<std::filesystem::path> all() const;
    bool operator==(const TlsFiles&) const = default;
};

// The error is one line with the path.
Result<net::TlsContext::Ref, std::string> server_context(const TlsFiles& files);
Result<net::TlsContext::Ref, std::string> client_context(const broker::DialTls& tls,
                                                         const std::string& host);

// Lines "IDENTITY:KEY"; empty lines and those that begin with `#` say nothing. The error is
// "LINE: what is wrong", and never shows a key.
Result<std::vector<net::PskKey>, std::string> parse_psk_keys(std::string_view text);

// The day on which the first certificate that the files name runs out, in seconds since 1970, and
// its path. None: none of them can be read.
struct Expiry {
    std::int64_t at_s = 0;
    std::filesystem::path path;
};
std::optional<Expiry> first_expiry(const TlsFiles& files);

}  // namespace lotmesh::server
