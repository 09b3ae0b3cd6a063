#include "tools/lotmesh/graph_command.h"

#include <iostream>
#include <utility>

#include "tools/lotmesh/ask_node.h"
#include "tools/lotmesh/cluster_folders.h"

namespace lotmesh::tool {

GraphExit graph(const GraphOptions& options, std::ostream& out, std::ostream& error) {
    topology::Picture picture;
    std::size_t errors = 0;
    if (!options.folder.empty()) {
        const auto folders = read_cluster_folders(options.folder);
        if (!folders) {
            error << "lotmesh graph: " << folders.error() << "\n";
            return GraphExit::CouldNotRun;
        }
        const ClusterResult cluster = check_cluster(*folders);
        picture = topology::picture_of(cluster.model);
        errors = cluster.report.error_count();
    }
    std::vector<topology::LiveNode> running;
    for (const Endpoint& broker : options.live) {
        auto node = ask_node(broker);
        if (!node) {
            error << "lotmesh graph: " << node.error() << "\n";
            return GraphExit::CouldNotRun;
        }
        running.push_back(std::move(*node));
    }
    if (!running.empty()) topology::overlay(picture, running);
    out << topology::draw(picture, options.drawing);
    if (errors == 0) return GraphExit::Drawn;
    error << "lotmesh graph: the files have errors, so that something may be missing: lotmesh lint "
             "--cluster "
          << options.folder << "\n";
    return GraphExit::Incomplete;
}

int run_graph(const GraphOptions& options) {
    return static_cast<int>(graph(options, std::cout, std::cerr));
}

}  // namespace lotmesh::tool
