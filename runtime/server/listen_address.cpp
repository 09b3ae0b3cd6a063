#include "runtime/server/listen_address.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "base/assert.h"
#include "base/endpoint.h"

namespace lotmesh::server {

namespace {

struct Scheme {
    std::string_view prefix;
    Protocol protocol;
    bool tls;
};
// The first of its kind is what is shown.
constexpr std::array<Scheme, 6> kSchemes = {{{"tcp://", Protocol::Tcp, false},
                                             {"tls://", Protocol::Tcp, true},
                                             {"ws://", Protocol::WebSocket, false},
                                             {"wss://", Protocol::WebSocket, true},
                                             {"mqtt://", Protocol::Tcp, false},
                                             {"mqtts://", Protocol::Tcp, true}}};
constexpr std::string_view kProxy = "proxy=";
constexpr std::string_view kConnections = "connections=";
constexpr std::size_t kConnectionsMax = 1'000'000'000;

constexpr std::array<std::pair<std::string_view, net::ProxyVersion>, 3> kProxyWords = {
    {{"v1", net::ProxyVersion::V1},
     {"v2", net::ProxyVersion::V2},
     {"any", net::ProxyVersion::Either}}};

std::optional<std::uint16_t> parse_port(std::string_view text) {
    std::uint16_t port = 0;
    const char* end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data(), end, port);
    if (parsed.ec != std::errc{} || parsed.ptr != end) return std::nullopt;
    return port;
}

bool take_prefix(std::string_view& text, std::string_view prefix) {
    if (!text.starts_with(prefix)) return false;
    text.remove_prefix(prefix.size());
    return true;
}

// What stands from this character on, taken off the end.
std::string_view take_from(std::string_view& text, char first) {
    const std::size_t at = std::min(text.find(first), text.size());
    const std::string_view rest = text.substr(at);
    text = text.substr(0, at);
    return rest;
}

bool parse_host_and_port(std::string_view text, ListenAddress& address) {
    const std::size_t colon = text.rfind(':');
    const bool has_host = colon != std::string_view::npos;
    const auto port = parse_port(has_host ? text.substr(colon + 1) : text);
    if (!port) return false;
    address.port = *port;
    if (!has_host) return true;
    std::string_view host = text.substr(0, colon);
    const bool bracketed = host.starts_with('[') && host.ends_with(']');
    if (bracketed) host = host.substr(1, host.size() - 2);
    address.host = host;
    // "::1:1883" could be read in two ways, so IPv6 needs its brackets and nothing else has them.
    return !host.empty() && host.contains(':') == bracketed;
}

bool parse_proxy(std::string_view word, ListenAddress& address) {
    const auto known =
        std::ranges::find(kProxyWords, word, &decltype(kProxyWords)::value_type::first);
    if (known == kProxyWords.end()) return false;
    address.proxy = known->second;
    return true;
}

bool parse_connections(std::string_view word, ListenAddress& address) {
    std::size_t count = 0;
    const char* end = word.data() + word.size();
    const auto parsed = std::from_chars(word.data(), end, count);
    if (parsed.ec != std::errc{} || parsed.ptr != end || count == 0 || count > kConnectionsMax)
        return false;
    address.connections_max = count;
    return true;
}

// "?proxy=v1&connections=100", each once; or nothing.
bool parse_query(std::string_view query, ListenAddress& address) {
    for (char before = '?'; !query.empty(); before = '&') {
        if (!query.starts_with(before)) return false;
        query.remove_prefix(1);
        std::string_view word = query;
        query = take_from(word, '&');
        const bool good = take_prefix(word, kProxy)
                              ? !address.proxy && parse_proxy(word, address)
                              : take_prefix(word, kConnections) && address.connections_max == 0 &&
                                    parse_connections(word, address);
        if (!good) return false;
    }
    return true;
}

bool is_path(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~' && c != '#'; });
}

bool parse(std::string_view text, ListenAddress& address) {
    for (const Scheme& scheme : kSchemes) {
        if (!take_prefix(text, scheme.prefix)) continue;
        address.protocol = scheme.protocol;
        address.tls = scheme.tls;
        break;
    }
    if (!parse_query(take_from(text, '?'), address)) return false;
    if (address.protocol == Protocol::WebSocket) address.path = take_from(text, '/');
    return is_path(address.path) && parse_host_and_port(text, address);
}

std::string_view word_of(net::ProxyVersion version) {
    const auto known =
        std::ranges::find(kProxyWords, version, &decltype(kProxyWords)::value_type::second);
    ASSERT(known != kProxyWords.end());
    return known->first;
}

bool is_scheme(std::string_view text) { return text == "http" || text == "https"; }

}  // namespace

Result<ListenAddress, std::string> parse_listen(std::string_view text) {
    ListenAddress address;
    if (parse(text, address)) return address;
    return failure("\"" + std::string(text) + "\" is not an address to listen on: expected " +
                   "[HOST:]PORT, like 1883, 127.0.0.1:1883 or [::1]:1883, or " +
                   "ws://[HOST:]PORT[/PATH], with TLS tls:// or wss://, each with ?proxy=v1, v2 " +
                   "or any where proxies connect, and ?connections=NUMBER where it may have so " +
                   "many only");
}

std::string to_string(const ListenAddress& address) {
    const bool is_ipv6 = address.host.contains(':');
    std::string text = (is_ipv6 ? "[" + address.host + "]" : address.host) + ":" +
                       std::to_string(address.port) + address.path;
    if (address.proxy) text += "?" + std::string(kProxy) + std::string(word_of(*address.proxy));
    if (address.connections_max != 0)
        text += (address.proxy ? "&" : "?") + std::string(kConnections) +
                std::to_string(address.connections_max);
    if (address.protocol == Protocol::Tcp && !address.tls) return text;
    const auto scheme = std::ranges::find_if(kSchemes, [&address](const Scheme& known) {
        return known.protocol == address.protocol && known.tls == address.tls;
    });
    ASSERT(scheme != kSchemes.end());
    return std::string(scheme->prefix) + text;
}

Result<std::string, std::string> parse_origin(std::string_view text) {
    const std::string_view scheme = text.substr(0, text.find("://"));
    std::string_view host = text.substr(std::min(scheme.size() + 3, text.size()));
    if (host.ends_with('/')) host.remove_suffix(1);
    // Browsers leave the scheme's own port away.
    const std::string_view own_port = scheme == "https" ? ":443" : ":80";
    if (host.ends_with(own_port)) host.remove_suffix(own_port.size());
    const bool with_port = host.ends_with(']') ? false : host.contains(':');
    const bool good = with_port ? parse_endpoint(host).has_value()
                                : parse_endpoint(std::string(host) + ":1").has_value();
    if (!is_scheme(scheme) || host.empty() || host.starts_with(':') || !good)
        return failure("\"" + std::string(text) + "\" is not an origin: expected " +
                       "http[s]://HOST[:PORT], like https://example.org");
    return std::string(scheme) + "://" + std::string(host);
}

}  // namespace lotmesh::server
