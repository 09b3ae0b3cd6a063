// A numeric IP address with a port, as a value.
#pragma once

#include <sys/socket.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string>

namespace lotmesh::net {

class Address {
public:
    Address() = default;
    explicit Address(const sockaddr* address);

    // IPv4 or IPv6 in numbers (with a scope where it has one); nothing for a host name.
    static std::optional<Address> parse(const std::string& host, std::uint16_t port);
    static Address any_ipv6(std::uint16_t port);
    static Address any_ipv4(std::uint16_t port);

    // Of a socket; nothing where the socket has none.
    static std::optional<Address> local_of(int fd);

    const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage_); }
    socklen_t size() const;
    int family() const { return storage_.ss_family; }
    std::uint16_t port() const;
    Address with_port(std::uint16_t port) const;

    // Of this machine alone: 127.0.0.0/8, ::1, and the first written as IPv6.
    bool is_loopback() const;

    // Who can be behind it: an IPv4 address, or the network of 64 bits of an IPv6 one, whose owner
    // has all of them.
    using Source = std::array<std::uint8_t, 16>;
    Source source() const;

    // "127.0.0.1", "::1"
    std::string host() const;
    // "127.0.0.1:1883", "[::1]:1883"
    std::string text() const;

private:
    sockaddr_storage storage_{};
};

}  // namespace lotmesh::net
