// What TLS on one listener, or to one host, is made of: certificates, keys, whom to trust. Made
// whole out of texts that were read before, checked, and never changed: what comes anew (a renewed
// certificate, another CA, a revocation list) is a new TlsContext, and connections that are open
// keep the old one. TLS 1.2 with ECDHE and an AEAD cipher, and TLS 1.3; no renegotiation, no
// compression, no early data. Any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"

struct ssl_ctx_st;
struct ssl_st;

namespace lotmesh::net {

// PEM texts. The certificate has its issuers behind it.
struct TlsIdentity {
    std::string certificate = {};
    std::string private_key = {};
    std::string passphrase = {};
};

// A shared secret and who has it (RFC 4279; TLS 1.3: with SHA-256). Bounds: kPskBytesMin, Max.
struct PskKey {
    std::string identity = {};
    std::string key = {};  // bytes
    bool operator==(const PskKey&) const = default;
};
inline constexpr std::size_t kPskBytesMin = 16;
inline constexpr std::size_t kPskBytesMax = 64;

enum class ClientCertificates : std::uint8_t { Ignored, Optional, Required };
// What of a client's certificate says who it is.
enum class NameFrom : std::uint8_t { SubjectAlternativeName, CommonName };

struct TlsServerSettings {
    // The one is shown that covers the host that the client asks for (SNI), else the first.
    std::vector<TlsIdentity> identities = {};
    ClientCertificates client_certificates = ClientCertificates::Ignored;
    NameFrom name_from = NameFrom::SubjectAlternativeName;
    std::string client_ca = {};  // PEM
    std::string crl = {};        // PEM; not empty: whose issuer has no valid list here is refused
    std::vector<PskKey> psk_keys = {};
};

struct TlsClientSettings {
    std::string host = {};      // that the certificate must be for
    TlsIdentity identity = {};  // no certificate: none is shown
    std::string ca = {};        // PEM; empty: those that this system trusts
    bool allow_untrusted = false;
};

class TlsContext {
public:
    using Ref = std::shared_ptr<const TlsContext>;

    // The error is one line: what is wrong with which of the texts.
    static Result<Ref, std::string> server(const TlsServerSettings& settings);
    static Result<Ref, std::string> client(const TlsClientSettings& settings);
    ~TlsContext();
    TlsContext(const TlsContext&) = delete;
    TlsContext& operator=(const TlsContext&) = delete;

    // For TlsSession. None: out of memory.
    ssl_st* new_session() const;
    NameFrom name_from() const;
    // Empty: the handshake did not rest on a shared key.
    static std::string psk_identity(const ssl_st* session);
    // Whether what the other side of this session showed would be accepted today.
    bool would_accept(const ssl_st* session) const;

private:
    struct Impl;
    explicit TlsContext(std::unique_ptr<Impl> impl);

    std::unique_ptr<Impl> impl_;
};

}  // namespace lotmesh::net
