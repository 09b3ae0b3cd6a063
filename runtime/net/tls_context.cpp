#include "runtime/net/tls_context.h"

#include <array>

#include <fmt/core.h>

#include "runtime/net/openssl.h"
#include "runtime/net/pem_file.h"

namespace lotmesh::net {

namespace {

using Checked = Result<void, std::string>;

// TLS 1.2; those of 1.3 are good as they are.
constexpr const char* kCiphers = "ECDHE+AESGCM:ECDHE+CHACHA20";
constexpr const char* kPskCipher = "ECDHE-PSK-CHACHA20-POLY1305";
constexpr std::array<unsigned char, 2> kPskCipherOf13 = {0x13, 0x01};  // TLS_AES_128_GCM_SHA256
constexpr std::string_view kSessionContext = "lotmesh";

std::string error_text() {
    const char* const text = ERR_reason_error_string(ERR_peek_last_error());
    ERR_clear_error();
    return text == nullptr ? "unknown error" : text;
}

// All certificates of a PEM text, each handed to take().
template <typename Take>
std::size_t for_each_certificate(std::string_view text, Take&& take) {
    const BioPointer source = open_text(text);
    std::size_t count = 0;
    while (X509Pointer certificate{PEM_read_bio_X509(source.get(), nullptr, nullptr, nullptr)}) {
        take(std::move(certificate));
        ++count;
    }
    ERR_clear_error();
    return count;
}

ContextPointer new_context(const SSL_METHOD* method) {
    ContextPointer context(SSL_CTX_new(method));
    SSL_CTX* const raw = context.get();
    SSL_CTX_set_min_proto_version(raw, TLS1_2_VERSION);
    SSL_CTX_set_options(raw, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                 SSL_OP_CLEANSE_PLAINTEXT | SSL_OP_CIPHER_SERVER_PREFERENCE |
                                 SSL_OP_PRIORITIZE_CHACHA);
    SSL_CTX_set_mode(raw, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_session_cache_mode(raw, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_session_id_context(raw,
                                   reinterpret_cast<const unsigned char*>(kSessionContext.data()),
                                   static_cast<unsigned>(kSessionContext.size()));
    SSL_CTX_set_max_early_data(raw, 0);
    SSL_CTX_set_cipher_list(raw, kCiphers);
    return context;
}

Checked use_certificate(SSL_CTX* context, const std::string& text) {
    bool first = true;
    bool good = true;
    for_each_certificate(text, [&](X509Pointer certificate) {
        if (first)
            good = SSL_CTX_use_certificate(context, certificate.get()) == 1;
        else
            good = good && SSL_CTX_add1_chain_cert(context, certificate.get()) == 1;
        first = false;
    });
    if (first) return failure(std::string("the certificate is no PEM file with a certificate"));
    if (!good) return failure("the certificate cannot be used: " + error_text());
    return {};
}

Checked use_key(SSL_CTX* context, const TlsIdentity& identity) {
    const BioPointer source = open_text(identity.private_key);
    std::string passphrase = identity.passphrase;
    const KeyPointer key(
        PEM_read_bio_PrivateKey(source.get(), nullptr, give_passphrase, &passphrase));
    OPENSSL_cleanse(passphrase.data(), passphrase.size());
    ERR_clear_error();
    if (!key)
        return failure(std::string(identity.passphrase.empty()
                                       ? "the private key cannot be read without a passphrase"
                                       : "the private key does not open with this passphrase"));
    if (SSL_CTX_use_PrivateKey(context, key.get()) == 1 && SSL_CTX_check_private_key(context) == 1)
        return {};
    ERR_clear_error();
    return failure(std::string("the private key is not that of the certificate"));
}

// What has run out is refused here already, and not only by each client in turn.
Checked check_dates(SSL_CTX* context) {
    const X509* const certificate = SSL_CTX_get0_certificate(context);
    if (X509_cmp_current_time(X509_get0_notAfter(certificate)) < 0)
        return failure(std::string("the certificate has expired"));
    if (X509_cmp_current_time(X509_get0_notBefore(certificate)) > 0)
        return failure(std::string("the certificate is not valid yet"));
    return {};
}

Checked use_identity(SSL_CTX* context, const TlsIdentity& identity) {
    if (auto used = use_certificate(context, identity.certificate); !used) return used;
    if (auto used = use_key(context, identity); !used) return used;
    return check_dates(context);
}

Checked add_crls(X509_STORE* store, std::string_view text) {
    const BioPointer source = open_text(text);
    std::size_t count = 0;
    while (const CrlPointer crl{PEM_read_bio_X509_CRL(source.get(), nullptr, nullptr, nullptr)}) {
        X509_STORE_add_crl(store, crl.get());
        ++count;
    }
    ERR_clear_error();
    if (count == 0) return failure(std::string("the revocation list is no PEM file with one"));
    X509_STORE_set_flags(store, X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL);
    return {};
}

Checked trust(SSL_CTX* context, const std::string& ca) {
    X509_STORE* const store = SSL_CTX_get_cert_store(context);
    const std::size_t count = for_each_certificate(ca, [&](const X509Pointer& certificate) {
        X509_STORE_add_cert(store, certificate.get());
        SSL_CTX_add_client_CA(context, certificate.get());
    });
    if (count == 0) return failure(std::string("the CA is no PEM file with a certificate"));
    return {};
}

int verify_mode(ClientCertificates wanted) {
    switch (wanted) {
        case ClientCertificates::Ignored: return SSL_VERIFY_NONE;
        case ClientCertificates::Optional: return SSL_VERIFY_PEER;
        case ClientCertificates::Required: return SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT;
    }
    return SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT;
}

// The shared key that a session's client named; owned by the session.
int psk_index() {
    static const int index = SSL_get_ex_new_index(
        0, nullptr, nullptr, nullptr, [](void*, void* key, CRYPTO_EX_DATA*, int, long, void*) {
            delete static_cast<PskKey*>(key);
        });
    return index;
}

void remember_psk(SSL* ssl, const PskKey& key) {
    delete static_cast<PskKey*>(SSL_get_ex_data(ssl, psk_index()));
    SSL_set_ex_data(ssl, psk_index(), new PskKey(key));
}

// None: the handshake did not rest on one, though the client may have named it.
const PskKey* psk_of(const SSL* ssl) {
    const bool used = SSL_get_psk_identity(ssl) != nullptr || SSL_session_reused(ssl) == 1;
    return used ? static_cast<const PskKey*>(SSL_get_ex_data(ssl, psk_index())) : nullptr;
}

}  // namespace

struct TlsContext::Impl {
    std::vector<ContextPointer> contexts;   // one for each identity, at least one
    std::vector<std::string> certificates;  // their texts, for SNI
    std::vector<PskKey> psk_keys;
    NameFrom name_from = NameFrom::SubjectAlternativeName;
    int verify = SSL_VERIFY_NONE;
    bool is_client = false;
    std::string host;

    SSL_CTX* first() const { return contexts.front().get(); }
    static const Impl& of(const SSL* ssl) {
        return *static_cast<const Impl*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl)));
    }

