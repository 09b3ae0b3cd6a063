#include "compiler/ir/dump.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "base/assert.h"
#include "base/bytes.h"
#include "base/hash.h"

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
    out.u8(link.tls.enabled ? 1 : 0);
    out.u8(link.tls.allow_untrusted_certs ? 1 : 0);
    put(out, link.tls.server_ca_cert_path);
    put(out, link.tls.client_cert_path);
    put(out, link.tls.client_cert_pass.reveal());
    out.u8(static_cast<std::uint8_t>(link.overload.policy));
    out.u32(link.overload.timeout_ms);
    out.u32(link.overload.capacity);
}

// One line for each setting that is there.
class LinkDump {
public:
    explicit LinkDump(const Link& link) : link_(link), out_(fmt::format("link {}\n", link.name)) {}

    void text(std::string_view name, std::string_view key, std::string_view value) {
        const std::string visible = shown(link_, key, value);
        if (!visible.empty()) out_ += fmt::format("  {:<21} {}\n", name, visible);
    }
    void number(std::string_view name, std::string_view key, std::uint32_t value) {
        text(name, key, std::to_string(value));
    }
    std::string take() { return std::move(out_); }

private:
    const Link& link_;
    std::string out_;
};

}  // namespace

std::string shown(const Link& link, std::string_view key, std::string_view value) {
    const auto found = std::ranges::find(link.references, key, &Reference::key);
    return found == link.references.end() ? std::string(value) : found->written;
}

std::string dump(const Link& link) {
    LinkDump out(link);
    out.text("address", "BROKER_ADDRESS", link.address);
    out.number("port", "BROKER_PORT", link.port);
    out.text("client_id", "CLIENT_ID", link.client_id);
    out.text("username", "USERNAME", link.username);
    out.text("password", "PASSWORD", stars(link.password));
    out.number("message_validity_sec", "MESSAGE_VALIDITY_SEC", link.message_validity_sec);
    out.number("keepalive_sec", "KEEPALIVE_SEC", link.keepalive_sec);
    out.number("reconnection_retries", "RECONNECTION_RETRIES", link.reconnection_retries);
    out.text("tls", "USE_TLS", link.tls.enabled ? "yes" : "no");
    out.text("allow_untrusted_certs", "ALLOW_UNTRUSTED_CERTS",
             link.tls.allow_untrusted_certs ? "yes" : "");
    out.text("server_ca_cert_path", "SERVER_CA_CERT_PATH", link.tls.server_ca_cert_path);
    out.text("client_cert_path", "CLIENT_CERT_PATH", link.tls.client_cert_path);
    out.text("client_cert_pass", "CLIENT_CERT_PASS", stars(link.tls.client_cert_pass));
    out.text("overload_policy", "OVERLOAD_POLICY", to_string(link.overload.policy));
    out.number("overload_timeout_ms", "OVERLOAD_TIMEOUT", link.overload.timeout_ms);
    out.number("overload_capacity", "OVERLOAD_CAPACITY", link.overload.capacity);
    return out.take();
}

std::string dump(const Plan& plan) {
    std::string out = fmt::format("plan {:016x}, {} link{}\n", fingerprint(plan), plan.links.size(),
                                  plan.links.size() == 1 ? "" : "s");
    for (const Link& link : plan.links)
        out += dump(link);
    return out;
}

std::uint64_t fingerprint(const Plan& plan) {
    Bytes bytes;
    ByteWriter writer(bytes);
    for (const Link& link : plan.links)
        put(writer, link);
    return hash64(ByteView(bytes));
}

}  // namespace lotmesh::ir
