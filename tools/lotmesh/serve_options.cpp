#include "tools/lotmesh/serve_options.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <filesystem>
#include <memory>
#include <set>
#include <span>

#include "base/result.h"
#include "tools/lotmesh/auth_options.h"
#include "tools/lotmesh/config_file.h"

namespace lotmesh::tool {

namespace {

// Keys of a node.toml that say something to lint --cluster only.
constexpr std::array<std::string_view, 3> kLintOptions = {"hosts", "env", "secrets"};

// Our reader of configuration files behind CLI11's face. An error is "LINE: what is wrong".
class ConfigReader final : public CLI::Config {
public:
    // `repeated`: the options that may have several values. `paths`: those that name a file, which
    // is relative to `folder`.
    ConfigReader(std::set<std::string> known, std::set<std::string> repeated,
                 std::set<std::string> paths, std::filesystem::path folder)
        : known_(std::move(known)),
          repeated_(std::move(repeated)),
          paths_(std::move(paths)),
          folder_(std::move(folder)) {}

    std::vector<CLI::ConfigItem> from_config(std::istream& input) const override {
        std::string text(kConfigBytesMax + 1, '\0');
        input.read(text.data(), static_cast<std::streamsize>(text.size()));
        if (input.bad()) throw CLI::ConfigError("1: cannot be read");
        text.resize(static_cast<std::size_t>(input.gcount()));
        const auto entries = parse_config(text);
        if (!entries) throw CLI::ConfigError(entries.error());
        std::vector<CLI::ConfigItem> taken;
        for (const ConfigEntry& entry : *entries) {
            if (std::ranges::find(kLintOptions, entry.key) != kLintOptions.end()) continue;
            if (const std::string why = complaint(entry); !why.empty())
                throw CLI::ConfigError(std::to_string(entry.line) + ": " + why);
            taken.push_back({{}, entry.key, entry.values});
            if (paths_.contains(entry.key))
                for (std::string& value : taken.back().inputs)
                    value = (folder_ / value).string();
        }
        return taken;
    }
    // Part of CLI11's face; nobody asks for it.
    std::string to_config(const CLI::App*, bool, bool, std::string) const override { return {}; }

private:
    std::string complaint(const ConfigEntry& entry) const {
        if (!known_.contains(entry.key)) return "there is no option " + entry.key;
        if (!repeated_.contains(entry.key) && entry.array) return entry.key + " takes one value";
        if (std::ranges::find(entry.values, "") != entry.values.end() || entry.values.empty())
            return entry.key + " is empty";
        return {};
    }

