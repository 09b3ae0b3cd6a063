// The cluster as a graph: parts, what holds them together, who does not hear whom.
#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "compiler/topology/rules.h"
#include "compiler/topology/shape.h"

namespace lotmesh::topology {

namespace {

using diag::Code;

constexpr std::size_t kPairsShownMax = 5;
constexpr std::string_view kNoRelay =
    "messages go over one link and no further: a node hears those that it has a link with";

// LOT0606. A link that has not found its target may be the one that joins two parts.
bool check_islands(const Model& model, diag::Sink& sink) {
    const std::vector<std::vector<std::size_t>> parts = islands(model);
    if (parts.size() < 2) return false;
    const auto loose = static_cast<std::size_t>(std::ranges::count_if(
        model.links, [](const Link& link) { return link.target.aim != Aim::Node; }));
    if (loose >= parts.size() - 1) return true;
    diag::Diagnostic split =
        finding(Code::Islands, model.nodes[parts[1].front()].span,
                fmt::format("the cluster falls into {} parts that have no link with each other",
                            parts.size()),
                fmt::format("one part is {}", list_nodes(model, parts[1])));
    for (std::size_t i = 0; i < parts.size(); ++i)
        if (i != 1)
            split.related.push_back({model.nodes[parts[i].front()].span,
                                     fmt::format("{} is {}", i == 0 ? "another" : "one more",
                                                 list_nodes(model, parts[i]))});
    sink.report(std::move(split));
    return true;
}

// What remains in parts when a node is gone.
std::string parts_without(const Model& model, std::size_t gone) {
    Model rest = model;
    std::erase_if(rest.links,
                  [&](const Link& link) { return link.from == gone || link.leads_to(gone); });
    std::string text;
    for (const std::vector<std::size_t>& part : islands(rest))
        if (part.front() != gone) text += (text.empty() ? "" : " | ") + list_nodes(rest, part);
    return text;
}

// LOT0607. A pair has but one link: there is nothing to be said about it.
bool check_cuts(const Model& model, diag::Sink& sink) {
    if (model.nodes.size() < 3) return false;
    const Cuts cuts = find_cuts(model);
    for (const std::size_t node : cuts.nodes) {
        diag::Diagnostic cut = finding(
            Code::SinglePointOfFailure, model.nodes[node].span,
            fmt::format("without node `{}` the cluster falls apart", model.nodes[node].name),
            fmt::format("what is left: {}", parts_without(model, node)));
        cut.notes.emplace_back(kNoRelay);
        sink.report(std::move(cut));
    }
    for (const auto& [one, two] : cuts.links) {
        // At a node that is a cut itself, its links say nothing new.
        if (std::ranges::binary_search(cuts.nodes, one) ||
            std::ranges::binary_search(cuts.nodes, two))
            continue;
        const Link* const there = find_link(model, one, two);
        const Link* const back = find_link(model, two, one);
        diag::Diagnostic cut =
            finding(Code::SinglePointOfFailure, (there != nullptr ? there : back)->route.name_span,
                    fmt::format("without the link between {} the cluster falls apart",
                                list_nodes(model, {one, two})));
        cut.notes.emplace_back(kNoRelay);
        sink.report(std::move(cut));
    }
    return !cuts.nodes.empty() || !cuts.links.empty();
}

// LOT0622
void check_pairs(const Model& model, diag::Sink& sink) {
    const std::vector<NodePair> pairs = unlinked_pairs(model);
    if (pairs.empty()) return;
    std::string text;
    for (std::size_t i = 0; i < std::min(pairs.size(), kPairsShownMax); ++i)
        text += (i == 0 ? "" : "; ") + list_nodes(model, {pairs[i].first, pairs[i].second});
    if (pairs.size() > kPairsShownMax)
        text += fmt::format("; and {} more", pairs.size() - kPairsShownMax);
    diag::Diagnostic apart = finding(
        Code::NoDirectLink, model.nodes[pairs.front().first].span,
        pairs.size() == 1 ? "two nodes have no link and do not hear each other"
                          : fmt::format("{} pairs of nodes have no link and do not hear each other",
                                        pairs.size()),
        std::move(text));
    apart.notes.emplace_back(kNoRelay);
    sink.report(std::move(apart));
}

}  // namespace

void check_shape(const Model& model, diag::Sink& sink) {
    if (check_islands(model, sink)) return;
    // What a link without a target would join is not known.
    if (std::ranges::any_of(model.links,
                            [](const Link& link) { return link.target.aim != Aim::Node; }))
        return;
    if (!check_cuts(model, sink)) check_pairs(model, sink);
}

}  // namespace lotmesh::topology