    Checked add_identity(const TlsIdentity& identity);
    Checked trust_clients(const TlsServerSettings& settings);
    Checked take_psk_keys(const std::vector<PskKey>& keys);
    const PskKey* find(std::string_view identity) const;
    SSL_CTX* for_host(const char* asked) const;
    bool verifies(X509* certificate, STACK_OF(X509) * chain) const;
    void set_host(X509_VERIFY_PARAM* parameters) const;

    static int on_server_name(SSL* ssl, int*, void*);
    static unsigned on_psk(SSL* ssl, const char* identity, unsigned char* key, unsigned size_max);
    static int on_psk_session(SSL* ssl, const unsigned char* identity, std::size_t size,
                              SSL_SESSION** session);
};

Checked TlsContext::Impl::add_identity(const TlsIdentity& identity) {
    ContextPointer context = new_context(TLS_server_method());
    if (auto used = use_identity(context.get(), identity); !used) return used;
    contexts.push_back(std::move(context));
    certificates.push_back(identity.certificate);
    return {};
}

Checked TlsContext::Impl::trust_clients(const TlsServerSettings& settings) {
    verify = verify_mode(settings.client_certificates);
    if (verify == SSL_VERIFY_NONE) return {};
    for (const ContextPointer& context : contexts) {
        if (auto trusted = trust(context.get(), settings.client_ca); !trusted) return trusted;
        SSL_CTX_set_verify(context.get(), verify, nullptr);
        // A ticket would let in again whose certificate has been revoked meanwhile.
        SSL_CTX_set_num_tickets(context.get(), 0);
        SSL_CTX_set_options(context.get(), SSL_OP_NO_TICKET);
        if (settings.crl.empty()) continue;
        X509_STORE* const store = SSL_CTX_get_cert_store(context.get());
        if (auto added = add_crls(store, settings.crl); !added) return added;
    }
    return {};
}

