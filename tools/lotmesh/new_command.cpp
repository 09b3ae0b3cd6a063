#include "tools/lotmesh/new_command.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <optional>

#include "base/endpoint.h"
#include "runtime/net/certificate_authority.h"
#include "runtime/net/crypto.h"
#include "runtime/server/files.h"

namespace lotmesh::tool {

namespace {

namespace fs = std::filesystem;
using net::CertificateAuthority;
using net::Validity;

constexpr std::uint16_t kPlainPort = 1883;
constexpr std::uint16_t kTlsPort = 8883;
constexpr std::int64_t kDay_s = 24 * 60 * 60;
// Clocks of other machines may be a little behind.
constexpr std::int64_t kEarlier_s = 60 * 60;
constexpr std::size_t kNameBytesMax = 40;
constexpr std::size_t kPasswordBytes = 18;
constexpr std::string_view kUser = "cluster";

bool is_node_name(std::string_view name) {
    const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    const auto is_good = [&](char c) {
        return is_letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '-';
    };
    return !name.empty() && name.size() <= kNameBytesMax && is_letter(name.front()) &&
           std::ranges::all_of(name, is_good);
}

std::string address_of(const NewNode& node) { return node.host.empty() ? "127.0.0.1" : node.host; }

std::string certificate_name(const NewNode& node) { return "lotmesh://" + node.name; }

std::string route_text(const NewNode& from, const NewNode& to, const NewClusterOptions& options,
                       const std::string& password) {
    const std::string text = fmt::format(
        "DEFINE ROUTE To_{0} WITH TYPE MQTT_CLUSTER\n"
        "    ADD CLUSTER_CONFIG\n"
        "        WITH BROKER_ADDRESS \"{1}\"\n"
        "        WITH BROKER_PORT '{2}'\n"
        "        WITH CLIENT_ID \"{3}-to-{0}\"\n"
        "        WITH MESSAGE_VALIDITY_SEC '30'\n",
        to.name, address_of(to), to.port, from.name);
    if (options.tls)
        return text +
               "        WITH USE_TLS true\n"
               "        WITH SERVER_CA_CERT_PATH \"tls/ca.pem\"\n"
               "        WITH CLIENT_CERT_PATH \"tls/link.pem\"\n";
    return text + fmt::format(
                      "        WITH USERNAME \"{}\"\n"
                      "        WITH PASSWORD \"{}\"\n",
                      kUser, password);
}

std::string routes_text(const NewNode& from, const std::vector<NewNode>& nodes,
                        const NewClusterOptions& options, const std::string& password) {
    std::string text = "// The routes of node " + from.name + ": one to each other node.\n";
    bool first = true;
    for (const NewNode& to : nodes) {
        if (to.name == from.name) continue;
        if (!first) text += "\n";
        first = false;
        text += route_text(from, to, options, password);
    }
    return text;
}

// Where others come from elsewhere, the node listens on all of its addresses.
std::string node_text(const NewNode& node, const NewClusterOptions& options) {
    const std::string listen = fmt::format("{}{}:{}", options.tls ? "tls://" : "",
                                           node.host.empty() ? "127.0.0.1" : "0.0.0.0", node.port);
    std::string text = fmt::format(
        "# lotmesh serve --config {0}/node.toml\n"
        "name = \"{0}\"\n"
        "listen = \"{1}\"\n",
        node.name, listen);
    text +=
        "routes = \".\"\n"
        "data = \"data\"\n";
    if (!options.tls) text += "cluster-credentials = \"cluster-credentials\"\n";
    if (options.tls)
        text +=
            "acl-file = \"rules.acl\"\n"
            "tls-certificate = \"tls/node.pem\"\n"
            "tls-key = \"tls/node.key\"\n"
            "tls-client-ca = \"tls/ca.pem\"\n"
            "tls-client-certificates = \"optional\"\n";
    if (!node.host.empty()) text += fmt::format("hosts = [\"{}\"]\n", node.host);
    return text;
}

// Nodes are known by their certificates, so that no password need be shared.
std::string rules_text(const std::vector<NewNode>& nodes) {
    std::string text = "# Nodes of the cluster, by their certificates.\n";
    for (const NewNode& node : nodes)
        text += fmt::format("allow user \"{}\" cluster\n", certificate_name(node));
    return text +
           "\n# Clients that this node believes: with a certificate of the same authority, or on "
           "this\n"
           "# machine. Narrow it down to what each may do (docs/authorisation.md).\n"
           "allow anybody connect\n"
           "allow anybody read,write #\n"
           "\n# Who may give commands to the nodes (lotmesh apply):\n"
           "# allow user NAME admin\n";
}

// One certificate to listen with, and one to show where it dials; both name the node.
void add_certificates(const CertificateAuthority& authority, const NewNode& node, Validity validity,
                      std::map<std::string, std::string>& files) {
    const std::string folder = node.name + "/tls/";
    std::vector<std::string> names = {address_of(node)};
    if (node.host.empty()) names.emplace_back("localhost");
    const auto listener =
        authority.issue({.common_name = node.name, .names = names, .validity = validity});
    const auto link = authority.issue(
        {.common_name = node.name, .names = {certificate_name(node)}, .validity = validity});
    files[folder + "ca.pem"] = authority.certificate();
    files[folder + "node.pem"] = listener.certificate;
    files[folder + "node.key"] = listener.private_key;
    files[folder + "link.pem"] = link.certificate + link.private_key;
}

using Written = Result<void, std::string>;

Written make_folder(const fs::path& path) {
    // What is in it is for its owner.
    if (::mkdir(path.c_str(), S_IRWXU) == 0 || fs::is_directory(path)) return {};
    return failure(server::os_complaint("make folder", path));
}

Written write_all(const fs::path& folder, const std::map<std::string, std::string>& files) {
    for (const auto& [name, text] : files) {
        fs::path below = folder;
        for (const fs::path& part : fs::path(name).parent_path()) {
            below /= part;
            if (auto made = make_folder(below); !made) return made;
        }
        if (auto written = server::write_durably(folder / name, text); !written) return written;
    }
    return {};
}

int complain(const std::string& why) {
    std::fprintf(stderr, "lotmesh new: %s\n", why.c_str());
    return 1;
}

void say_what_is_next(const NewClusterOptions& options, const std::vector<NewNode>& nodes) {
    std::printf("%s: %zu nodes\n", options.folder.c_str(), nodes.size());
    std::printf("    lotmesh lint --cluster %s\n", options.folder.c_str());
    for (const NewNode& node : nodes)
        std::printf("    lotmesh serve --config %s/%s/node.toml\n", options.folder.c_str(),
                    node.name.c_str());
    if (options.tls)
        std::printf(
            "%s/ca/ca.key signs certificates of this cluster: keep it away from its nodes\n",
            options.folder.c_str());
}

}  // namespace

Result<std::vector<NewNode>, std::string> parse_new_nodes(const NewClusterOptions& options) {
    std::vector<NewNode> nodes;
    const std::uint16_t standard_port = options.tls ? kTlsPort : kPlainPort;
    const std::uint16_t first_port = options.port != 0 ? options.port : standard_port;
    for (std::string_view rest = options.nodes; !rest.empty() || nodes.empty();) {
        const std::string_view word = rest.substr(0, rest.find(','));
        rest.remove_prefix(std::min(word.size() + 1, rest.size()));
        const std::size_t equals = std::min(word.find('='), word.size());
        NewNode node{std::string(word.substr(0, equals)),
                     std::string(word.substr(std::min(equals + 1, word.size()))), first_port};
        if (!is_node_name(node.name))
            return failure(
                fmt::format("\"{}\" is no name of a node: letters, digits, - and _, "
                            "beginning with a letter",
                            node.name));
        if (std::ranges::find(nodes, node.name, &NewNode::name) != nodes.end())
            return failure("there are two nodes of the name " + node.name);
        const bool has_host = equals < word.size();
        const bool bad_host = has_host && (node.host.empty() || !parse_endpoint(node.host + ":1"));
        if (bad_host || node.host.find_first_of("\"\\ ") != std::string::npos)
            return failure("\"" + node.host + "\" is no host");
        if (node.host.empty()) node.port = static_cast<std::uint16_t>(first_port + nodes.size());
        if (nodes.size() == kNewNodesMax)
            return failure(fmt::format("more than {} nodes", kNewNodesMax));
        nodes.push_back(std::move(node));
    }
    return nodes;
}

std::map<std::string, std::string> new_cluster_files(const NewClusterOptions& options,
                                                     const std::vector<NewNode>& nodes,
                                                     const std::string& password,
                                                     std::int64_t now_s) {
    std::map<std::string, std::string> files;
    std::optional<CertificateAuthority> authority;
    const Validity validity{now_s - kEarlier_s, now_s + options.days * kDay_s};
    if (options.tls) {
        authority.emplace("lotmesh cluster CA", validity);
        files["ca/ca.pem"] = authority->certificate();
        files["ca/ca.key"] = authority->private_key();
    }
    for (const NewNode& node : nodes) {
        files[node.name + "/node.toml"] = node_text(node, options);
        files[node.name + "/routes.lot"] = routes_text(node, nodes, options, password);
        if (!authority) {
            files[node.name + "/cluster-credentials"] = fmt::format("{}:{}\n", kUser, password);
            continue;
        }
        files[node.name + "/rules.acl"] = rules_text(nodes);
        add_certificates(*authority, node, validity, files);
    }
    return files;
}

int run_new_cluster(const NewClusterOptions& options) {
    const auto nodes = parse_new_nodes(options);
    if (!nodes) return complain("--nodes: " + nodes.error());
    const fs::path folder = options.folder;
    std::error_code error;
    if (fs::exists(folder, error) && !fs::is_empty(folder, error))
        return complain(options.folder + " is not empty, and nothing in it is written over");
    if (auto made = make_folder(folder); !made) return complain(made.error());
    const std::string password = net::base64(net::random_bytes(kPasswordBytes));
    const auto files = new_cluster_files(options, *nodes, password, std::time(nullptr));
    if (auto written = write_all(folder, files); !written) return complain(written.error());
    say_what_is_next(options, *nodes);
    return 0;
}

}  // namespace lotmesh::tool
