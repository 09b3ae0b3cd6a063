// `lotmesh new cluster`: the folders of a cluster that is not there yet. Each node gets a node.toml
// (for lotmesh serve --config and lotmesh lint --cluster), its routes to all others, and a password
// that nodes present to each other; with --tls certificates of an authority made for this cluster
// alone instead, and rules of access that know nodes by them.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/result.h"

namespace lotmesh::tool {

inline constexpr int kCertificateDaysMax = 36'500;
inline constexpr std::size_t kNewNodesMax = 100;

struct NewClusterOptions {
    std::string folder;
    std::string nodes;  // NAME[=HOST], with commas between
    bool tls = false;
    std::uint16_t port = 0;  // of each node, or of the first one here; 0: MQTT's own
    int days = 365;
    bool operator==(const NewClusterOptions&) const = default;
};

struct NewNode {
    std::string name;
    std::string host;  // empty: this machine, beside the others
    std::uint16_t port = 0;
    bool operator==(const NewNode&) const = default;
};

// The error is one line.
Result<std::vector<NewNode>, std::string> parse_new_nodes(const NewClusterOptions& options);

// Texts by their paths below the folder. `now_s`: since 1970, when certificates begin to hold.
std::map<std::string, std::string> new_cluster_files(const NewClusterOptions& options,
                                                     const std::vector<NewNode>& nodes,
                                                     const std::string& password,
                                                     std::int64_t now_s);

// Writes them where nothing is yet. Returns the exit code.
int run_new_cluster(const NewClusterOptions& options);

}  // namespace lotmesh::tool
