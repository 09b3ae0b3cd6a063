// Certificates made on the spot: one authority, and what it issues.
#pragma once

#include <ctime>
#include <string>
#include <vector>

#include "runtime/net/certificate_authority.h"
#include "runtime/net/tls_context.h"

namespace lotmesh::test {

inline net::Validity valid_for_days(std::int64_t days, std::int64_t since_days = 0) {
    const std::int64_t now_s = std::time(nullptr);
    constexpr std::int64_t kDay = 24 * 60 * 60;
    return {now_s - 60 + since_days * kDay, now_s + days * kDay};
}

inline net::TlsIdentity issue(const net::CertificateAuthority& authority,
                              const std::vector<std::string>& names,
                              const std::string& common_name = "somebody",
                              net::Validity validity = valid_for_days(1)) {
    auto issued =
        authority.issue({.common_name = common_name, .names = names, .validity = validity});
    return {std::move(issued.certificate), std::move(issued.private_key), {}};
}

}  // namespace lotmesh::test
