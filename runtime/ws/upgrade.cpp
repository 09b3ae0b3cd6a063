#include "runtime/ws/upgrade.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <optional>

#include "base/assert.h"

namespace lotmesh::ws {

namespace {

constexpr std::string_view kKeySuffix = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
constexpr std::string_view kVersion = "13";
constexpr std::array<std::string_view, 2> kProtocols = {"mqtt", "mqttv3.1"};

bool has_word(const std::vector<std::string_view>& list, std::string_view word) {
    return std::ranges::any_of(
        list, [&](std::string_view member) { return equal_ignoring_case(member, word); });
}

bool is_base64(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' ||
           c == '/';
}

// 16 bytes in Base64: 22 characters, of which the last carries two bits, and the padding.
bool is_key(std::string_view key) {
    constexpr std::size_t kCharacters = 22;
    constexpr std::string_view kLast = "AQgw";
    return key.size() == kCharacters + 2 && key.ends_with("==") &&
           kLast.contains(key[kCharacters - 1]) &&
           std::ranges::all_of(key.substr(0, kCharacters), is_base64);
}

std::string_view path_of(std::string_view target) {
    return target.substr(0, std::min(target.find('?'), target.size()));
}

bool allows(const std::vector<std::string>& origins, std::string_view origin) {
    return origins.empty() || std::ranges::any_of(origins, [&](const std::string& allowed) {
               return equal_ignoring_case(allowed, origin);
           });
}

// The client's order is its preference. [MQTT-6.0.0-3] [MQTT-6.0.0-4]
std::string_view choose_protocol(const Request& request) {
    for (const std::string_view offered : request.list("Sec-WebSocket-Protocol"))
        if (std::ranges::find(kProtocols, offered) != kProtocols.end()) return offered;
    return {};
}

std::optional<Refusal> refuse_request(const Request& request, const UpgradeRules& rules) {
    if (request.method != "GET") return Refusal{Status::MethodNotAllowed, "GET is expected"};
    if (request.version_major != 1 || request.version_minor < 1)
        return Refusal{Status::BadRequest, "HTTP/1.1 is expected"};
    if (request.only("Host").empty())
        return Refusal{Status::BadRequest, "one Host header is expected"};
    if (request.has_body) return Refusal{Status::BadRequest, "no body is expected"};
    if (!rules.path.empty() && path_of(request.target) != rules.path)
        return Refusal{Status::NotFound, "nothing is at this path"};
    return std::nullopt;
}

std::optional<Refusal> refuse_upgrade(const Request& request, const UpgradeRules& rules) {
    if (!has_word(request.list("Connection"), "Upgrade") ||
        !has_word(request.list("Upgrade"), "websocket"))
        return Refusal{Status::UpgradeRequired, "MQTT over WebSocket only"};
    if (request.only("Sec-WebSocket-Version") != kVersion)
        return Refusal{Status::UpgradeRequired, "version 13 of WebSocket is expected"};
    if (!is_key(request.only("Sec-WebSocket-Key")))
        return Refusal{Status::BadRequest, "one Sec-WebSocket-Key of 16 bytes is expected"};
    if (request.count("Origin") > 1)
        return Refusal{Status::BadRequest, "one Origin header is expected"};
    // What is no browser sends none, and could write what it likes.
    if (request.count("Origin") == 1 && !allows(rules.origins, request.only("Origin")))
        return Refusal{Status::Forbidden, "this Origin is not allowed"};
    return std::nullopt;
}

std::string_view name_of(Status status) {
    switch (status) {
        case Status::BadRequest: return "Bad Request";
        case Status::Forbidden: return "Forbidden";
        case Status::NotFound: return "Not Found";
        case Status::MethodNotAllowed: return "Method Not Allowed";
        case Status::UpgradeRequired: return "Upgrade Required";
        case Status::HeaderFieldsTooLarge: return "Request Header Fields Too Large";
    }
    UNREACHABLE();
}

std::string_view headers_of(Status status) {
    switch (status) {
        case Status::MethodNotAllowed: return "Allow: GET\r\n";
        case Status::UpgradeRequired: return "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n";
        case Status::BadRequest:
        case Status::Forbidden:
        case Status::NotFound:
        case Status::HeaderFieldsTooLarge: return "";
    }
    UNREACHABLE();
}

// "Upgrade" belongs to this hop, so Connection names it.
std::string_view connection_of(Status status) {
    return status == Status::UpgradeRequired ? "Upgrade, close" : "close";
}

}  // namespace

Result<Upgrade, Refusal> judge(const Request& request, const UpgradeRules& rules) {
    if (const auto refusal = refuse_request(request, rules)) return failure(*refusal);
    if (const auto refusal = refuse_upgrade(request, rules)) return failure(*refusal);
    const std::string_view protocol = choose_protocol(request);
    if (protocol.empty())
        return failure(Refusal{Status::BadRequest, "subprotocol mqtt or mqttv3.1 is expected"});
    Upgrade upgrade;
    upgrade.key = request.only("Sec-WebSocket-Key");
    upgrade.protocol = protocol;
    upgrade.origin = request.only("Origin");
    for (const std::string_view address : request.list("X-Forwarded-For"))
        upgrade.forwarded_for.emplace_back(address);
    upgrade.forwarded = request.count("X-Forwarded-For") + request.count("Forwarded") +
                            request.count("X-Real-IP") + request.count("Via") !=
                        0;
    return upgrade;
}

Refusal refusal_of(RequestState state) {
    if (state == RequestState::TooLarge)
        return {Status::HeaderFieldsTooLarge, "the request is too long"};
    return {Status::BadRequest, "this is no HTTP request"};
}

std::string accept_input(const Upgrade& upgrade) { return upgrade.key + std::string(kKeySuffix); }

std::string response(const Upgrade& upgrade, std::string_view accept) {
    return fmt::format(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Accept: {}\r\nSec-WebSocket-Protocol: {}\r\n\r\n",
        accept, upgrade.protocol);
}

std::string response(const Refusal& refusal) {
    return fmt::format(
        "HTTP/1.1 {} {}\r\n{}Connection: {}\r\nContent-Type: text/plain\r\n"
        "Content-Length: {}\r\n\r\n{}\n",
        static_cast<int>(refusal.status), name_of(refusal.status), headers_of(refusal.status),
        connection_of(refusal.status), refusal.reason.size() + 1, refusal.reason);
}

}  // namespace lotmesh::ws
