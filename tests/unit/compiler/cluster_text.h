// Folders of nodes for tests about clusters.
#pragma once

#include <fmt/core.h>

#include <string>
#include <string_view>
#include <vector>

#include "compiler/cluster.h"

namespace lotmesh::test {

inline std::string pragma(std::string_view node, std::string_view listen) {
    return fmt::format("//! node: {} listen: {}\n", node, listen);
}

inline std::string route(std::string_view from, std::string_view to, std::string_view address) {
    return fmt::format(
        "DEFINE ROUTE {0}To{1} WITH TYPE MQTT_CLUSTER\n    ADD CLUSTER_CONFIG\n"
        "        WITH BROKER_ADDRESS \"{2}\"\n        WITH BROKER_PORT '1883'\n"
        "        WITH CLIENT_ID \"{0}-to-{1}\"\n",
        from, to, address);
}

// Nodes of one letter on 10.0.0.1, 10.0.0.2, ..., and the links "ab", from a to b.
inline std::vector<NodeFolder> cluster_of(std::string_view nodes,
                                          const std::vector<std::string>& links) {
    const auto address = [&](char node) { return fmt::format("10.0.0.{}", nodes.find(node) + 1); };
    std::vector<NodeFolder> folders;
    for (const char node : nodes) {
        const std::string name(1, node);
        std::string text = pragma(name, address(node) + ":1883");
        for (const std::string& link : links)
            if (link.front() == node) text += route(name, link.substr(1), address(link.back()));
        folders.push_back({.name = name, .files = {{name + ".lot", text}}});
    }
    return folders;
}

}  // namespace lotmesh::test
