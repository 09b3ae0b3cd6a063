#include "runtime/net/crypto.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <algorithm>
#include <climits>

#include "base/assert.h"

namespace lotmesh::net {

namespace {

constexpr std::size_t kSha1Bytes = 20;
constexpr std::size_t kSha256Bytes = 32;
constexpr std::size_t kSha512Bytes = 64;

const unsigned char* data(std::string_view bytes) {
    return reinterpret_cast<const unsigned char*>(bytes.data());
}

unsigned char* data(std::string& bytes) { return reinterpret_cast<unsigned char*>(bytes.data()); }

int size(std::string_view bytes) {
    ASSERT(bytes.size() <= INT_MAX);
    return static_cast<int>(bytes.size());
}

struct Algorithm {
    const EVP_MD* digest;
    std::size_t bytes;
};

std::string digest(std::string_view bytes, const Algorithm& algorithm) {
    std::string result(algorithm.bytes, '\0');
    const int done =
        EVP_Digest(bytes.data(), bytes.size(), data(result), nullptr, algorithm.digest, nullptr);
    ASSERT(done == 1);
    return result;
}

std::string stretched(std::string_view password, std::string_view salt, std::uint32_t iterations,
                      const Algorithm& algorithm) {
    ASSERT(iterations > 0 && iterations <= INT_MAX);
    std::string key(algorithm.bytes, '\0');
    const int done = PKCS5_PBKDF2_HMAC(password.data(), size(password), data(salt), size(salt),
                                       static_cast<int>(iterations), algorithm.digest,
                                       static_cast<int>(key.size()), data(key));
    ASSERT(done == 1);
    return key;
}

}  // namespace

std::string sha1(std::string_view bytes) { return digest(bytes, {EVP_sha1(), kSha1Bytes}); }

std::string sha256(std::string_view bytes) { return digest(bytes, {EVP_sha256(), kSha256Bytes}); }

std::string sha512(std::string_view bytes) { return digest(bytes, {EVP_sha512(), kSha512Bytes}); }

std::string hmac_sha256(std::string_view key, std::string_view bytes) {
    std::string mac(kSha256Bytes, '\0');
    const unsigned char* const done =
        HMAC(EVP_sha256(), key.data(), size(key), data(bytes), bytes.size(), data(mac), nullptr);
    ASSERT(done != nullptr);
    return mac;
}

std::string pbkdf2_sha256(std::string_view password, std::string_view salt,
                          std::uint32_t iterations) {
    return stretched(password, salt, iterations, {EVP_sha256(), kSha256Bytes});
}

std::string pbkdf2_sha512(std::string_view password, std::string_view salt,
                          std::uint32_t iterations) {
    return stretched(password, salt, iterations, {EVP_sha512(), kSha512Bytes});
}

std::string base64(std::string_view bytes) {
    std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');  // OpenSSL ends it with a zero
    const int written = EVP_EncodeBlock(data(text), data(bytes), size(bytes));
    text.resize(static_cast<std::size_t>(written));
    return text;
}

std::optional<std::string> from_base64(std::string_view text) {
    if (text.size() % 4 != 0) return std::nullopt;
    // OpenSSL takes blanks around it, and padding in the middle.
    const std::size_t end = std::min(text.find('='), text.size());
    if (text.size() - end > 2 || text.find_first_of(" \t\r\n") != std::string_view::npos)
        return std::nullopt;
    std::string bytes(text.size() / 4 * 3, '\0');
    if (EVP_DecodeBlock(data(bytes), data(text), size(text)) < 0) return std::nullopt;
    bytes.resize(bytes.size() - (text.size() - end));
    if (base64(bytes) != text) return std::nullopt;  // another spelling of the same bytes
    return bytes;
}

std::string base64url(std::string_view bytes) {
    std::string text = base64(bytes);
    text.resize(std::min(text.find('='), text.size()));
    std::ranges::replace(text, '+', '-');
    std::ranges::replace(text, '/', '_');
    return text;
}

std::optional<std::string> from_base64url(std::string_view text) {
    if (text.find_first_of("+/=") != std::string_view::npos) return std::nullopt;
    std::string padded(text);
    std::ranges::replace(padded, '-', '+');
    std::ranges::replace(padded, '_', '/');
    padded.append((4 - padded.size() % 4) % 4, '=');
    return from_base64(padded);
}

bool equal_in_constant_time(std::string_view left, std::string_view right) {
    return left.size() == right.size() &&
           CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

std::string random_bytes(std::size_t size) {
    std::string bytes(size, '\0');
    ASSERT(size <= INT_MAX);
    const int done = RAND_bytes(data(bytes), static_cast<int>(size));
    ASSERT(done == 1);
    return bytes;
}

}  // namespace lotmesh::net
