#include "runtime/net/pem_file.h"

#include <arpa/inet.h>

#include <array>
#include <ctime>

#include <fmt/core.h>

#include "runtime/net/openssl.h"

namespace lotmesh::net {

namespace {

std::string fingerprint(X509_PUBKEY* key) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    unsigned char* encoded = nullptr;
    const int length = i2d_X509_PUBKEY(key, &encoded);
    if (length <= 0) return {};
    EVP_Digest(encoded, static_cast<std::size_t>(length), digest.data(), &size, EVP_sha256(),
               nullptr);
    OPENSSL_free(encoded);
    std::string text;
    for (unsigned int i = 0; i < size; ++i)
        text += fmt::format("{:02x}", digest[i]);
    return text;
}

std::int64_t seconds(const ASN1_TIME* time) {
    std::tm parts{};
    if (ASN1_TIME_to_tm(time, &parts) != 1) return 0;
    return timegm(&parts);
}

std::vector<std::string> names_of(const X509* certificate) {
    std::vector<std::string> names;
    const NamesPointer all(static_cast<GENERAL_NAMES*>(
        X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
    for (int i = 0; all && i < sk_GENERAL_NAME_num(all.get()); ++i) {
        int kind = 0;
        const auto* const value = static_cast<const ASN1_STRING*>(
            GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(all.get(), i), &kind));
        const unsigned char* const bytes = ASN1_STRING_get0_data(value);
        const auto size = static_cast<std::size_t>(ASN1_STRING_length(value));
        if (kind == GEN_DNS) names.emplace_back(bytes, bytes + size);
        if (kind != GEN_IPADD || (size != 4 && size != 16)) continue;
        std::array<char, INET6_ADDRSTRLEN> text{};
        inet_ntop(size == 4 ? AF_INET : AF_INET6, bytes, text.data(), text.size());
        names.emplace_back(text.data());
    }
    return names;
}

Certificate describe(const X509* certificate) {
    return {.not_before_s = seconds(X509_get0_notBefore(certificate)),
            .not_after_s = seconds(X509_get0_notAfter(certificate)),
            .names = names_of(certificate),
            .public_key = fingerprint(X509_get_X509_PUBKEY(certificate))};
}

// One object of the file: what its header says.
struct Block {
    char* name = nullptr;
    char* header = nullptr;
    unsigned char* data = nullptr;
    long size = 0;

    Block() = default;
    Block(const Block&) = delete;
    Block& operator=(const Block&) = delete;
    ~Block() {
        OPENSSL_free(name);
        OPENSSL_free(header);
        OPENSSL_clear_free(data, static_cast<std::size_t>(size));
    }
};

bool is_private_key(std::string_view name) { return name.ends_with("PRIVATE KEY"); }

Result<void, std::string> take_certificate(const Block& block, PemFile& file) {
    const unsigned char* data = block.data;
    const X509Pointer certificate(d2i_X509(nullptr, &data, block.size));
    if (!certificate)
        return failure(
            fmt::format("its certificate {} cannot be read", file.certificates.size() + 1));
    file.certificates.push_back(describe(certificate.get()));
    return {};
}

Result<void, std::string> take_key(std::string_view text, const std::string& passphrase,
                                   PemFile& file) {
    if (file.private_key) return failure(std::string("it has more than one private key"));
    const BioPointer source = open_text(text);
    std::string opens_it = passphrase;
    const KeyPointer key(
        PEM_read_bio_PrivateKey(source.get(), nullptr, give_passphrase, &opens_it));
    OPENSSL_cleanse(opens_it.data(), opens_it.size());
    if (!key)
        return failure(std::string(passphrase.empty()
                                       ? "its private key cannot be read without a passphrase"
                                       : "its private key does not open with this passphrase"));
    X509_PUBKEY* encoded = nullptr;
    if (X509_PUBKEY_set(&encoded, key.get()) == 1) file.private_key = fingerprint(encoded);
    X509_PUBKEY_free(encoded);
    return {};
}

}  // namespace

Result<PemFile, std::string> read_pem(std::string_view text, const std::string& passphrase) {
    const BioPointer source = open_text(text);
    PemFile file;
    Result<void, std::string> taken;
    for (std::size_t objects = 0; taken; ++objects) {
        Block block;
        if (PEM_read_bio(source.get(), &block.name, &block.header, &block.data, &block.size) != 1)
            break;
        if (objects == kPemObjectsMax)
            taken = failure(fmt::format("it holds more than {} certificates", kPemObjectsMax));
        else if (is_private_key(block.name))
            taken = take_key(text, passphrase, file);
        else if (std::string_view(block.name).ends_with("CERTIFICATE"))
            taken = take_certificate(block, file);
    }
    const bool at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
    ERR_clear_error();
    if (!taken) return failure(taken.error());
    if (!at_end) return failure(std::string("it is no whole PEM file"));
    if (file.certificates.empty() && !file.private_key)
        return failure(std::string("it holds neither a certificate nor a private key"));
    return file;
}

bool certificate_covers(std::string_view text, const std::string& host) {
    const BioPointer source = open_text(text);
    const X509Pointer certificate(PEM_read_bio_X509(source.get(), nullptr, nullptr, nullptr));
    ERR_clear_error();
    if (!certificate) return false;
    return X509_check_ip_asc(certificate.get(), host.c_str(), 0) == 1 ||
           X509_check_host(certificate.get(), host.data(), host.size(),
                           X509_CHECK_FLAG_NEVER_CHECK_SUBJECT, nullptr) == 1;
}

}  // namespace lotmesh::net
