// A small certificate authority, for clusters that have no other, and for tests: it makes keys
// (P-256), certificates and revocation lists, as PEM texts. Any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace lotmesh::net {

struct Validity {
    std::int64_t not_before_s = 0;  // since 1970, UTC
    std::int64_t not_after_s = 0;
};

struct CertificateRequest {
    std::string common_name = {};
    std::vector<std::string> names = {};  // hosts, IPv4 and IPv6 addresses, URIs ("lotmesh://a")
    Validity validity = {};
};

struct IssuedCertificate {
    std::string certificate;
    std::string private_key;
};

class CertificateAuthority {
public:
    // With a key that nobody had before.
    CertificateAuthority(const std::string& common_name, Validity validity);
    // One that was made before. The error is one line.
    static Result<CertificateAuthority, std::string> read(std::string_view certificate,
                                                          std::string_view private_key);
    ~CertificateAuthority();
    CertificateAuthority(CertificateAuthority&&) noexcept;
    CertificateAuthority& operator=(CertificateAuthority&&) noexcept;

    std::string certificate() const;
    std::string private_key() const;

    // For a server and for a client.
    IssuedCertificate issue(const CertificateRequest& request) const;

    // Of certificates (PEM) that it has issued.
    std::string revocation_list(std::span<const std::string> revoked, Validity validity) const;

private:
    struct Impl;
    explicit CertificateAuthority(std::unique_ptr<Impl> impl);

    std::unique_ptr<Impl> impl_;
};

}  // namespace lotmesh::net
