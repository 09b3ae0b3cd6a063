#include "runtime/net/digest.h"

#include <openssl/evp.h>

#include <array>

#include "base/assert.h"

namespace lotmesh::net {

std::string sha1_base64(std::string_view text) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    const int hashed =
        EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha1(), nullptr);
    ASSERT(hashed == 1);
    // Four characters for three bytes, and a zero behind them.
    std::array<unsigned char, 2 * EVP_MAX_MD_SIZE> encoded{};
    const int length = EVP_EncodeBlock(encoded.data(), digest.data(), static_cast<int>(size));
    return {reinterpret_cast<const char*>(encoded.data()), static_cast<std::size_t>(length)};
}

}  // namespace lotmesh::net
