#include "runtime/net/password_hash.h"

#include <algorithm>
#include <charconv>
#include <string>

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

}  // namespace

std::optional<bool> matches_password_hash(std::string_view password, std::string_view hash) {
    if (!take_field(hash).empty()) return std::nullopt;
    const std::string_view kind = take_field(hash);
    if (kind != "6" && kind != "7") return std::nullopt;
    const bool stretched = kind == "7";
    const auto iterations = stretched ? iterations_of(take_field(hash)) : 1;
    const auto salt = from_base64(take_field(hash));
    const auto digest = from_base64(hash);
    if (!iterations || !salt || !digest || digest->empty()) return std::nullopt;
    const std::string ours = stretched ? pbkdf2_sha512(password, *salt, *iterations)
                                       : sha512(std::string(password) + *salt);
    return equal_in_constant_time(ours, *digest);
}

}  // namespace lotmesh::net