Checked TlsContext::Impl::take_psk_keys(const std::vector<PskKey>& keys) {
    psk_keys = keys;
    if (keys.empty()) return {};
    for (const PskKey& key : keys)
        if (key.key.size() < kPskBytesMin || key.key.size() > kPskBytesMax)
            return failure(fmt::format("the key of {} has {} bytes: between {} and {} are allowed",
                                       key.identity, key.key.size(), kPskBytesMin, kPskBytesMax));
    for (const ContextPointer& context : contexts) {
        SSL_CTX_set_cipher_list(context.get(), (std::string(kCiphers) + ":" + kPskCipher).c_str());
        SSL_CTX_set_psk_server_callback(context.get(), on_psk);
        SSL_CTX_set_psk_find_session_callback(context.get(), on_psk_session);
        SSL_CTX_set_num_tickets(context.get(), 0);
        SSL_CTX_set_options(context.get(), SSL_OP_NO_TICKET);
    }
    return {};
}

const PskKey* TlsContext::Impl::find(std::string_view identity) const {
    const auto known = std::ranges::find(psk_keys, identity, &PskKey::identity);
    return known == psk_keys.end() ? nullptr : &*known;
}

SSL_CTX* TlsContext::Impl::for_host(const char* asked) const {
    for (std::size_t i = 0; asked != nullptr && i < certificates.size(); ++i)
        if (certificate_covers(certificates[i], asked)) return contexts[i].get();
    return first();
}

int TlsContext::Impl::on_server_name(SSL* ssl, int*, void*) {
    SSL_set_SSL_CTX(ssl, of(ssl).for_host(SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name)));
    return SSL_TLSEXT_ERR_OK;
}

unsigned TlsContext::Impl::on_psk(SSL* ssl, const char* identity, unsigned char* key,
                                  unsigned size_max) {
    const PskKey* const known = identity == nullptr ? nullptr : of(ssl).find(identity);
    if (known == nullptr || known->key.size() > size_max) return 0;
    std::ranges::copy(known->key, key);
    remember_psk(ssl, *known);
    return static_cast<unsigned>(known->key.size());
}

int TlsContext::Impl::on_psk_session(SSL* ssl, const unsigned char* identity, std::size_t size,
                                     SSL_SESSION** session) {
    *session = nullptr;
    const PskKey* const known =
        of(ssl).find(std::string_view(reinterpret_cast<const char*>(identity), size));
    if (known == nullptr) return 1;  // the handshake goes on, with certificates
    SslSessionPointer made(SSL_SESSION_new());
    const SSL_CIPHER* const cipher = SSL_CIPHER_find(ssl, kPskCipherOf13.data());
    const auto* const key = reinterpret_cast<const unsigned char*>(known->key.data());
    if (!made || cipher == nullptr ||
        SSL_SESSION_set1_master_key(made.get(), key, known->key.size()) != 1 ||
        SSL_SESSION_set_cipher(made.get(), cipher) != 1 ||
        SSL_SESSION_set_protocol_version(made.get(), TLS1_3_VERSION) != 1)
        return 0;
    remember_psk(ssl, *known);
    *session = made.release();
    return 1;
}

