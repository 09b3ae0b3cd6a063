// The compiler's face for a whole cluster: the folders of all nodes in, what is wrong with each and
// with all of them together out, and the model that graph and trace look at. Pure; any thread.
//
// Each folder is one plan, as in compile.h; the rules of topology/rules.h come on top. References
// are resolved with what the nodes say that they have, never from this machine's environment.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "compiler/compile.h"
#include "compiler/topology/certificates.h"
#include "compiler/topology/model.h"
#include "compiler/topology/rules.h"

namespace lotmesh {

// One node's files; at least one.
struct NodeFolder {
    std::string name;  // of the folder: that of the node, where nothing else says so
    std::vector<SourceText> files = {};
    std::optional<SourceText> declaration = std::nullopt;  // node.toml
    std::string path = {};                                 // for relative paths in its files
};

struct ClusterOptions {
    topology::Profile profile = topology::Profile::Check;
    bool portable = false;
    std::vector<topology::Answer> answers = {};  // of running nodes, to compare with
    const topology::FilePort* files = nullptr;   // borrowed; none: no file is looked at
    // Borrowed; none: certificates and hashes are not looked into. With it, the time (since 1970,
    // UTC).
    const topology::CryptoPort* crypto = nullptr;
    std::int64_t now_s = 0;
    diag::Levels levels = {};
    CompilerLimits limits = {};
};

struct ClusterResult {
    topology::Model model;  // its spans are of report.sources; what has errors is as far as it goes
    diag::Report report;
    bool ok = false;  // no error, whatever the levels make of the rest
};

ClusterResult check_cluster(std::span<const NodeFolder> folders,
                            const ClusterOptions& options = {});

}  // namespace lotmesh
