#include "runtime/net/password_hash.h"

#include <algorithm>
#include <charconv>
#include <string>
#include <utility>

#include "base/wiped_bytes.h"
#include "runtime/net/argon2.h"
#include "runtime/net/crypto.h"

namespace lotmesh::net {

namespace {

// Takes what stands before the next `$` off the front.
std::string_view take_field(std::string_view& text) {
    const std::size_t end = std::min(text.find('$'), text.size());
    const std::string_view field = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return field;
}

std::optional<std::uint32_t> iterations_of(std::string_view text) {
    std::uint32_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size() || number == 0 ||
        number > kHashIterationsMax)
        return std::nullopt;
    return number;
}

// "$6$" or "$7$" as mosquitto_passwd writes it; both have a digest of SHA-512's size.
struct MosquittoHash {
    std::optional<std::uint32_t> iterations;  // nothing: of "$6$"
    std::string salt;
    std::string digest;
};

constexpr std::size_t kSha512Bytes = 64;

std::optional<MosquittoHash> parse_mosquitto(std::string_view hash) {
    if (!take_field(hash).empty()) return std::nullopt;
    const std::string_view kind = take_field(hash);
    if (kind != "6" && kind != "7") return std::nullopt;
    MosquittoHash parsed;
    if (kind == "7") {
        parsed.iterations = iterations_of(take_field(hash));
        if (!parsed.iterations) return std::nullopt;
    }
    auto salt = from_base64(take_field(hash));
    auto digest = from_base64(hash);
    if (!salt || salt->empty() || !digest || digest->size() != kSha512Bytes) return std::nullopt;
    parsed.salt = std::move(*salt);
    parsed.digest = std::move(*digest);
    return parsed;
}

std::string sha512_of(std::string_view password, std::string_view salt) {
    std::string both;
    both.reserve(password.size() + salt.size());
    both.append(password).append(salt);
    std::string digest = sha512(both);
    wipe(both);
    return digest;
}

}  // namespace

bool is_password_hash(std::string_view hash) {
    return is_argon2id_hash(hash) || parse_mosquitto(hash).has_value();
}

std::optional<bool> matches_password_hash(std::string_view password, std::string_view hash) {
    if (is_argon2id_hash(hash)) return matches_argon2id(password, hash);
    const auto parsed = parse_mosquitto(hash);
    if (!parsed) return std::nullopt;
    const std::string ours = parsed->iterations
                                 ? pbkdf2_sha512(password, parsed->salt, *parsed->iterations)
                                 : sha512_of(password, parsed->salt);
    return equal_in_constant_time(ours, parsed->digest);
}

}  // namespace lotmesh::net
