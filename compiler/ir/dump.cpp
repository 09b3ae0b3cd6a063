#include "compiler/ir/dump.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "base/assert.h"
#include "base/bytes.h"
#include "base/hash.h"
#include "compiler/ir/mapping.h"

namespace lotmesh::ir {

namespace {

std::string_view to_string(OverloadPolicy policy) {
    switch (policy) {
        case OverloadPolicy::Lossless: return "lossless";
        case OverloadPolicy::Balanced: return "balanced";
        case OverloadPolicy::Realtime: return "realtime";
    }
    UNREACHABLE();
}

std::string_view stars(const Secret& secret) { return secret.empty() ? "" : "***"; }

void put(ByteWriter& out, std::string_view text) {
    out.u32(static_cast<std::uint32_t>(text.size()));
    out.bytes(as_bytes(text));
}

void put(ByteWriter& out, const Tls& tls) {
    out.u8(tls.enabled ? 1 : 0);
    out.u8(tls.allow_untrusted_certs ? 1 : 0);
    put(out, tls.server_ca_cert_path);
    put(out, tls.client_cert_path);
    put(out, tls.client_cert_pass.reveal());
}

void put(ByteWriter& out, const Overload& overload) {
    out.u8(static_cast<std::uint8_t>(overload.policy));
    out.u32(overload.timeout_ms);
    out.u32(overload.capacity);
}

void put(ByteWriter& out, const Link& link) {
    put(out, link.name);
    put(out, link.address);
    out.u16(link.port);
    put(out, link.client_id);
    put(out, link.username);
    put(out, link.password.reveal());
    out.u32(link.message_validity_sec);
    out.u32(link.keepalive_sec);
    out.u32(link.reconnection_retries);
    put(out, link.tls);
    put(out, link.overload);
}

void put(ByteWriter& out, const BridgeEnd& end) {
    out.u8(end.self ? 1 : 0);
    put(out, end.address);
    out.u16(end.port);
    put(out, end.client_id);
    put(out, end.username);
    put(out, end.password.reveal());
    out.u32(end.reconnection_retries);
    put(out, end.tls);
}

// No name is that long: what follows is of another kind.
constexpr std::uint32_t kBridgeMark = 0xFFFF'FFFF;
constexpr std::uint32_t kRuleMark = 0xFFFF'FFFE;

void put(ByteWriter& out, const Bridge& bridge) {
    out.u32(kBridgeMark);
    put(out, bridge.name);
    put(out, bridge.source);
    put(out, bridge.destination);
    put(out, bridge.overload);
    out.u32(static_cast<std::uint32_t>(bridge.mappings.size()));
    for (const Mapping& mapping : bridge.mappings) {
        put(out, mapping.name);
        put(out, mapping.source_topic);
        put(out, mapping.destination_topic);
        out.u8(static_cast<std::uint8_t>(mapping.direction));
    }
}

void put(ByteWriter& out, const Rule& rule) {
    out.u32(kRuleMark);
    put(out, rule.name);
    out.u32(rule.priority);
    out.u8(static_cast<std::uint8_t>(rule.scope));
    put(out, rule.topic.value);
    out.u32(static_cast<std::uint32_t>(rule.condition.size()));
    for (const ConditionStep& step : rule.condition) {
        out.u8(static_cast<std::uint8_t>(step.op));
        put(out, step.text.value);
    }
    out.u8(static_cast<std::uint8_t>(rule.then));
    out.u8(rule.otherwise ? static_cast<std::uint8_t>(*rule.otherwise) : 0xFF);
}

// One line for each setting that is there.
class Settings {
public:
    Settings(std::size_t indent, const std::vector<Reference>& references)
        : indent_(indent), references_(references) {}

    void text(std::string_view name, std::string_view key, std::string_view value) {
        const std::string visible = shown(references_, key, value);
        if (!visible.empty())
            out_ += fmt::format("{:{}}{:<{}} {}\n", "", indent_, name, kNameWidth, visible);
    }
    void number(std::string_view name, std::string_view key, std::uint32_t value) {
        text(name, key, std::to_string(value));
    }
    void tls(const Tls& tls) {
        text("tls", "USE_TLS", tls.enabled ? "yes" : "no");
        text("allow_untrusted_certs", "ALLOW_UNTRUSTED_CERTS",
             tls.allow_untrusted_certs ? "yes" : "");
        text("server_ca_cert_path", "SERVER_CA_CERT_PATH", tls.server_ca_cert_path);
        text("client_cert_path", "CLIENT_CERT_PATH", tls.client_cert_path);
        text("client_cert_pass", "CLIENT_CERT_PASS", stars(tls.client_cert_pass));
    }
    void overload(const Overload& overload) {
        text("overload_policy", "OVERLOAD_POLICY", to_string(overload.policy));
        number("overload_timeout_ms", "OVERLOAD_TIMEOUT", overload.timeout_ms);
        number("overload_capacity", "OVERLOAD_CAPACITY", overload.capacity);
    }
    std::string take() { return std::move(out_); }

private:
    static constexpr std::size_t kNameWidth = 21;

