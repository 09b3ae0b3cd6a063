// Private keys made for a test, and what they sign.
#pragma once

#include <openssl/bio.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace lotmesh::test {

class SigningKey {
public:
    static SigningKey rsa(std::size_t bits) {
        return SigningKey(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", bits));
    }
    static SigningKey p256() {
        return SigningKey(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
    }
    static SigningKey p384() {
        return SigningKey(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-384"));
    }

    std::string public_pem() const {
        return pem([this](BIO* out) { PEM_write_bio_PUBKEY(out, key_.get()); });
    }
    std::string private_pem() const {
        return pem([this](BIO* out) {
            PEM_write_bio_PrivateKey(out, key_.get(), nullptr, nullptr, 0, nullptr, nullptr);
        });
    }
    // RS256 or ES256.
    std::string sign(std::string_view text) const {
        const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                              EVP_MD_CTX_free);
        const auto* const data = reinterpret_cast<const unsigned char*>(text.data());
        std::string signature(1024, '\0');
        std::size_t size = signature.size();
        EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key_.get());
        EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                       data, text.size());
        signature.resize(size);
        return EVP_PKEY_is_a(key_.get(), "EC") == 1 ? two_numbers(signature) : signature;
    }

private:
    explicit SigningKey(EVP_PKEY* key) : key_(key, EVP_PKEY_free) {}

    template <typename Write>
    static std::string pem(const Write& write) {
        const std::unique_ptr<BIO, decltype(&BIO_free)> out(BIO_new(BIO_s_mem()), BIO_free);
        write(out.get());
        char* text = nullptr;
        const long size = BIO_get_mem_data(out.get(), &text);
        return {text, static_cast<std::size_t>(size)};
    }

    static std::string two_numbers(const std::string& asn1) {
        const auto* at = reinterpret_cast<const unsigned char*>(asn1.data());
        const std::unique_ptr<ECDSA_SIG, decltype(&ECDSA_SIG_free)> both(
            d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(asn1.size())), ECDSA_SIG_free);
        std::string numbers(64, '\0');
        auto* const out = reinterpret_cast<unsigned char*>(numbers.data());
        BN_bn2binpad(ECDSA_SIG_get0_r(both.get()), out, 32);
        BN_bn2binpad(ECDSA_SIG_get0_s(both.get()), out + 32, 32);
        return numbers;
    }

    std::shared_ptr<EVP_PKEY> key_;
};

}  // namespace lotmesh::test
