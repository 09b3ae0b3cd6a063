#include "runtime/net/argon2.h"

#include <sodium.h>

#include <array>
#include <charconv>
#include <optional>

#include "base/assert.h"

namespace lotmesh::net {

namespace {

constexpr std::size_t kBytesOfKib = 1024;
constexpr std::size_t kSaltBytesMin = 8;
constexpr std::size_t kDigestBytesMin = 16;
constexpr std::size_t kPartBytesMax = 64;

// Takes the text off the front where it stands there.
bool take(std::string_view& rest, std::string_view text) {
    if (!rest.starts_with(text)) return false;
    rest.remove_prefix(text.size());
    return true;
}

bool take_number(std::string_view& rest, std::uint32_t min, std::uint32_t max) {
    std::uint32_t number = 0;
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
    // A number that begins with a zero is another spelling, which libsodium does not read.
    if (error != std::errc() || rest.starts_with('0') || number < min || number > max) return false;
    rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
    return true;
}

std::optional<std::size_t> bytes_in_base64(std::string_view text) {
    std::array<unsigned char, kPartBytesMax> bytes{};
    std::size_t size = 0;
    const int done =
        sodium_base642bin(bytes.data(), bytes.size(), text.data(), text.size(), nullptr, &size,
                          nullptr, sodium_base64_VARIANT_ORIGINAL_NO_PADDING);
    if (done != 0) return std::nullopt;
    return size;
}

// libsodium wants a place also for nothing.
const char* place_of(std::string_view text) { return text.empty() ? "" : text.data(); }

}  // namespace

std::string argon2id_hash(std::string_view password, const Argon2Cost& cost) {
    const int ready = sodium_init();
    ASSERT(ready >= 0);
    std::array<char, crypto_pwhash_STRBYTES> line{};
    const int done =
        crypto_pwhash_str_alg(line.data(), place_of(password), password.size(), cost.passes,
                              cost.memory_kib * kBytesOfKib, crypto_pwhash_ALG_ARGON2ID13);
    ASSERT(done == 0);
    return line.data();
}

bool is_argon2id_hash(std::string_view hash) {
    if (!take(hash, "$argon2id$v=19$m=") ||
        !take_number(hash, kArgon2MemoryKibMin, kArgon2MemoryKibMax) || !take(hash, ",t=") ||
        !take_number(hash, 1, kArgon2PassesMax) || !take(hash, ",p=") ||
        !take_number(hash, 1, kArgon2LanesMax) || !take(hash, "$"))
        return false;
    const std::size_t end = hash.find('$');
    if (end == std::string_view::npos) return false;
    const auto salt = bytes_in_base64(hash.substr(0, end));
    const auto digest = bytes_in_base64(hash.substr(end + 1));
    return salt && *salt >= kSaltBytesMin && digest && *digest >= kDigestBytesMin;
}

bool matches_argon2id(std::string_view password, std::string_view hash) {
    if (!is_argon2id_hash(hash) || sodium_init() < 0) return false;
    const std::string line(hash);  // ends with a zero
    return crypto_pwhash_argon2id_str_verify(line.c_str(), place_of(password), password.size()) ==
           0;
}

}  // namespace lotmesh::net
