// LOT0610: the certificates and keys that routes and listeners name.
//
// Pure: what is in a file and what a certificate says comes by way of ports.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/certificate.h"
#include "base/result.h"
#include "compiler/diag/sink.h"
#include "compiler/topology/model.h"
#include "compiler/topology/rules.h"

namespace lotmesh::topology {

// Certificates will be looked after when they have less than this left.
inline constexpr std::int64_t kExpiresSoonDays = 30;

// Who understands certificates.
class CertificatePort {
public:
    virtual ~CertificatePort() = default;
    // The error is one line, and starts with what it speaks of: "its certificate 2 ...".
    virtual Result<PemFile, std::string> read(std::string_view text,
                                              const std::string& passphrase) const = 0;
    // Whether the first certificate of the text is for that name or address.
    virtual bool covers(std::string_view text, const std::string& host) const = 0;
};

// All borrowed. Without `certificates` it is only seen whether the files are there.
struct CertificateSources {
    const FilePort& files;
    const CertificatePort* certificates = nullptr;
    std::int64_t now_s = 0;  // since 1970, UTC
    Profile profile = Profile::Check;
};

void check_certificates(const Model& model, const CertificateSources& sources, diag::Sink& sink);

}  // namespace lotmesh::topology
