#include "compiler/topology/shape.h"

#include <algorithm>

namespace lotmesh::topology {

namespace {

constexpr std::size_t kNone = static_cast<std::size_t>(-1);

// Tarjan: a node or link is a cut when what lies behind it reaches nothing before it.
class CutFinder {
public:
    explicit CutFinder(const Model& model)
        : neighbours_(neighbours(model)),
          entered_(model.nodes.size(), kNone),
          reaches_(model.nodes.size(), kNone) {}

    Cuts find() {
        for (std::size_t node = 0; node < entered_.size(); ++node)
            if (entered_[node] == kNone) visit(node, kNone);
        std::ranges::sort(cuts_.nodes);
        std::ranges::sort(cuts_.links);
        return std::move(cuts_);
    }

private:
    void visit(std::size_t node, std::size_t parent) {
        entered_[node] = reaches_[node] = ++count_;
        std::size_t children = 0;
        bool is_cut = false;
        for (const std::size_t other : neighbours_[node]) {
            if (other == parent) continue;
            if (entered_[other] != kNone) {
                reaches_[node] = std::min(reaches_[node], entered_[other]);
                continue;
            }
            ++children;
            visit(other, node);
            reaches_[node] = std::min(reaches_[node], reaches_[other]);
            is_cut = is_cut || (parent != kNone && reaches_[other] >= entered_[node]);
            if (reaches_[other] > entered_[node])
                cuts_.links.emplace_back(std::min(node, other), std::max(node, other));
        }
        if (is_cut || (parent == kNone && children > 1)) cuts_.nodes.push_back(node);
    }

    std::vector<std::vector<std::size_t>> neighbours_;
    std::vector<std::size_t> entered_;  // in which order; kNone: not yet
    std::vector<std::size_t> reaches_;  // the earliest that is behind it
    std::size_t count_ = 0;
    Cuts cuts_;
};

}  // namespace

std::vector<std::vector<std::size_t>> neighbours(const Model& model) {
    std::vector<std::vector<std::size_t>> result(model.nodes.size());
    for (const Link& link : model.links) {
        if (!link.is_between_nodes()) continue;
        result[link.from].push_back(link.target.node);
        result[link.target.node].push_back(link.from);
    }
    for (std::vector<std::size_t>& list : result) {
        std::ranges::sort(list);
        list.erase(std::ranges::unique(list).begin(), list.end());
    }
    return result;
}

std::vector<std::vector<std::size_t>> islands(const Model& model) {
    const std::vector<std::vector<std::size_t>> next = neighbours(model);
    std::vector<bool> seen(model.nodes.size());
    std::vector<std::vector<std::size_t>> result;
    for (std::size_t first = 0; first < seen.size(); ++first) {
        if (seen[first]) continue;
        std::vector<std::size_t> island = {first};
        seen[first] = true;
        for (std::size_t i = 0; i < island.size(); ++i)
            for (const std::size_t other : next[island[i]])
                if (!seen[other]) {
                    seen[other] = true;
                    island.push_back(other);
                }
        std::ranges::sort(island);
        result.push_back(std::move(island));
    }
    return result;
}

Cuts find_cuts(const Model& model) { return CutFinder(model).find(); }

std::vector<NodePair> unlinked_pairs(const Model& model) {
    const std::vector<std::vector<std::size_t>> next = neighbours(model);
    std::vector<NodePair> pairs;
    for (const std::vector<std::size_t>& island : islands(model))
        for (std::size_t i = 0; i < island.size(); ++i)
            for (std::size_t j = i + 1; j < island.size(); ++j)
                if (!std::ranges::binary_search(next[island[i]], island[j]))
                    pairs.emplace_back(island[i], island[j]);
    std::ranges::sort(pairs);
    return pairs;
}

}  // namespace lotmesh::topology
