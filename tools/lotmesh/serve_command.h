// `lotmesh serve`: from words to a running broker.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "runtime/server/config.h"
#include "tools/lotmesh/auth_options.h"

namespace lotmesh::tool {

// Of all listeners with TLS; empty means not given.
struct TlsOptions {
    std::vector<std::string> certificates;
    std::vector<std::string> keys;  // in the same order
    std::string client_certificates;
    std::string client_ca;
    std::string crl;
    std::string name_from;
    std::string psk;
    bool operator==(const TlsOptions&) const = default;
};

// As given, by options or in the configuration file; empty means not given.
struct ServeOptions {
    std::vector<std::string> listen;
    std::vector<std::string> ws_origins;
    std::vector<std::string> trusted_proxies;
    std::vector<std::string> limits;
    AuthOptions auth;
    TlsOptions tls;
    std::string server_reference;
    std::string response_information;
    std::string routes;
    std::string name;
    std::string data;
    std::string cluster_credentials;
    std::string port_file;
    std::string log_level = "info";
    bool log_topics = false;
    bool operator==(const ServeOptions&) const = default;
};

// The error is one line.
Result<server::ServerConfig, std::string> to_config(const ServeOptions& options);

// Returns the exit code.
int run_serve(const ServeOptions& options);

}  // namespace lotmesh::tool
