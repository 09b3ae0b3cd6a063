// The keys that brokers at the other end of a connection have, whether of a link or of a bridge,
// and those of overload: one row each for whatever type they are applied to. For schema.cpp only.
#pragma once

#include <array>

#include "compiler/sema/schema.h"

namespace lotmesh::sema {

inline constexpr std::array<std::string_view, 3> kOverloadPolicies = {"lossless", "balanced",
                                                                      "realtime"};
inline constexpr std::array<std::string_view, 3> kDirections = {"out", "in", "both"};

inline constexpr std::uint32_t kUnlimited = 4'000'000'000;  // where the language names no bound

// A key as the documents of the language have it for this type of route, or as only we do.
enum class Documented : bool { No, Yes };

template <typename Target>
constexpr KeySchema username_key() {
    return {
        .name = "USERNAME",
        .sample = "\"cluster_user\"",
        .expected = "a user name",
        .meaning = "who this broker is at the peer",
        .apply = [](Target& target, const Setting& setting) { target.username = setting.text; },
    };
}

template <typename Target>
constexpr KeySchema password_key() {
    return {
        .name = "PASSWORD",
        .secret = true,
        .sample = "GET SECRET \"cluster_password\"",
        .expected = "a password",
        .meaning = "proves it",
        .apply = [](Target& target,
                    const Setting& setting) { target.password = ir::Secret(setting.text); },
    };
}

template <typename Target>
constexpr KeySchema use_tls_key(Documented documented) {
    return {
        .name = "USE_TLS",
        .type = ValueType::Boolean,
        .portable = documented == Documented::Yes,
        .default_text = "false",
        .sample = "true",
        .expected = "`true` or `false`",
        .meaning = "encrypt the link",
        .apply = [](Target& target, const Setting& setting) { target.tls.enabled = setting.flag; },
    };
}

template <typename Target>
constexpr KeySchema allow_untrusted_certs_key(Documented documented) {
    return {
        .name = "ALLOW_UNTRUSTED_CERTS",
        .type = ValueType::Boolean,
        .portable = documented == Documented::Yes,
        .default_text = "false",
        .sample = "false",
        .expected = "`true` or `false`",
        .meaning = "take any certificate of the peer",
        .apply = [](Target& target,
                    const Setting& setting) { target.tls.allow_untrusted_certs = setting.flag; },
    };
}

template <typename Target>
constexpr KeySchema server_ca_cert_path_key(Documented documented) {
    return {
        .name = "SERVER_CA_CERT_PATH",
        .portable = documented == Documented::Yes,
        .sample = "\"/etc/lotmesh/ca.pem\"",
        .expected = "a path",
        .meaning = "who may vouch for the peer, in PEM",
        .apply = [](Target& target,
                    const Setting& setting) { target.tls.server_ca_cert_path = setting.text; },
    };
}

template <typename Target>
constexpr KeySchema client_cert_path_key(Documented documented) {
    return {
        .name = "CLIENT_CERT_PATH",
        .portable = documented == Documented::Yes,
        .sample = "\"/etc/lotmesh/node.pem\"",
        .expected = "a path",
        .meaning = "our certificate and key in one PEM file",
        .apply = [](Target& target,
                    const Setting& setting) { target.tls.client_cert_path = setting.text; },
    };
}

template <typename Target>
constexpr KeySchema client_cert_pass_key(Documented documented) {
    return {
        .name = "CLIENT_CERT_PASS",
        .secret = true,
        .portable = documented == Documented::Yes,
        .sample = "GET SECRET \"node_key\"",
        .expected = "a pass phrase",
        .meaning = "opens the key in CLIENT_CERT_PATH",
        .apply =
            [](Target& target, const Setting& setting) {
                target.tls.client_cert_pass = ir::Secret(setting.text);
            },
    };
}

template <typename Target>
constexpr KeySchema reconnection_retries_key(Documented documented) {
    return {
        .name = "RECONNECTION_RETRIES",
        .type = ValueType::Integer,
        .portable = documented == Documented::Yes,
        .max = 1'000'000,
        .default_text = "5",
        .sample = "'5'",
        .expected = "a number of attempts",
        .meaning = "attempts before the route is shown red; it goes on for ever",
        .apply = [](Target& target,
                    const Setting& setting) { target.reconnection_retries = setting.number; },
    };
}

// What a policy and its settings do depends on the type of route.
struct OverloadMeanings {
    std::string_view policy;
    std::string_view timeout;
    std::string_view capacity;
};

constexpr std::array<KeySchema, 3> overload_keys(const OverloadMeanings& meanings) {
    return {{
        {
            .name = "OVERLOAD_POLICY",
            .type = ValueType::Choice,
            .default_text = "\"balanced\"",
            .sample = "\"balanced\"",
            .expected = "`lossless`, `balanced` or `realtime`",
            .meaning = meanings.policy,
            .choices = kOverloadPolicies,
            .apply =
                [](ir::Overload& overload, const Setting& setting) {
                    overload.policy = static_cast<ir::OverloadPolicy>(setting.number);
                },
        },
        {
            .name = "OVERLOAD_TIMEOUT",
            .type = ValueType::Integer,
            .max = 3'600'000,
            .default_text = "50",
            .sample = "'50'",
            .expected = "a number of milliseconds",
            .meaning = meanings.timeout,
            .apply = [](ir::Overload& overload,
                        const Setting& setting) { overload.timeout_ms = setting.number; },
        },
        {
            .name = "OVERLOAD_CAPACITY",
            .type = ValueType::Integer,
            .max = kUnlimited,
            .default_text = "0",
            .sample = "'10000'",
            .expected = "a number of messages",
            .meaning = meanings.capacity,
            .apply = [](ir::Overload& overload,
                        const Setting& setting) { overload.capacity = setting.number; },
        },
    }};
}

}  // namespace lotmesh::sema
