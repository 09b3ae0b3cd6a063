// A range of addresses, as "10.0.0.0/8" names it. A value.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/net/address.h"

namespace lotmesh::net {

class Network {
public:
    // "10.0.0.0/8", "fd00::/8", or one address. Bits behind the prefix do not matter.
    static std::optional<Network> parse(std::string_view text);

    // An IPv4 address is the same one written as IPv6 (::ffff:10.0.0.1).
    bool contains(const Address& address) const;

    bool operator==(const Network&) const = default;

private:
    std::array<std::uint8_t, 16> bytes_{};  // as IPv6
    unsigned prefix_bits_ = 0;              // the same
};

bool any_contains(std::span<const Network> networks, const Address& address);

// The client at the beginning of a chain of proxies: `forwarded_for` is what they added to
// X-Forwarded-For, the nearest last, and `peer` who speaks to us. Goes back as far as proxies are
// trusted, since whoever is not may have written the rest himself. The port is 0 where the peer's
// address is not the answer.
Address client_behind(const Address& peer, std::span<const std::string> forwarded_for,
                      std::span<const Network> trusted);

}  // namespace lotmesh::net
