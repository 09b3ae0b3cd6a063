#include "tools/lotmesh/serve_command.h"

#include <cstdio>

#include "base/utf8.h"
#include "runtime/server/daemon.h"
#include "runtime/server/limit_names.h"
#include "tools/lotmesh/command_line.h"
#include "tools/lotmesh/version.h"

namespace lotmesh::tool {

namespace {

constexpr std::size_t kNameBytesMax = 128;

std::optional<std::filesystem::path> path_if_given(const std::string& path) {
    if (path.empty()) return std::nullopt;
    return path;
}

using Read = Result<void, std::string>;

Read read_listen(const ServeOptions& options, server::ServerConfig& config) {
    for (const std::string& text : options.listen) {
        auto address = server::parse_listen(text);
        if (!address) return failure("--listen: " + address.error());
        config.listen.push_back(std::move(*address));
    }
    for (const std::string& text : options.ws_origins) {
        auto origin = server::parse_origin(text);
        if (!origin) return failure("--ws-origin: " + origin.error());
        config.ws_origins.push_back(std::move(*origin));
    }
    for (const std::string& text : options.trusted_proxies) {
        const auto network = net::Network::parse(text);
        if (!network)
            return failure(
                "--trusted-proxy: \"" + text +
                "\" is no network: expected an address or ADDRESS/BITS, like 10.0.0.0/8");
        config.trusted_proxies.push_back(*network);
    }
    return {};
}

Read read_client_certificates(const TlsOptions& options, server::TlsFiles& tls) {
    const std::string& word = options.client_certificates;
    using net::ClientCertificates;
    if (word == "required" || (word.empty() && tls.client_ca))
        tls.client_certificates = ClientCertificates::Required;
    else if (word == "optional")
        tls.client_certificates = ClientCertificates::Optional;
    else if (!word.empty() && word != "ignored")
        return failure("--tls-client-certificates: \"" + word +
                       "\" is none of required, optional, ignored");
    const bool asked = tls.client_certificates != ClientCertificates::Ignored;
    if (asked && !tls.client_ca)
        return failure(std::string("--tls-client-certificates: needs --tls-client-ca"));
    if (tls.crl && !asked)
        return failure(
            std::string("--tls-crl: no certificates of clients are asked for: "
                        "--tls-client-ca is missing"));
    return {};
}

Read read_tls(const TlsOptions& options, server::TlsFiles& tls) {
    if (options.certificates.size() != options.keys.size())
        return failure("--tls-certificate: there are " +
                       std::to_string(options.certificates.size()) + " of them, and " +
                       std::to_string(options.keys.size()) + " of --tls-key");
    for (std::size_t i = 0; i < options.keys.size(); ++i)
        tls.identities.push_back({options.certificates[i], options.keys[i]});
    tls.client_ca = path_if_given(options.client_ca);
    tls.crl = path_if_given(options.crl);
    tls.psk = path_if_given(options.psk);
    if (options.name_from == "cn")
        tls.name_from = net::NameFrom::CommonName;
    else if (!options.name_from.empty() && options.name_from != "san")
        return failure("--tls-name-from: \"" + options.name_from + "\" is neither san nor cn");
    return read_client_certificates(options, tls);
}

// What clients are told of us.
Read read_answers(const ServeOptions& options, server::ServerConfig& config) {
    for (const std::string& text : options.limits)
        if (auto set = server::set_limit(config.limits, text); !set)
            return failure("--limit: " + set.error());
    const auto is_text = [](const std::string& text) {
        return is_mqtt_utf8(text) && text.size() <= kNameBytesMax;
    };
    if (!is_text(options.server_reference))
        return failure(std::string("--server-reference: no text, or too long"));
    if (!is_text(options.response_information) ||
        options.response_information.find_first_of("+#") != std::string::npos)
        return failure(std::string("--response-information: no topic, or too long"));
    config.server_reference = options.server_reference;
    config.response_information = options.response_information;
    return read_auth_options(options.auth, config);
}

int refuse(const std::string& why) {
    std::fprintf(stderr, "lotmesh: %s\n", why.c_str());
    return kExitConfig;
}

}  // namespace

Result<server::ServerConfig, std::string> to_config(const ServeOptions& options) {
    server::ServerConfig config;
    if (auto read = read_listen(options, config); !read) return failure(read.error());
    if (auto read = read_tls(options.tls, config.tls); !read) return failure(read.error());
    if (auto read = read_answers(options, config); !read) return failure(read.error());
    const auto level = log::parse_level(options.log_level);
    if (!level)
        return failure("--log-level: \"" + options.log_level +
                       "\" is none of debug, info, warning, error");
    if (options.name.size() > kNameBytesMax)
        return failure("--name: longer than " + std::to_string(kNameBytesMax) + " bytes");
    // It stands in the JSON of $SYS and in packets to peers.
    if (!is_mqtt_utf8(options.name)) return failure("--name: not valid UTF-8");
    config.log_level = *level;
    config.log_topics = options.log_topics;
    config.name = options.name;
    config.version = kVersion;
    config.routes = path_if_given(options.routes);
    config.data = path_if_given(options.data);
    config.credentials_file = path_if_given(options.cluster_credentials);
    config.port_file = path_if_given(options.port_file);
    return config;
}

int run_serve(const ServeOptions& options) {
    const auto config = to_config(options);
    if (!config) return refuse(config.error());
    const auto ended = server::run_daemon(*config, [](std::string_view line) {
        std::printf("%.*s\n", static_cast<int>(line.size()), line.data());
        std::fflush(stdout);
    });
    return ended ? *ended : refuse(ended.error());
}

}  // namespace lotmesh::tool
