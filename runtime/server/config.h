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
#include "runtime/broker/limits.h"
#include "runtime/net/network.h"
#include "runtime/server/auth_rules.h"
#include "runtime/server/listen_address.h"
#include "runtime/server/tls_files.h"

namespace lotmesh::server {

// What a peer must present where this is set.
struct ClusterCredentials {
    std::string username;
    std::string password;
    bool operator==(const ClusterCredentials&) const = default;
};

// One line "user:password" in a file that not everybody can read. Errors show neither of them.
Result<ClusterCredentials, std::string> read_credentials(const std::filesystem::path& path);

struct ServerConfig {
    std::vector<ListenAddress> listen;          // empty: the default, which is loopback only
    std::vector<std::string> ws_origins;        // pages that may connect by WebSocket; empty: all
    std::vector<net::Network> trusted_proxies;  // whose word about clients is taken
    TlsFiles tls;                               // of the listeners that have it
    broker::Limits limits;
    AuthSources auth;              // how clients prove who they are
    bool allow_anonymous = false;  // who proves nothing may connect, from everywhere
    std::optional<std::filesystem::path> audit_log;
    bool core_dumps = false;           // the memory, with secrets in it, may be written to disk
    std::string server_reference;      // see broker::CoreConfig
    std::string response_information;  // the same
    std::optional<std::filesystem::path> routes;
    std::optional<std::filesystem::path> data;
    std::optional<std::filesystem::path> credentials_file;
    std::optional<std::filesystem::path> port_file;
    std::string name;     // empty: the name of this machine
    std::string version;  // of the program
    log::Level log_level = log::Level::Info;
    bool log_topics = false;  // the log is published below $SYS/broker/log/ too
};

inline const ListenAddress kDefaultListen{"127.0.0.1", 1883};

}  // namespace lotmesh::server
