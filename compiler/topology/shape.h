// The cluster as a graph: a link joins two nodes in both directions, whoever dials. Which parts
// there are, and whose loss makes more of them.
//
// Pure; nodes are indexes into the model. Recursion is as deep as there are nodes (limits.h).
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "compiler/topology/model.h"

namespace lotmesh::topology {

using NodePair = std::pair<std::size_t, std::size_t>;  // the smaller index first

// What each node has a link with, in order, each once.
std::vector<std::vector<std::size_t>> neighbours(const Model& model);

// Each part's nodes in order; the parts in the order of their first nodes.
std::vector<std::vector<std::size_t>> islands(const Model& model);

struct Cuts {
    std::vector<std::size_t> nodes;
    std::vector<NodePair> links;
};
// Nodes and links without which the parts would be more. Two nodes that have one link are cut by
// its loss.
Cuts find_cuts(const Model& model);

// Pairs of one part that have no link of their own.
std::vector<NodePair> unlinked_pairs(const Model& model);

}  // namespace lotmesh::topology