void TlsContext::Impl::set_host(X509_VERIFY_PARAM* parameters) const {
    if (X509_VERIFY_PARAM_set1_ip_asc(parameters, host.c_str()) == 1) return;
    ERR_clear_error();
    X509_VERIFY_PARAM_set_hostflags(parameters, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
    X509_VERIFY_PARAM_set1_host(parameters, host.data(), host.size());
}

bool TlsContext::Impl::verifies(X509* certificate, STACK_OF(X509) * chain) const {
    const StoreContextPointer context(X509_STORE_CTX_new());
    X509_STORE* const store = SSL_CTX_get_cert_store(first());
    if (!context || X509_STORE_CTX_init(context.get(), store, certificate, chain) != 1)
        return false;
    X509_STORE_CTX_set_default(context.get(), is_client ? "ssl_server" : "ssl_client");
    if (is_client) set_host(X509_STORE_CTX_get0_param(context.get()));
    const bool good = X509_verify_cert(context.get()) == 1;
    ERR_clear_error();
    return good;
}

TlsContext::TlsContext(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {
    for (const ContextPointer& context : impl_->contexts)
        SSL_CTX_set_app_data(context.get(), impl_.get());
}
TlsContext::~TlsContext() = default;

Result<TlsContext::Ref, std::string> TlsContext::server(const TlsServerSettings& settings) {
    auto impl = std::make_unique<Impl>();
    impl->name_from = settings.name_from;
    for (const TlsIdentity& identity : settings.identities)
        if (auto added = impl->add_identity(identity); !added) return failure(added.error());
    if (impl->contexts.empty()) {
        if (settings.psk_keys.empty()) return failure(std::string("there is no certificate"));
        impl->contexts.push_back(new_context(TLS_server_method()));
    }
    if (auto trusted = impl->trust_clients(settings); !trusted) return failure(trusted.error());
    if (auto taken = impl->take_psk_keys(settings.psk_keys); !taken) return failure(taken.error());
    SSL_CTX_set_tlsext_servername_callback(impl->first(), Impl::on_server_name);
    return Ref(new TlsContext(std::move(impl)));
}

Result<TlsContext::Ref, std::string> TlsContext::client(const TlsClientSettings& settings) {
    auto impl = std::make_unique<Impl>();
    impl->is_client = true;
    impl->host = settings.host;
    impl->contexts.push_back(new_context(TLS_client_method()));
    SSL_CTX* const context = impl->first();
    if (!settings.identity.certificate.empty())
        if (auto used = use_identity(context, settings.identity); !used)
            return failure(used.error());
    if (!settings.allow_untrusted) {
        impl->verify = SSL_VERIFY_PEER;
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
        if (settings.ca.empty())
            SSL_CTX_set_default_verify_paths(context);
        else if (auto trusted = trust(context, settings.ca); !trusted)
            return failure(trusted.error());
    }
    return Ref(new TlsContext(std::move(impl)));
}

ssl_st* TlsContext::new_session() const {
    SSL* const ssl = SSL_new(impl_->first());
    if (ssl == nullptr) return nullptr;
    if (!impl_->is_client) {
        SSL_set_accept_state(ssl);
        return ssl;
    }
    SSL_set_connect_state(ssl);
    impl_->set_host(SSL_get0_param(ssl));
    const bool is_name = X509_VERIFY_PARAM_get0_host(SSL_get0_param(ssl), 0) != nullptr;
    if (is_name) SSL_set_tlsext_host_name(ssl, impl_->host.c_str());
    return ssl;
}

NameFrom TlsContext::name_from() const { return impl_->name_from; }

std::string TlsContext::psk_identity(const ssl_st* session) {
    const PskKey* const key = psk_of(session);
    return key == nullptr ? "" : key->identity;
}

bool TlsContext::would_accept(const ssl_st* session) const {
    if (const PskKey* const used = psk_of(session)) {
        const PskKey* const known = impl_->find(used->identity);
        return known != nullptr && *known == *used;
    }
    if (impl_->verify == SSL_VERIFY_NONE) return true;
    X509* const certificate = SSL_get0_peer_certificate(session);
    if (certificate == nullptr) return (impl_->verify & SSL_VERIFY_FAIL_IF_NO_PEER_CERT) == 0;
    return impl_->verifies(certificate, SSL_get_peer_cert_chain(session));
}

}  // namespace lotmesh::net
