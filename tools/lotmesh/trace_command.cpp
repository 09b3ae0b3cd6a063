#include "tools/lotmesh/trace_command.h"

#include <iostream>

#include "tools/lotmesh/cluster_folders.h"

namespace lotmesh::tool {

TraceExit trace(const TraceOptions& options, std::ostream& out, std::ostream& error) {
    const auto folders = read_cluster_folders(options.folder);
    if (!folders) {
        error << "lotmesh trace: " << folders.error() << "\n";
        return TraceExit::CouldNotRun;
    }
    const ClusterResult cluster = check_cluster(*folders);
    const auto traced =
        topology::trace(cluster.model, {options.from, options.topic, options.without});
    if (!traced) {
        error << "lotmesh trace: " << traced.error() << "\n";
        return TraceExit::CouldNotRun;
    }
    if (cluster.report.has_errors())
        error
            << "lotmesh trace: the files have errors, so that a link may be missing: lotmesh lint "
               "--cluster "
            << options.folder << "\n";
    out << (options.format == TraceFormat::Json ? topology::trace_json(cluster.model, *traced)
                                                : topology::trace_text(cluster.model, *traced));
    return traced->all_hear() ? TraceExit::AllHear : TraceExit::Unheard;
}

int run_trace(const TraceOptions& options) {
    return static_cast<int>(trace(options, std::cout, std::cerr));
}

}  // namespace lotmesh::tool
