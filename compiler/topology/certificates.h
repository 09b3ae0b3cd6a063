// LOT0610: the certificates and keys that routes and listeners name.
//
// Pure: what is in a file and what a certificate says comes by way of ports.
#pragma once

#include <cstdint>

#include "compiler/diag/sink.h"
#include "compiler/topology/crypto_port.h"
#include "compiler/topology/model.h"
#include "compiler/topology/rules.h"

namespace lotmesh::topology {

// Certificates will be looked after when they have less than this left.
inline constexpr std::int64_t kExpiresSoonDays = 30;

// All borrowed. Without `crypto` it is only seen whether the files are there.
struct CertificateSources {
    const FilePort& files;
    const CryptoPort* crypto = nullptr;
    std::int64_t now_s = 0;  // since 1970, UTC
    Profile profile = Profile::Check;
};

void check_certificates(const Model& model, const CertificateSources& sources, diag::Sink& sink);

}  // namespace lotmesh::topology
