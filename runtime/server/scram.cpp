#include "runtime/server/scram.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "runtime/net/crypto.h"

namespace lotmesh::server {

namespace {

using broker::AuthStep;
using mqtt::ReasonCode;

// Takes "x=value" and the comma behind it off the front of a message; nullopt: another attribute.
std::optional<std::string_view> take(std::string_view& message, char attribute) {
    if (message.size() < 2 || message[0] != attribute || message[1] != '=') return std::nullopt;
    const std::size_t comma = std::min(message.find(','), message.size());
    const std::string_view value = message.substr(2, comma - 2);
    message.remove_prefix(std::min(comma + 1, message.size()));
    return value;
}

// A name with =2C for a comma and =3D for an equals sign.
std::optional<std::string> unescaped(std::string_view name) {
    std::string plain;
    for (std::size_t at = 0; at < name.size(); ++at) {
        if (name[at] != '=') {
            plain += name[at];
            continue;
        }
        const std::string_view code = name.substr(at + 1, 2);
        if (code != "2C" && code != "3D") return std::nullopt;
        plain += code == "2C" ? ',' : '=';
        at += 2;
    }
    if (plain.empty()) return std::nullopt;
    return plain;
}

std::string exclusive_or(std::string_view left, std::string_view right) {
    std::string result(left);
    for (std::size_t i = 0; i < result.size(); ++i)
        result[i] = static_cast<char>(result[i] ^ right[i]);
    return result;
}

class ScramExchange final : public broker::AuthExchange {
public:
    ScramExchange(ScramLookup lookup, std::string nonce)
        : lookup_(std::move(lookup)), nonce_(std::move(nonce)) {}

    AuthStep step(std::string_view data) override {
        if (data.size() > kScramMessageBytesMax) return refused(ReasonCode::ProtocolError);
        switch (next_) {
            case Next::ClientFirst: return take_client_first(data);
            case Next::ClientFinal: return take_client_final(data);
            case Next::Nothing: break;
        }
        return refused(ReasonCode::ProtocolError);
    }

private:
    enum class Next : std::uint8_t { ClientFirst, ClientFinal, Nothing };

    AuthStep refused(ReasonCode reason) {
        next_ = Next::Nothing;
        return {reason, {}, {}};
    }

    // "n,,n=user,r=nonce"
    AuthStep take_client_first(std::string_view message) {
        const std::size_t bare = message.find(',', message.find(',') + 1);
        // Another p= wants channel binding; a name in between, to act for somebody else.
        if (bare == std::string_view::npos ||
            (message.substr(0, bare) != "n," && message.substr(0, bare) != "y,"))
            return refused(ReasonCode::ProtocolError);
        gs2_header_ = message.substr(0, bare + 1);
        message.remove_prefix(bare + 1);
        client_first_bare_ = message;
        const auto name = take(message, 'n');
        const auto client_nonce = take(message, 'r');
        if (!name || !client_nonce || client_nonce->empty())
            return refused(ReasonCode::ProtocolError);
        const auto user = unescaped(*name);
        if (!user) return refused(ReasonCode::ProtocolError);
        user_ = *user;
        secret_ = lookup_(user_);
        nonce_ = std::string(*client_nonce) + nonce_;
        server_first_ =
            fmt::format("r={},s={},i={}", nonce_, net::base64(secret_.salt), secret_.iterations);
        next_ = Next::ClientFinal;
        return {ReasonCode::ContinueAuthentication, server_first_, {}};
    }

    // "c=biws,r=nonce,p=proof"
    AuthStep take_client_final(std::string_view message) {
        const std::size_t proof_at = message.rfind(",p=");
        if (proof_at == std::string_view::npos) return refused(ReasonCode::ProtocolError);
        const std::string_view without_proof = message.substr(0, proof_at);
        std::string_view rest = without_proof;
        const auto binding = take(rest, 'c');
        const auto nonce = take(rest, 'r');
        const auto proof = net::from_base64(message.substr(proof_at + 3));
        if (!binding || !nonce || !proof) return refused(ReasonCode::ProtocolError);
        const std::string signed_text =
            fmt::format("{},{},{}", client_first_bare_, server_first_, without_proof);
        if (*binding != net::base64(gs2_header_) || *nonce != nonce_ ||
            !proves(*proof, signed_text))
            return refused(ReasonCode::NotAuthorized);
        next_ = Next::Nothing;
        const std::string signature = net::hmac_sha256(secret_.server_key, signed_text);
        return {ReasonCode::Success, "v=" + net::base64(signature), user_};
    }

    bool proves(std::string_view proof, std::string_view signed_text) const {
        const std::string signature = net::hmac_sha256(secret_.stored_key, signed_text);
        if (proof.size() != signature.size()) return false;
        const std::string client_key = exclusive_or(proof, signature);
        return net::equal_in_constant_time(net::sha256(client_key), secret_.stored_key);
    }

    ScramLookup lookup_;
    std::string nonce_;  // ours; then the client's with ours behind it
    Next next_ = Next::ClientFirst;
    std::string gs2_header_;
    std::string client_first_bare_;
    std::string server_first_;
    std::string user_;
    ScramSecret secret_;
};

}  // namespace

ScramSecret make_scram_secret(std::string_view password, std::string_view salt,
                              std::uint32_t iterations) {
    const std::string salted = net::pbkdf2_sha256(password, salt, iterations);
    return {.iterations = iterations,
            .salt = std::string(salt),
            .stored_key = net::sha256(net::hmac_sha256(salted, "Client Key")),
            .server_key = net::hmac_sha256(salted, "Server Key")};
}

std::string to_string(const ScramSecret& secret) {
    return fmt::format("{}${}:{}${}:{}", kScramMethod, secret.iterations, net::base64(secret.salt),
                       net::base64(secret.stored_key), net::base64(secret.server_key));
}

Result<ScramSecret, std::string> parse_scram_secret(std::string_view text) {
    const auto next = [&text](char end) {
        const std::size_t at = std::min(text.find(end), text.size());
        const std::string_view part = text.substr(0, at);
        text.remove_prefix(std::min(at + 1, text.size()));
        return part;
    };
    if (next('$') != kScramMethod) return failure(fmt::format("expected {}$...", kScramMethod));
    const std::string_view number = next(':');
    const auto salt = net::from_base64(next('$'));
    const auto stored_key = net::from_base64(next(':'));
    const auto server_key = net::from_base64(text);
    ScramSecret secret;
    const auto [end, error] =
        std::from_chars(number.data(), number.data() + number.size(), secret.iterations);
    if (error != std::errc() || end != number.data() + number.size() ||
        secret.iterations < kScramIterationsMin || secret.iterations > kScramIterationsMax)
        return failure(fmt::format("iterations are a number from {} to {}", kScramIterationsMin,
                                   kScramIterationsMax));
    constexpr std::size_t kKeyBytes = 32;
    if (!salt || salt->empty() || !stored_key || stored_key->size() != kKeyBytes || !server_key ||
        server_key->size() != kKeyBytes)
        return failure(std::string("salt and keys are not what `lotmesh passwd` writes"));
    secret.salt = *salt;
    secret.stored_key = *stored_key;
    secret.server_key = *server_key;
    return secret;
}

std::unique_ptr<broker::AuthExchange> begin_scram(ScramLookup lookup, std::string nonce) {
    return std::make_unique<ScramExchange>(std::move(lookup), std::move(nonce));
}

}  // namespace lotmesh::server
