#include "runtime/net/address.h"

#include <netinet/in.h>
#include <uv.h>

#include <array>
#include <cstring>

namespace lotmesh::net {

namespace {

socklen_t size_of_family(int family) {
    return family == AF_INET6 ? sizeof(sockaddr_in6) : sizeof(sockaddr_in);
}

}  // namespace

Address::Address(const sockaddr* address) {
    std::memcpy(&storage_, address, size_of_family(address->sa_family));
}

std::optional<Address> Address::parse(const std::string& host, std::uint16_t port) {
    sockaddr_in v4{};
    if (uv_ip4_addr(host.c_str(), port, &v4) == 0)
        return Address(reinterpret_cast<const sockaddr*>(&v4));
    sockaddr_in6 v6{};
    if (uv_ip6_addr(host.c_str(), port, &v6) == 0)
        return Address(reinterpret_cast<const sockaddr*>(&v6));
    return std::nullopt;
}

Address Address::any_ipv6(std::uint16_t port) { return *parse("::", port); }
Address Address::any_ipv4(std::uint16_t port) { return *parse("0.0.0.0", port); }

std::optional<Address> Address::local_of(int fd) {
    Address address;
    socklen_t size = sizeof(address.storage_);
    if (::getsockname(fd, reinterpret_cast<sockaddr*>(&address.storage_), &size) != 0)
        return std::nullopt;
    return address;
}

socklen_t Address::size() const { return size_of_family(family()); }

std::uint16_t Address::port() const {
    return ntohs(family() == AF_INET6 ? reinterpret_cast<const sockaddr_in6*>(&storage_)->sin6_port
                                      : reinterpret_cast<const sockaddr_in*>(&storage_)->sin_port);
}

Address Address::with_port(std::uint16_t port) const {
    Address copy = *this;
    if (family() == AF_INET6)
        reinterpret_cast<sockaddr_in6*>(&copy.storage_)->sin6_port = htons(port);
    else
        reinterpret_cast<sockaddr_in*>(&copy.storage_)->sin_port = htons(port);
    return copy;
}

bool Address::is_loopback() const {
    constexpr std::uint32_t kFirstByte = 0xFF00'0000;
    constexpr std::uint32_t kLoopback = 0x7F00'0000;
    std::uint32_t v4 = 0;
    if (family() == AF_INET) {
        v4 = reinterpret_cast<const sockaddr_in*>(&storage_)->sin_addr.s_addr;
    } else {
        const in6_addr& v6 = reinterpret_cast<const sockaddr_in6*>(&storage_)->sin6_addr;
        if (IN6_IS_ADDR_LOOPBACK(&v6)) return true;
        if (!IN6_IS_ADDR_V4MAPPED(&v6)) return false;
        std::memcpy(&v4, v6.s6_addr + 12, sizeof(v4));
    }
    return (ntohl(v4) & kFirstByte) == kLoopback;
}

Address::Source Address::source() const {
    Source source{};
    if (family() == AF_INET6) {
        in6_addr whole{};
        std::memcpy(&whole, &reinterpret_cast<const sockaddr_in6*>(&storage_)->sin6_addr,
                    sizeof(whole));
        const std::size_t bytes = IN6_IS_ADDR_V4MAPPED(&whole) ? sizeof(whole) : sizeof(whole) / 2;
        std::memcpy(source.data(), &whole, bytes);
    } else if (family() == AF_INET) {
        source[10] = source[11] = 0xFF;  // as it is written in IPv6
        std::memcpy(source.data() + 12, &reinterpret_cast<const sockaddr_in*>(&storage_)->sin_addr,
                    sizeof(in_addr));
    }
    return source;
}

std::string Address::host() const {
    std::array<char, 64> name{};
    if (family() == AF_INET6)
        uv_ip6_name(reinterpret_cast<const sockaddr_in6*>(&storage_), name.data(), name.size());
    else
        uv_ip4_name(reinterpret_cast<const sockaddr_in*>(&storage_), name.data(), name.size());
    return name.data();
}

std::string Address::text() const {
    const std::string name = family() == AF_INET6 ? "[" + host() + "]" : host();
    return name + ":" + std::to_string(port());
}

}  // namespace lotmesh::net
