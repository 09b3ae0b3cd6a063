// What `lotmesh serve` was told, as a value, and the readers of its parts.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/log.h"
#include "base/result.h"

namespace lotmesh::server {

struct ListenAddress {
    std::string host;        // name, IPv4 or IPv6; empty: all addresses of this machine
    std::uint16_t port = 0;  // 0: the system chooses
    bool operator==(const ListenAddress&) const = default;
};

// "[HOST:]PORT": "1883", "localhost:1883", "0.0.0.0:0", "[::1]:1883". The error is one line.
Result<ListenAddress, std::string> parse_listen(std::string_view text);

std::string to_string(const ListenAddress& address);

// What a peer must present where this is set.
struct ClusterCredentials {
    std::string username;
    std::string password;
    bool operator==(const ClusterCredentials&) const = default;
};

// One line "user:password" in a file that not everybody can read. Errors show neither of them.
Result<ClusterCredentials, std::string> read_credentials(const std::filesystem::path& path);

struct ServerConfig {
    std::vector<ListenAddress> listen;  // empty: the default, which is loopback only
    std::optional<std::filesystem::path> routes;
    std::optional<std::filesystem::path> data;
    std::optional<std::filesystem::path> credentials_file;
    std::optional<std::filesystem::path> port_file;
    std::string name;     // empty: the name of this machine
    std::string version;  // of the program
    log::Level log_level = log::Level::Info;
};

inline const ListenAddress kDefaultListen{"127.0.0.1", 1883};

}  // namespace lotmesh::server
