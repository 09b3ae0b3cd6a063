#include "compiler/lint/rules.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>

#include "base/endpoint.h"
#include "compiler/diag/suggest.h"
#include "compiler/ir/mapping.h"

namespace lotmesh::lint {

namespace {

using diag::Code;
using sema::BlockTarget;
using sema::CheckedBlock;
using sema::CheckedBridge;
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

// What is at the other end of a connection: a peer, or a broker of a bridge. `Settings` finds keys.
template <typename Settings>
void lint_tls(const Settings& settings, const ir::Tls& tls, std::uint16_t port_number,
              diag::Sink& sink) {
    const bool decided = settings.find("USE_TLS") != nullptr && !settings.usable("USE_TLS");
    if (decided) return;  // its value is wrong or not known yet
    for (const std::string_view name : kTlsKeys) {
        const SetKey* const key = settings.usable(name);
        if (key != nullptr && !tls.enabled)
            sink.report(finding(Code::TlsSettingUnused, key->key_span,
                                fmt::format("`{}` has no effect without TLS", name), "",
                                "WITH USE_TLS true"));
    }
    const SetKey* const port = settings.usable("BROKER_PORT");
    // Of a port from a reference nothing is said: the warning would tell which one it is.
    if (port != nullptr && !port->from_reference && port_number == kTlsPort && !tls.enabled)
        sink.report(finding(
            Code::PlainTextOnTlsPort, port->value_span,
            fmt::format("port {} is the one for TLS, which this route does not use", kTlsPort), "",
            "WITH USE_TLS true"));
    const SetKey* const untrusted = settings.usable("ALLOW_UNTRUSTED_CERTS");
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

template <typename Settings>
void lint_credentials(const Settings& settings, diag::Sink& sink) {
    const SetKey* const password = settings.find("PASSWORD");
    if (password != nullptr && settings.find("USERNAME") == nullptr)
        sink.report(finding(Code::PasswordAlone, password->key_span,
                            "there is a PASSWORD and no USERNAME", "",
                            "WITH USERNAME \"cluster_user\""));
}

template <typename Settings>
void lint_capacity(const Settings& settings, const ir::Overload& overload, diag::Sink& sink) {
    const SetKey* const capacity = settings.usable("OVERLOAD_CAPACITY");
    if (capacity != nullptr && overload.policy == ir::OverloadPolicy::Lossless)
        sink.report(finding(Code::OverloadSettingUnused, capacity->key_span,
                            "`OVERLOAD_CAPACITY` has no effect when nothing may be lost",
                            "`lossless` wins, the capacity is ignored"));
}

void lint_overload(const CheckedRoute& route, diag::Sink& sink) {
    lint_capacity(route, route.link.overload, sink);
    const SetKey* const timeout = route.usable("OVERLOAD_TIMEOUT");
    if (timeout != nullptr)
        sink.report(finding(Code::OverloadSettingUnused, timeout->key_span,
                            "`OVERLOAD_TIMEOUT` has no effect on a cluster link",
                            "what waits there is never held by time"));
}

void lint_overload(const CheckedBridge& route, diag::Sink& sink) {
    const CheckedBlock* const block = route.find(BlockTarget::BridgeOverload);
    if (block == nullptr) return;
    lint_capacity(*block, route.bridge.overload, sink);
    const SetKey* const timeout = block->usable("OVERLOAD_TIMEOUT");
    if (timeout != nullptr && route.bridge.overload.policy != ir::OverloadPolicy::Balanced)
        sink.report(finding(Code::OverloadSettingUnused, timeout->key_span,
                            "`OVERLOAD_TIMEOUT` has an effect on `balanced` only",
                            "this policy does not wait"));
}

void lint_portability(const std::vector<CheckedBlock>& blocks, std::string_view kind,
                      diag::Sink& sink) {
    for (const CheckedBlock& block : blocks) {
        if (!block.schema->portable)
            sink.report(
                finding(Code::NotPortable, block.span,
                        fmt::format("other brokers do not document this block in a {}", kind)));
        for (const SetKey& setting : block.settings)
            if (!setting.key->portable)
                sink.report(finding(Code::NotPortable, setting.key_span,
                                    fmt::format("other brokers do not document `{}` in a {}",
                                                setting.key->name, kind)));
    }
}

void lint_end(const ir::BridgeEnd& end, const CheckedBlock* block, diag::Sink& sink) {
    if (block == nullptr) return;
    if (!block->self) {
        lint_tls(*block, end.tls, end.port, sink);
        lint_credentials(*block, sink);
    }
    if (!end.self) return;  // or its BROKER cannot be read: who knows what was meant
    for (const SetKey& setting : block->settings) {
        if (setting.key->name == "BROKER") continue;
        // BROKER_ADDRESS SELF was told already.
        if (setting.key->takes_self && block->find("BROKER") == nullptr) continue;
        sink.report(
            finding(Code::SelfSettingUnused, setting.key_span,
                    fmt::format("`{}` has no effect on this broker itself", setting.key->name),
                    "`BROKER SELF` is all there is to say"));
    }
}

bool is_one_broker(const ir::BridgeEnd& source, const ir::BridgeEnd& destination) {
    if (source.self != destination.self) return false;
    if (source.self) return true;
    return source.port != 0 && !source.address.empty() && source.port == destination.port &&
           diag::lower_case(source.address) == diag::lower_case(destination.address);
}

void lint_mappings(const CheckedBridge& route, diag::Sink& sink) {
    if (!route.bridge.destination.self) return;
    for (const CheckedBlock& block : route.blocks) {
        const SetKey* const direction = block.usable("DIRECTION");
        if (direction == nullptr) continue;
        const auto at = static_cast<std::size_t>(std::ranges::count_if(
            std::span(route.blocks.data(), &block), [](const CheckedBlock& before) {
                return before.schema->target == BlockTarget::Mapping;
            }));
        const ir::Mapping& mapping = route.bridge.mappings[at];
        if (mapping.direction != ir::Direction::In) continue;
        diag::Diagnostic second =
            finding(Code::AmbiguousDirection, direction->value_span,
                    "`in` with this broker as the destination is read in several ways",
                    "here it takes from the destination: from this broker to the other");
        second.notes.push_back("read as: " + ir::flows(route.bridge, mapping).front());
        second.help = "name this broker in SOURCE_CONFIG, so that `in` comes in and `out` goes out";
        sink.report(std::move(second));
    }
}

void lint_bridge(const CheckedBridge& route, diag::Sink& sink) {
    const ir::Bridge& bridge = route.bridge;
    sink.report(finding(Code::BridgeInactive, route.name_span,
                        "this version does not run bridges yet, so this route is inactive",
                        "checked, and not run"));
    lint_end(bridge.source, route.find(BlockTarget::Source), sink);
    lint_end(bridge.destination, route.find(BlockTarget::Destination), sink);
    const CheckedBlock* const destination = route.find(BlockTarget::Destination);
    if (destination != nullptr && is_one_broker(bridge.source, bridge.destination))
        sink.report(finding(Code::BridgeToItself, destination->span,
                            "the destination is the broker that the source is",
                            "what it maps may come round again for ever"));
    lint_mappings(route, sink);
    lint_overload(route, sink);
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

void lint(const sema::CheckedRoutes& routes, Portability portability, diag::Sink& sink) {
    for (const CheckedRoute& route : routes.links) {
        lint_tls(route, route.link.tls, route.link.port, sink);
        lint_validity(route, sink);
        lint_credentials(route, sink);
        lint_overload(route, sink);
        if (portability == Portability::Warn) lint_portability(route.blocks, "cluster route", sink);
    }
    lint_peers(routes.links, sink);
    for (const CheckedBridge& route : routes.bridges) {
        lint_bridge(route, sink);
        if (portability == Portability::Warn) lint_portability(route.blocks, "bridge", sink);
    }
    lint_access(routes.rules, portability, sink);
}

}  // namespace lotmesh::lint
