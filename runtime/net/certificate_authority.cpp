#include "runtime/net/certificate_authority.h"

#include <utility>

#include "base/assert.h"
#include "runtime/net/address.h"
#include "runtime/net/openssl.h"

namespace lotmesh::net {

namespace {

constexpr int kSerialBits = 127;
constexpr long kVersion3 = 2;
constexpr long kCrlVersion2 = 1;

// What OpenSSL only fails at where memory has run out.
void must(bool done) { ASSERT(done); }

KeyPointer new_key() {
    KeyPointer key(EVP_EC_gen("P-256"));
    must(key != nullptr);
    return key;
}

template <typename Write>
std::string pem(Write&& write) {
    const BioPointer out(BIO_new(BIO_s_mem()));
    must(write(out.get()) == 1);
    char* data = nullptr;
    const long size = BIO_get_mem_data(out.get(), &data);
    return {data, static_cast<std::size_t>(size)};
}

std::string pem_of(X509* certificate) {
    return pem([&](BIO* out) { return PEM_write_bio_X509(out, certificate); });
}

std::string pem_of(EVP_PKEY* key) {
    return pem([&](BIO* out) {
        return PEM_write_bio_PKCS8PrivateKey(out, key, nullptr, nullptr, 0, nullptr, nullptr);
    });
}

void set_serial(X509* certificate) {
    const std::unique_ptr<BIGNUM, OpensslDeleter<BN_free>> number(BN_new());
    must(number && BN_rand(number.get(), kSerialBits, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY) == 1);
    must(BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr);
}

void set_common_name(X509* certificate, const std::string& name) {
    X509_NAME* const subject = X509_get_subject_name(certificate);
    must(X509_NAME_add_entry_by_NID(subject, NID_commonName, MBSTRING_UTF8,
                                    reinterpret_cast<const unsigned char*>(name.data()),
                                    static_cast<int>(name.size()), -1, 0) == 1);
}

void extend(X509* certificate, X509* issuer, int kind, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    const std::unique_ptr<X509_EXTENSION, OpensslDeleter<X509_EXTENSION_free>> extension(
        X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str()));
    must(extension && X509_add_ext(certificate, extension.get(), -1) == 1);
}

X509Pointer begin(EVP_PKEY* key, const std::string& common_name, Validity validity) {
    X509Pointer certificate(X509_new());
    must(certificate && X509_set_version(certificate.get(), kVersion3) == 1);
    set_serial(certificate.get());
    ASN1_TIME_set(X509_getm_notBefore(certificate.get()), validity.not_before_s);
    ASN1_TIME_set(X509_getm_notAfter(certificate.get()), validity.not_after_s);
    must(X509_set_pubkey(certificate.get(), key) == 1);
    set_common_name(certificate.get(), common_name);
    return certificate;
}

std::string alternative_names(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names) {
        if (!text.empty()) text += ",";
        if (name.contains("://"))
            text += "URI:" + name;
        else
            text += (Address::parse(name, 0) ? "IP:" : "DNS:") + name;
    }
    return text;
}

}  // namespace

struct CertificateAuthority::Impl {
    KeyPointer key;
    X509Pointer certificate;
};

