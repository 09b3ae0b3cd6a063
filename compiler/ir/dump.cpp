#include "compiler/ir/dump.h"

#include <fmt/core.h>

#include <string_view>

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

std::string_view shown(const Secret& secret) { return secret.empty() ? "" : "***"; }

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

}  // namespace

std::string dump(const Link& link) {
    std::string out = fmt::format("link {}\n", link.name);
    const auto line = [&](std::string_view key, const auto& value) {
        out += fmt::format("  {:<21} {}\n", key, value);
    };
    const auto text = [&](std::string_view key, std::string_view value) {
        if (!value.empty()) line(key, value);
    };
    line("address", link.address);
    line("port", link.port);
    line("client_id", link.client_id);
    text("username", link.username);
    text("password", shown(link.password));
    line("message_validity_sec", link.message_validity_sec);
    line("keepalive_sec", link.keepalive_sec);
    line("reconnection_retries", link.reconnection_retries);
    line("tls", link.tls.enabled ? "yes" : "no");
    if (link.tls.allow_untrusted_certs) line("allow_untrusted_certs", "yes");
    text("server_ca_cert_path", link.tls.server_ca_cert_path);
    text("client_cert_path", link.tls.client_cert_path);
    text("client_cert_pass", shown(link.tls.client_cert_pass));
    line("overload_policy", to_string(link.overload.policy));
    line("overload_timeout_ms", link.overload.timeout_ms);
    line("overload_capacity", link.overload.capacity);
    return out;
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
