// The header of the PROXY protocol, versions 1 and 2, which a proxy sends before the client's own
// bytes to say who the client is. A machine: bytes in, nothing of the system.
//
// Bounded by kProxyLineBytesMax and kProxyHeaderBytesMax (limits.h). Whoever may connect can say
// what he likes here: only a listener that proxies alone reach may ask for it.
// https://www.haproxy.org/download/2.6/doc/proxy-protocol.txt
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/bytes.h"
#include "runtime/net/address.h"

namespace lotmesh::net {

enum class ProxyVersion : std::uint8_t { V1, V2, Either };

enum class ProxyState : std::uint8_t { Incomplete, Complete, Wrong };

class ProxyHeader {
public:
    explicit ProxyHeader(ProxyVersion wanted) : wanted_(wanted) {}

    struct Step {
        ProxyState state = ProxyState::Incomplete;
        std::size_t used = 0;          // of these bytes; what is behind is the client's
        std::string_view reason = {};  // where it is Wrong
    };
    // Not again after another answer than Incomplete.
    Step receive(ByteView bytes);

    // Of the client; none where the proxy speaks for itself or does not know.
    const std::optional<Address>& client() const { return client_; }

private:
    Step step();
    Step read_line();
    Step read_binary();
    bool read_addresses(std::string_view line);

    ProxyVersion wanted_;
    Bytes held_;
    std::optional<Address> client_;
};

}  // namespace lotmesh::net
