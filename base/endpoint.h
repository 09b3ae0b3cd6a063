// Host and port: parsing and printing. No lookups here. Host names as in RFC 1123 (with
// underscores, which container networks use), IPv4, and IPv6 with an optional zone.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lotmesh {

struct Endpoint {
    std::string host;  // IPv6 without brackets
    std::uint16_t port = 0;
    bool operator==(const Endpoint&) const = default;
};

bool is_ipv4(std::string_view text);
bool is_ipv6(std::string_view text);  // "::1", "fe80::1%eth0"; no brackets
bool is_host(std::string_view text);  // a name or an address; at most 253 bytes

// "1883", ":1883", "host:1883", "[::1]:1883". A lone port leaves the host empty. Port 0 is taken.
std::optional<Endpoint> parse_endpoint(std::string_view text);

// "host:1883", "[::1]:1883", and ":1883" for an empty host.
std::string to_string(const Endpoint& endpoint);

}  // namespace lotmesh