CertificateAuthority::CertificateAuthority(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
CertificateAuthority::~CertificateAuthority() = default;
CertificateAuthority::CertificateAuthority(CertificateAuthority&&) noexcept = default;
CertificateAuthority& CertificateAuthority::operator=(CertificateAuthority&&) noexcept = default;

CertificateAuthority::CertificateAuthority(const std::string& common_name, Validity validity)
    : impl_(std::make_unique<Impl>()) {
    impl_->key = new_key();
    impl_->certificate = begin(impl_->key.get(), common_name, validity);
    X509* const certificate = impl_->certificate.get();
    must(X509_set_issuer_name(certificate, X509_get_subject_name(certificate)) == 1);
    extend(certificate, certificate, NID_basic_constraints, "critical,CA:TRUE");
    extend(certificate, certificate, NID_key_usage, "critical,keyCertSign,cRLSign");
    extend(certificate, certificate, NID_subject_key_identifier, "hash");
    must(X509_sign(certificate, impl_->key.get(), EVP_sha256()) > 0);
}

Result<CertificateAuthority, std::string> CertificateAuthority::read(std::string_view certificate,
                                                                     std::string_view private_key) {
    auto impl = std::make_unique<Impl>();
    std::string no_passphrase;
    impl->certificate.reset(
        PEM_read_bio_X509(open_text(certificate).get(), nullptr, nullptr, nullptr));
    impl->key.reset(PEM_read_bio_PrivateKey(open_text(private_key).get(), nullptr, give_passphrase,
                                            &no_passphrase));
    ERR_clear_error();
    if (!impl->certificate) return failure(std::string("its certificate cannot be read"));
    if (!impl->key) return failure(std::string("its private key cannot be read"));
    if (X509_check_private_key(impl->certificate.get(), impl->key.get()) != 1) {
        ERR_clear_error();
        return failure(std::string("its private key is not that of its certificate"));
    }
    return CertificateAuthority(std::move(impl));
}

std::string CertificateAuthority::certificate() const { return pem_of(impl_->certificate.get()); }
std::string CertificateAuthority::private_key() const { return pem_of(impl_->key.get()); }

IssuedCertificate CertificateAuthority::issue(const CertificateRequest& request) const {
    const KeyPointer key = new_key();
    const X509Pointer made = begin(key.get(), request.common_name, request.validity);
    X509* const certificate = made.get();
    X509* const issuer = impl_->certificate.get();
    must(X509_set_issuer_name(certificate, X509_get_subject_name(issuer)) == 1);
    extend(certificate, issuer, NID_basic_constraints, "critical,CA:FALSE");
    extend(certificate, issuer, NID_key_usage, "critical,digitalSignature");
    extend(certificate, issuer, NID_ext_key_usage, "serverAuth,clientAuth");
    extend(certificate, issuer, NID_authority_key_identifier, "keyid");
    if (!request.names.empty())
        extend(certificate, issuer, NID_subject_alt_name, alternative_names(request.names));
    must(X509_sign(certificate, impl_->key.get(), EVP_sha256()) > 0);
    return {pem_of(certificate), pem_of(key.get())};
}

std::string CertificateAuthority::revocation_list(std::span<const std::string> revoked,
                                                  Validity validity) const {
    const CrlPointer list(X509_CRL_new());
    using TimePointer = std::unique_ptr<ASN1_TIME, OpensslDeleter<ASN1_TIME_free>>;
    const TimePointer from(ASN1_TIME_set(nullptr, validity.not_before_s));
    const TimePointer until(ASN1_TIME_set(nullptr, validity.not_after_s));
    must(list && from && until && X509_CRL_set_version(list.get(), kCrlVersion2) == 1);
    X509_CRL_set_issuer_name(list.get(), X509_get_subject_name(impl_->certificate.get()));
    X509_CRL_set1_lastUpdate(list.get(), from.get());
    X509_CRL_set1_nextUpdate(list.get(), until.get());
    for (const std::string& text : revoked) {
        const X509Pointer certificate(
            PEM_read_bio_X509(open_text(text).get(), nullptr, nullptr, nullptr));
        must(certificate != nullptr);
        X509_REVOKED* const entry = X509_REVOKED_new();
        must(entry != nullptr);
        X509_REVOKED_set_serialNumber(entry, X509_get_serialNumber(certificate.get()));
        X509_REVOKED_set_revocationDate(entry, from.get());
        X509_CRL_add0_revoked(list.get(), entry);
    }
    X509_CRL_sort(list.get());
    must(X509_CRL_sign(list.get(), impl_->key.get(), EVP_sha256()) > 0);
    return pem([&](BIO* out) { return PEM_write_bio_X509_CRL(out, list.get()); });
}

}  // namespace lotmesh::net