    std::size_t indent_;
    const std::vector<Reference>& references_;
    std::string out_;
};

std::string dump_end(std::string_view which, const BridgeEnd& end) {
    if (end.self) return fmt::format("  {} this broker\n", which);
    Settings out(4, end.references);
    out.text("address", "BROKER_ADDRESS", end.address);
    out.number("port", "BROKER_PORT", end.port);
    out.text("client_id", "CLIENT_ID", end.client_id);
    out.text("username", "USERNAME", end.username);
    out.text("password", "PASSWORD", stars(end.password));
    out.number("reconnection_retries", "RECONNECTION_RETRIES", end.reconnection_retries);
    out.tls(end.tls);
    return fmt::format("  {}\n{}", which, out.take());
}

std::string counted(std::size_t count, std::string_view what) {
    return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

}  // namespace

std::string shown(const std::vector<Reference>& references, std::string_view key,
                  std::string_view value) {
    const auto found = std::ranges::find(references, key, &Reference::key);
    return found == references.end() ? std::string(value) : found->written;
}

std::string shown(const Link& link, std::string_view key, std::string_view value) {
    return shown(link.references, key, value);
}

std::string dump(const Link& link) {
    Settings out(2, link.references);
    out.text("address", "BROKER_ADDRESS", link.address);
    out.number("port", "BROKER_PORT", link.port);
    out.text("client_id", "CLIENT_ID", link.client_id);
    out.text("username", "USERNAME", link.username);
    out.text("password", "PASSWORD", stars(link.password));
    out.number("message_validity_sec", "MESSAGE_VALIDITY_SEC", link.message_validity_sec);
    out.number("keepalive_sec", "KEEPALIVE_SEC", link.keepalive_sec);
    out.number("reconnection_retries", "RECONNECTION_RETRIES", link.reconnection_retries);
    out.tls(link.tls);
    out.overload(link.overload);
    return fmt::format("link {}\n{}", link.name, out.take());
}

std::string dump(const Bridge& bridge) {
    std::string out = fmt::format("bridge {}\n", bridge.name);
    out += dump_end("source", bridge.source);
    out += dump_end("destination", bridge.destination);
    for (const Mapping& mapping : bridge.mappings) {
        out += fmt::format("  mapping {}\n", mapping.name);
        for (const std::string& flow : flows(bridge, mapping))
            out += fmt::format("    {}\n", flow);
    }
    Settings overload(2, bridge.references);
    overload.overload(bridge.overload);
    return out + overload.take();
}

std::string dump(const Rule& rule) {
    const std::vector<Reference> none;
    Settings out(2, none);
    out.text("priority", "", std::to_string(rule.priority));
    out.text("scope", "", info(rule.scope).name);
    out.text("topic", "", shown(rule.topic));
    out.text("if", "", shown(rule.condition));
    out.text("then", "", to_string(rule.then));
    if (rule.otherwise) out.text("else", "", to_string(*rule.otherwise));
    return fmt::format("rule {}\n{}", rule.name, out.take());
}

std::string dump(const Plan& plan) {
    std::string out =
        fmt::format("plan {:016x}, {}", fingerprint(plan), counted(plan.links.size(), "link"));
    if (!plan.bridges.empty()) out += ", " + counted(plan.bridges.size(), "bridge");
    if (!plan.rules.empty()) out += ", " + counted(plan.rules.size(), "rule");
    out += '\n';
    for (const Link& link : plan.links)
        out += dump(link);
    for (const Bridge& bridge : plan.bridges)
        out += dump(bridge);
    for (const Rule& rule : plan.rules)
        out += dump(rule);
    return out;
}

std::uint64_t fingerprint(const Plan& plan) {
    Bytes bytes;
    ByteWriter writer(bytes);
    for (const Link& link : plan.links)
        put(writer, link);
    for (const Bridge& bridge : plan.bridges)
        put(writer, bridge);
    for (const Rule& rule : plan.rules)
        put(writer, rule);
    return hash64(ByteView(bytes));
}

}  // namespace lotmesh::ir
