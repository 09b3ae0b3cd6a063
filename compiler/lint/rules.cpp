#include "compiler/lint/rules.h"

#include <fmt/core.h>

#include <array>
#include <string>
#include <unordered_map>
#include <utility>

#include "base/endpoint.h"
#include "compiler/diag/suggest.h"

namespace lotmesh::lint {

namespace {

using diag::Code;
using sema::CheckedRoute;
using sema::SetKey;

constexpr std::uint16_t kTlsPort = 8883;
constexpr std::uint32_t kValidityMin = 10;
constexpr std::uint32_t kValidityMax = 300;

constexpr std::array<std::string_view, 4> kTlsKeys = {
    "ALLOW_UNTRUSTED_CERTS", "SERVER_CA_CERT_PATH", "CLIENT_CERT_PATH", "CLIENT_CERT_PASS"};

diag::Diagnostic finding(Code code, source::Span span, std::string message,
                         std::string caption = {}, std::string help = {}) {
    diag::Diagnostic result = diag::draft(code, span, std::move(message));
    result.caption = std::move(caption);
    result.help = std::move(help);
    return result;
}

void lint_tls(const CheckedRoute& route, diag::Sink& sink) {
    const ir::Tls& tls = route.link.tls;
    const bool decided = route.find("USE_TLS") != nullptr && !route.usable("USE_TLS");
    if (decided) return;  // its value is wrong or not known yet
    for (const std::string_view name : kTlsKeys) {
        const SetKey* const key = route.usable(name);
        if (key != nullptr && !tls.enabled)
            sink.report(finding(Code::TlsSettingUnused, key->key_span,
                                fmt::format("`{}` has no effect without TLS", name), "",
                                "WITH USE_TLS true"));
    }
    const SetKey* const port = route.usable("BROKER_PORT");
    // Of a port from a reference nothing is said: the warning would tell which one it is.
    if (port != nullptr && !port->from_reference && route.link.port == kTlsPort && !tls.enabled)
        sink.report(finding(
            Code::PlainTextOnTlsPort, port->value_span,
            fmt::format("port {} is the one for TLS, which this route does not use", kTlsPort), "",
            "WITH USE_TLS true"));
    const SetKey* const untrusted = route.usable("ALLOW_UNTRUSTED_CERTS");
    if (untrusted != nullptr && tls.enabled && tls.allow_untrusted_certs)
        sink.report(finding(Code::UntrustedCertificates, untrusted->key_span,
                            "whoever answers at this address is trusted",
                            "the peer's certificate is not checked",
                            "WITH SERVER_CA_CERT_PATH \"/etc/lotmesh/ca.pem\""));
}

void lint_validity(const CheckedRoute& route, diag::Sink& sink) {
    const SetKey* const key = route.usable("MESSAGE_VALIDITY_SEC");
    if (key == nullptr) return;
    const std::uint32_t seconds = route.link.message_validity_sec;
    if (seconds == 0 || (seconds >= kValidityMin && seconds <= kValidityMax)) return;
    const std::string what = key->from_reference ? "this" : fmt::format("{} seconds", seconds);
    sink.report(finding(Code::UnusualValidity, key->value_span, what + " is an unusual validity",
                        seconds < kValidityMin
                            ? "a peer that restarts is away for longer"
                            : "messages for an absent peer take memory that long",
                        "10 to 30 for fast data, 30 to 60 as a rule, 60 to 300 for critical data"));
}

void lint_credentials(const CheckedRoute& route, diag::Sink& sink) {
    const SetKey* const password = route.find("PASSWORD");
    if (password != nullptr && route.find("USERNAME") == nullptr)
        sink.report(finding(Code::PasswordAlone, password->key_span,
                            "there is a PASSWORD and no USERNAME", "",
                            "WITH USERNAME \"cluster_user\""));
}

void lint_overload(const CheckedRoute& route, diag::Sink& sink) {
    const ir::Overload& overload = route.link.overload;
    const SetKey* const capacity = route.usable("OVERLOAD_CAPACITY");
    if (capacity != nullptr && overload.policy == ir::OverloadPolicy::Lossless)
        sink.report(finding(Code::OverloadSettingUnused, capacity->key_span,
                            "`OVERLOAD_CAPACITY` has no effect when nothing may be lost",
                            "`lossless` wins, the capacity is ignored"));
    const SetKey* const timeout = route.usable("OVERLOAD_TIMEOUT");
    if (timeout != nullptr)
        sink.report(finding(Code::OverloadSettingUnused, timeout->key_span,
                            "`OVERLOAD_TIMEOUT` has no effect on a cluster link",
                            "what waits there is never held by time"));
}

void lint_portability(const CheckedRoute& route, diag::Sink& sink) {
    for (const SetKey& setting : route.settings)
        if (!setting.key->portable)
            sink.report(finding(Code::NotPortable, setting.key_span,
                                fmt::format("other brokers do not document `{}` in a cluster route",
                                            setting.key->name)));
    for (const SetKey& block : route.blocks_not_portable)
        sink.report(finding(Code::NotPortable, block.key_span,
                            "other brokers do not document this block in a cluster route"));
}

void lint_peers(std::span<const CheckedRoute> routes, diag::Sink& sink) {
    std::unordered_map<std::string, source::Span> first;
    for (const CheckedRoute& route : routes) {
        const SetKey* const address = route.usable("BROKER_ADDRESS");
        const SetKey* const port = route.usable("BROKER_PORT");
        if (address == nullptr || port == nullptr) continue;
        const std::string peer =
            to_string(Endpoint{diag::lower_case(route.link.address), route.link.port});
        const auto [other, is_new] = first.try_emplace(peer, address->value_span);
        if (is_new) continue;
        const bool hidden = address->from_reference || port->from_reference;
        diag::Diagnostic second =
            finding(Code::SamePeer, address->value_span,
                    "a second route leads to " + (hidden ? "the same peer" : peer),
                    "one link to a peer is enough");
        second.related.push_back({other->second, "the first one"});
        sink.report(std::move(second));
    }
}

}  // namespace

void lint(std::span<const CheckedRoute> routes, Portability portability, diag::Sink& sink) {
    for (const CheckedRoute& route : routes) {
        lint_tls(route, sink);
        lint_validity(route, sink);
        lint_credentials(route, sink);
        lint_overload(route, sink);
        if (portability == Portability::Warn) lint_portability(route, sink);
    }
    lint_peers(routes, sink);
}

}  // namespace lotmesh::lint
