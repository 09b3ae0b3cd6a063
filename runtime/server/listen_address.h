// What a user writes behind --listen, as a value.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "runtime/net/proxy_header.h"

namespace lotmesh::server {

enum class Protocol : std::uint8_t { Tcp, WebSocket };

struct ListenAddress {
    std::string host;        // name, IPv4 or IPv6; empty: all addresses of this machine
    std::uint16_t port = 0;  // 0: the system chooses
    Protocol protocol = Protocol::Tcp;
    std::string path = {};                        // of WebSocket; empty: any
    std::optional<net::ProxyVersion> proxy = {};  // the header that each connection begins with
    bool tls = false;
    std::size_t connections_max = 0;  // at a time; 0: any
    bool operator==(const ListenAddress&) const = default;
};

// "[tcp://|tls://][HOST:]PORT" or "ws[s]://[HOST:]PORT[/PATH]", and behind it perhaps
// "?proxy=v1|v2|any", "?connections=NUMBER" or both with "&": "1883", "localhost:1883",
// "[::1]:1883", "ws://0.0.0.0:9001/mqtt". "mqtt://" and "mqtts://" are taken for "tcp://" and
// "tls://". The error is one line.
Result<ListenAddress, std::string> parse_listen(std::string_view text);

// As it is read, without a "tcp://" that says nothing.
std::string to_string(const ListenAddress& address);

// "https://example.org", with a port where it is not the scheme's own: as browsers write it.
Result<std::string, std::string> parse_origin(std::string_view text);

}  // namespace lotmesh::server
