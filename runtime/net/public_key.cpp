#include "runtime/net/public_key.h"

#include <openssl/bio.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/pem.h>

#include <array>
#include <climits>
#include <optional>

#include "base/assert.h"

namespace lotmesh::net {

namespace {

constexpr std::size_t kP256NumberBytes = 32;
constexpr std::size_t kGroupNameBytesMax = 64;

const unsigned char* unsigned_data(std::string_view bytes) {
    return reinterpret_cast<const unsigned char*>(bytes.data());
}

bool is_p256(const EVP_PKEY* key) {
    std::array<char, kGroupNameBytesMax> name{};
    return EVP_PKEY_get_group_name(key, name.data(), name.size(), nullptr) == 1 &&
           std::string_view(name.data()) == SN_X9_62_prime256v1;
}

std::optional<PublicKey::Kind> kind_of(const EVP_PKEY* key) {
    if (EVP_PKEY_is_a(key, "EC") == 1 && is_p256(key)) return PublicKey::Kind::EcP256;
    const int bits = EVP_PKEY_get_bits(key);
    if (EVP_PKEY_is_a(key, "RSA") == 1 && bits >= kRsaBitsMin && bits <= kRsaBitsMax)
        return PublicKey::Kind::Rsa;
    return std::nullopt;
}

// From the two numbers to what OpenSSL reads (ASN.1); nothing where they are of another size.
std::optional<std::string> as_asn1(std::string_view signature) {
    if (signature.size() != 2 * kP256NumberBytes) return std::nullopt;
    const std::unique_ptr<ECDSA_SIG, decltype(&ECDSA_SIG_free)> both(ECDSA_SIG_new(),
                                                                     ECDSA_SIG_free);
    ASSERT(both != nullptr);
    BIGNUM* const r = BN_bin2bn(unsigned_data(signature), kP256NumberBytes, nullptr);
    BIGNUM* const s =
        BN_bin2bn(unsigned_data(signature.substr(kP256NumberBytes)), kP256NumberBytes, nullptr);
    const int set = ECDSA_SIG_set0(both.get(), r, s);
    ASSERT(set == 1);
    unsigned char* bytes = nullptr;
    const int size = i2d_ECDSA_SIG(both.get(), &bytes);
    ASSERT(size > 0);
    std::string text(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
    OPENSSL_free(bytes);
    return text;
}

}  // namespace

Result<PublicKey, std::string> PublicKey::from_pem(std::string_view text) {
    ASSERT(text.size() <= INT_MAX);
    const std::unique_ptr<BIO, decltype(&BIO_free)> bio(
        BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), BIO_free);
    ASSERT(bio != nullptr);
    std::shared_ptr<EVP_PKEY> key(PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr),
                                  EVP_PKEY_free);
    ERR_clear_error();
    if (key == nullptr) return failure(std::string("is no public key in PEM"));
    const auto kind = kind_of(key.get());
    if (!kind)
        return failure(
            std::string("is neither an RSA key of 2048 to 16384 bits nor one of the curve P-256"));
    return PublicKey(*kind, std::move(key));
}

bool PublicKey::has_signed(std::string_view text, std::string_view signature) const {
    std::string bytes(signature);
    if (kind_ == Kind::EcP256) {
        auto asn1 = as_asn1(signature);
        if (!asn1) return false;
        bytes = std::move(*asn1);
    }
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                          EVP_MD_CTX_free);
    ASSERT(context != nullptr);
    const int ready =
        EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key_.get());
    ASSERT(ready == 1);
    const int right = EVP_DigestVerify(context.get(), unsigned_data(bytes), bytes.size(),
                                       unsigned_data(text), text.size());
    ERR_clear_error();
    return right == 1;
}

}  // namespace lotmesh::net
