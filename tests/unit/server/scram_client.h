// The client's end of SCRAM-SHA-256.
#pragma once

#include <fmt/core.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "runtime/broker/policy.h"
#include "runtime/net/crypto.h"

namespace lotmesh::server {

// Answers as a client that knows that password.
inline broker::AuthStep log_in(broker::AuthExchange& exchange, std::string_view user,
                               std::string_view password) {
    const std::string bare = fmt::format("n={},r=abc", user);
    const broker::AuthStep first = exchange.step("n,," + bare);
    if (first.reason != mqtt::ReasonCode::ContinueAuthentication) return first;
    const std::size_t salt_at = first.data.find(",s=") + 3;
    const std::size_t iterations_at = first.data.find(",i=") + 3;
    const std::string nonce = first.data.substr(2, salt_at - 5);
    const std::string salt =
        *net::from_base64(first.data.substr(salt_at, iterations_at - 3 - salt_at));
    const std::string salted = net::pbkdf2_sha256(
        password, salt, static_cast<std::uint32_t>(std::stoul(first.data.substr(iterations_at))));
    const std::string key = net::hmac_sha256(salted, "Client Key");
    const std::string without_proof = "c=biws,r=" + nonce;
    std::string proof =
        net::hmac_sha256(net::sha256(key), bare + "," + first.data + "," + without_proof);
    for (std::size_t i = 0; i < proof.size(); ++i)
        proof[i] = static_cast<char>(proof[i] ^ key[i]);
    return exchange.step(without_proof + ",p=" + net::base64(proof));
}

}  // namespace lotmesh::server
