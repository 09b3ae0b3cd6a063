// What a PEM file holds, as values: what can be said about certificates without OpenSSL.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace lotmesh {

struct Certificate {
    std::int64_t not_before_s = 0;   // since 1970, UTC
    std::int64_t not_after_s = 0;    // its last second
    std::vector<std::string> names;  // subject alternative names: hosts and addresses
    std::string public_key;          // a fingerprint: equal exactly where the keys are
    bool operator==(const Certificate&) const = default;
};

// A file may have both, certificates with their issuers behind them.
struct PemFile {
    std::vector<Certificate> certificates;   // the first is the one that its owner shows
    std::optional<std::string> private_key;  // the fingerprint of its public half
    bool operator==(const PemFile&) const = default;
};

}  // namespace lotmesh