    std::set<std::string> known_;
    std::set<std::string> repeated_;
    std::set<std::string> paths_;
    std::filesystem::path folder_;
};

// Of the file behind --config, before it is parsed; empty: there is none, or it is here.
std::filesystem::path config_folder(const std::vector<std::string>& words) {
    constexpr std::string_view kWithValue = "--config=";
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (words[i].starts_with(kWithValue))
            return std::filesystem::path(words[i].substr(kWithValue.size())).parent_path();
        if (words[i] == "--config" && i + 1 < words.size())
            return std::filesystem::path(words[i + 1]).parent_path();
    }
    return {};
}

constexpr std::array<std::string_view, 7> kRepeatedOptions = {
    "listen", "ws-origin", "trusted-proxy", "limit", "tls-certificate", "tls-key", "jwt-key"};
constexpr std::array<std::string_view, 13> kPathOptions = {
    "audit-log",     "acl-file", "routes",          "data",    "cluster-credentials", "port-file",
    "password-file", "jwt-key",  "tls-certificate", "tls-key", "tls-client-ca",       "tls-crl",
    "tls-psk"};

std::set<std::string> names_of(std::span<const std::string_view> names) {
    return {names.begin(), names.end()};
}

std::set<std::string> option_names(const CLI::App& app) {
    std::set<std::string> names;
    for (const CLI::Option* option : app.get_options())
        for (const std::string& name : option->get_lnames())
            if (option != app.get_help_ptr()) names.insert(name);
    return names;
}

void add_repeated(CLI::App& app, const std::string& name, std::vector<std::string>& values,
                  const std::string& about, const std::string& type) {
    app.add_option(name, values, about)->type_name(type)->take_all()->allow_extra_args(false);
}

void add_tls_options(CLI::App& app, TlsOptions& options) {
    const auto add = [&app](const std::string& name, std::string& value, const std::string& about,
                            const std::string& type) {
        app.add_option(name, value, about)->type_name(type);
    };
    add_repeated(app, "--tls-certificate", options.certificates,
                 "certificate of the listeners with TLS, its issuers behind it; may be repeated: "
                 "clients get the one for the host that they ask for, else the first",
                 "FILE");
    add_repeated(app, "--tls-key", options.keys,
                 "its private key; may be repeated, in the same order", "FILE");
    add("--tls-client-certificates", options.client_certificates,
        "whether clients must, may or need not show a certificate of --tls-client-ca (default: "
        "must where that is given)",
        "required|optional|ignored");
    add("--tls-client-ca", options.client_ca, "authorities of the certificates of clients", "FILE");
    add("--tls-crl", options.crl,
        "what these have revoked; whose issuer has no valid list in it is refused", "FILE");
    add("--tls-name-from", options.name_from,
        "what of a client's certificate is its user name: the subject alternative name (URI, else "
        "DNS) or the common name (default: san)",
        "san|cn");
    add("--tls-psk", options.psk, "shared keys, lines IDENTITY:KEY with the key in hexadecimal",
        "FILE");
}

void add_listen_options(CLI::App& app, ServeOptions& options) {
    add_repeated(app, "--listen", options.listen,
                 "address to listen on; may be repeated (default: 127.0.0.1:1883)",
                 "[tls://|ws://|wss://][HOST:]PORT[/PATH][?proxy=v1|v2|any][?connections=NUMBER]");
    add_repeated(app, "--ws-origin", options.ws_origins,
                 "pages of this origin may connect by WebSocket; may be repeated (default: all)",
                 "URL");
    add_repeated(app, "--trusted-proxy", options.trusted_proxies,
                 "network of proxies whose word about clients is taken; may be repeated", "CIDR");
}

}  // namespace

void add_serve_options(CLI::App& app, ServeOptions& options,
                       const std::vector<std::string>& words) {
    add_listen_options(app, options);
    add_repeated(app, "--limit", options.limits, "a limit of the broker; may be repeated",
                 "NAME=VALUE");
    add_tls_options(app, options.tls);
    add_auth_options(app, options.auth);
    app.add_option("--server-reference", options.server_reference,
                   "where clients should go when this broker ends")
        ->type_name("HOST:PORT");
    app.add_option("--response-information", options.response_information,
                   "for clients that ask for it; %c is their client id")
        ->type_name("TOPIC");
    app.add_option("--routes", options.routes, "route file, or folder of *.lot files; watched")
        ->type_name("PATH");
    app.add_option("--name", options.name, "name of this node (default: of this machine)");
    app.add_option("--data", options.data, "folder that keeps the identity of this node")
        ->type_name("DIR");
    app.add_option("--cluster-credentials", options.cluster_credentials,
                   "file with one line user:password, which peers must present")
        ->type_name("FILE");
    app.add_option("--log-level", options.log_level, "debug, info, warning or error")
        ->capture_default_str();
    app.add_flag("--log-topics", options.log_topics,
                 "publish the log below $SYS/broker/log/ too, to whoever may subscribe");
    app.add_option("--port-file", options.port_file, "write the ports listened on, one a line")
        ->type_name("FILE");
    app.config_formatter(
        std::make_shared<ConfigReader>(option_names(app), names_of(kRepeatedOptions),
                                       names_of(kPathOptions), config_folder(words)));
    app.set_config("--config", "",
                   "TOML file with the same names as keys; paths in it are relative to its folder")
        ->type_name("FILE");
}

}  // namespace lotmesh::tool
