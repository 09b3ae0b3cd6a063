#include "runtime/server/jwt.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "base/utf8.h"
#include "runtime/net/crypto.h"
#include "runtime/server/files.h"
#include "runtime/server/limits.h"
#include "runtime/server/password_file.h"

namespace lotmesh::server {

namespace {

using Json = nlohmann::json;
using Checked = Result<void, std::string>;

constexpr std::int64_t kMsOfSecond = 1000;
// "eyJ" is how the Base64 of {" begins.
constexpr std::string_view kBeginning = "eyJ";

// header.claims.signature, still in Base64.
struct Parts {
    std::string_view header;
    std::string_view claims;
    std::string_view signature;
    std::string_view signed_text;
};

std::optional<Parts> split(std::string_view token) {
    const std::size_t first = token.find('.');
    const std::size_t last = token.rfind('.');
    if (first == last || token.substr(first + 1, last - first - 1).contains('.'))
        return std::nullopt;
    return Parts{token.substr(0, first), token.substr(first + 1, last - first - 1),
                 token.substr(last + 1), token.substr(0, last)};
}

// An object whose names are there once each: readers differ in which of two they take.
std::optional<Json> read_object(std::string_view base64url) {
    const auto text = net::from_base64url(base64url);
    if (!text) return std::nullopt;
    std::vector<std::set<std::string>> names;  // of each object that is open
    bool twice = false;
    const auto note = [&](int, Json::parse_event_t event, Json& parsed) {
        if (event == Json::parse_event_t::object_start) names.emplace_back();
        if (event == Json::parse_event_t::object_end) names.pop_back();
        if (event == Json::parse_event_t::key)
            twice |= !names.back().insert(parsed.get<std::string>()).second;
        return true;
    };
    Json object = Json::parse(*text, note, false);
    if (!object.is_object() || twice) return std::nullopt;
    return object;
}

const std::string* text_at(const Json& object, const char* name) {
    const auto there = object.find(name);
    return there == object.end() ? nullptr : there->get_ptr<const std::string*>();
}

bool has_signed(const JwtKey& key, const Parts& parts, std::string_view signature) {
    if (const auto* secret = std::get_if<JwtSecret>(&key))
        return net::equal_in_constant_time(
            net::hmac_sha256(secret->bytes.view(), parts.signed_text), signature);
    return std::get<net::PublicKey>(key).has_signed(parts.signed_text, signature);
}

std::string_view algorithm_of(const JwtKey& key) {
    const auto* public_key = std::get_if<net::PublicKey>(&key);
    if (public_key == nullptr) return "HS256";
    switch (public_key->kind()) {
        case net::PublicKey::Kind::Rsa: return "RS256";
        case net::PublicKey::Kind::EcP256: return "ES256";
    }
    return {};
}

Checked check_signature(const Parts& parts, const JwtRules& rules) {
    const auto header = read_object(parts.header);
    const auto signature = net::from_base64url(parts.signature);
    if (!header || !signature) return failure(std::string("the token is malformed"));
    if (header->contains("crit")) return failure(std::string("the token has critical extensions"));
    const std::string* algorithm = text_at(*header, "alg");
    const auto is_of = [&](const JwtKey& key) {
        return algorithm != nullptr && *algorithm == algorithm_of(key);
    };
    if (std::ranges::none_of(rules.keys, is_of))
        return failure(std::string("there is no key for the algorithm of the token"));
    if (std::ranges::none_of(rules.keys, [&](const JwtKey& key) {
            return is_of(key) && has_signed(key, parts, *signature);
        }))
        return failure(std::string("nobody whose key is here has signed the token"));
    return {};
}

// Seconds since 1970; nothing where it is no number or not a time.
std::optional<std::int64_t> time_ms_at(const Json& claims, const char* name) {
    constexpr double kSecondsMax = 1e12;
    const auto there = claims.find(name);
    if (there == claims.end() || !there->is_number()) return std::nullopt;
    const double seconds = there->get<double>();
    if (!std::isfinite(seconds) || std::abs(seconds) > kSecondsMax) return std::nullopt;
    return static_cast<std::int64_t>(seconds * static_cast<double>(kMsOfSecond));
}

// Its end.
Result<WallTime, std::string> check_time(const Json& claims, WallTime now) {
    const auto said = time_ms_at(claims, "exp");
    if (!said) return failure(std::string("the token says not when it ends"));
    const WallTime end{*said + kJwtClockSkew.ms()};
    if (now >= end) return failure(std::string("the token has ended"));
    if (!claims.contains("nbf")) return end;
    const auto begin = time_ms_at(claims, "nbf");
    if (!begin || now.ms + kJwtClockSkew.ms() < *begin)
        return failure(std::string("the token does not hold yet"));
    return end;
}

// Who it is for: nobody in particular, one or several.
bool is_for(const Json& claims, const std::string& audience) {
    const auto there = claims.find("aud");
    if (there == claims.end()) return audience.empty();
    if (audience.empty()) return false;  // for somebody who is not us
    if (there->is_string()) return there->get_ref<const std::string&>() == audience;
    return there->is_array() && std::ranges::find(*there, Json(audience)) != there->end();
}

Result<std::vector<std::string>, std::string> groups_of(const Json& claims) {
    std::vector<std::string> groups;
    const auto there = claims.find("groups");
    if (there == claims.end()) return groups;
    if (!there->is_array() || there->size() > kJwtGroupsMax)
        return failure(std::string("the token's groups are no list, or a too long one"));
    groups.reserve(there->size());
    for (const Json& group : *there) {
        const auto* name = group.get_ptr<const std::string*>();
        // What begins with $ is the broker's own to give.
        if (name == nullptr || name->empty() || name->size() > kGroupNameBytesMax ||
            name->starts_with('$') || !is_mqtt_utf8(*name))
            return failure(std::string("the token has a group that is no name"));
        groups.push_back(*name);
    }
    return groups;
}

Result<JwtIdentity, std::string> identity_of(const Json& claims, WallTime end) {
    const std::string* subject = text_at(claims, "sub");
    if (subject == nullptr || !is_user_name(*subject))
        return failure(std::string("the token names no user"));
    auto groups = groups_of(claims);
    if (!groups) return failure(groups.error());
    return JwtIdentity{*subject, std::move(*groups), end};
}

}  // namespace

Result<JwtKey, std::string> read_jwt_key(const std::filesystem::path& path) {
    auto text = read_file(path, kJwtKeyBytesMax);
    if (!text) return failure(text.error());
    if (text->starts_with("-----BEGIN")) {
        auto key = net::PublicKey::from_pem(*text);
        net::wipe(*text);  // it may be a private one
        if (!key) return failure(path.string() + " " + key.error());
        return JwtKey(std::move(*key));
    }
    if (text->ends_with('\n')) text->pop_back();
    if (text->ends_with('\r')) text->pop_back();
    if (text->size() < kJwtSecretBytesMin)
        return failure(path.string() + " has a secret of less than " +
                       std::to_string(kJwtSecretBytesMin) + " bytes, which can be guessed");
    JwtKey key(JwtSecret{net::SecretText(*text)});
    net::wipe(*text);
    return key;
}

bool looks_like_jwt(std::string_view text) {
    return text.starts_with(kBeginning) && split(text).has_value();
}

Result<JwtIdentity, std::string> verify_jwt(std::string_view token, const JwtRules& rules,
                                            WallTime now) {
    if (token.size() > kJwtBytesMax) return failure(std::string("the token is too long"));
    const auto parts = split(token);
    if (!parts) return failure(std::string("the token is malformed"));
    if (auto checked = check_signature(*parts, rules); !checked) return failure(checked.error());
    const auto claims = read_object(parts->claims);
    if (!claims) return failure(std::string("the token is malformed"));
    const auto end = check_time(*claims, now);
    if (!end) return failure(end.error());
    if (!is_for(*claims, rules.audience)) return failure(std::string("the token is not for us"));
    const std::string* issuer = text_at(*claims, "iss");
    if (!rules.issuer.empty() && (issuer == nullptr || *issuer != rules.issuer))
        return failure(std::string("the token is from somebody else"));
    return identity_of(*claims, *end);
}

}  // namespace lotmesh::server
