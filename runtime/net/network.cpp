#include "runtime/net/network.h"

#include <netinet/in.h>

#include <charconv>
#include <cstring>
#include <ranges>
#include <string>

namespace lotmesh::net {

namespace {

constexpr unsigned kIpv6Bits = 128;
constexpr unsigned kIpv4Bits = 32;
constexpr unsigned kMappedBits = kIpv6Bits - kIpv4Bits;  // what an IPv4 address has before it
constexpr unsigned kByteBits = 8;

std::array<std::uint8_t, 16> as_ipv6(const Address& address) {
    std::array<std::uint8_t, 16> bytes{};
    if (address.family() == AF_INET6) {
        const auto* v6 = reinterpret_cast<const sockaddr_in6*>(address.get());
        std::memcpy(bytes.data(), &v6->sin6_addr, bytes.size());
    } else {
        const auto* v4 = reinterpret_cast<const sockaddr_in*>(address.get());
        bytes[10] = bytes[11] = 0xFF;
        std::memcpy(bytes.data() + 12, &v4->sin_addr, 4);
    }
    return bytes;
}

std::optional<unsigned> parse_bits(std::string_view text, unsigned max) {
    unsigned bits = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, bits);
    if (text.empty() || error != std::errc{} || stop != end || bits > max) return std::nullopt;
    return bits;
}

// "203.0.113.9", "[2001:db8::1]", each also with ":PORT", as some proxies write it.
std::optional<Address> parse_forwarded(std::string_view text) {
    if (text.starts_with('[')) {
        const std::size_t close = text.find(']');
        if (close == std::string_view::npos) return std::nullopt;
        return Address::parse(std::string(text.substr(1, close - 1)), 0);
    }
    const bool has_port =
        text.contains('.') && text.contains(':') && text.find(':') == text.rfind(':');
    return Address::parse(std::string(has_port ? text.substr(0, text.find(':')) : text), 0);
}

}  // namespace

std::optional<Network> Network::parse(std::string_view text) {
    const std::size_t slash = text.find('/');
    const auto address = Address::parse(std::string(text.substr(0, slash)), 0);
    if (!address) return std::nullopt;
    const unsigned before = address->family() == AF_INET6 ? 0 : kMappedBits;
    Network network;
    network.prefix_bits_ = kIpv6Bits;
    if (slash != std::string_view::npos) {
        const auto bits = parse_bits(text.substr(slash + 1), kIpv6Bits - before);
        if (!bits) return std::nullopt;
        network.prefix_bits_ = before + *bits;
    }
    network.bytes_ = as_ipv6(*address);
    return network;
}

bool Network::contains(const Address& address) const {
    const auto bytes = as_ipv6(address);
    const unsigned whole = prefix_bits_ / kByteBits;
    if (std::memcmp(bytes.data(), bytes_.data(), whole) != 0) return false;
    const unsigned rest = prefix_bits_ % kByteBits;
    return rest == 0 || (bytes[whole] ^ bytes_[whole]) >> (kByteBits - rest) == 0;
}

bool any_contains(std::span<const Network> networks, const Address& address) {
    for (const Network& network : networks)
        if (network.contains(address)) return true;
    return false;
}

Address client_behind(const Address& peer, std::span<const std::string> forwarded_for,
                      std::span<const Network> trusted) {
    Address client = peer;
    for (const std::string& text : std::views::reverse(forwarded_for)) {
        if (!any_contains(trusted, client)) break;
        const auto before = parse_forwarded(text);
        if (!before) break;
        client = *before;
    }
    return client;
}

}  // namespace lotmesh::net
