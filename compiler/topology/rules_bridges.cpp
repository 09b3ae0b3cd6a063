// LOT0613 and LOT0614: what bridges do together, and together with the links.
#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "compiler/topology/flow.h"
#include "compiler/topology/rules.h"

namespace lotmesh::topology {

namespace {

using diag::Code;

// Of one loop, and of all ways that are tried; a cluster that has more is not looked through.
constexpr std::size_t kLoopFlowsMax = 8;
constexpr std::size_t kStepsMax = 200'000;

const Link* link_between(const Model& model, std::size_t one, std::size_t other) {
    if (one >= model.nodes.size() || other >= model.nodes.size()) return nullptr;
    for (const Link* link : {find_link(model, one, other), find_link(model, other, one)})
        if (link != nullptr && comes_up(model, *link)) return link;
    return nullptr;
}

class LoopFinder {
public:
    LoopFinder(const Model& model, const Flows& flows, diag::Sink& sink)
        : model_(model), flows_(flows.flows), brokers_(flows.brokers), sink_(sink) {}

    void find() {
        for (first_ = 0; first_ < flows_.size(); ++first_) {
            way_ = {first_};
            const Flow& first = flows_[first_];
            follow(mapped(first.read, first.read, first.write));
        }
    }

private:
    // `topics` have been written by the last flow of the way. Each loop is found from its first
    // flow.
    void follow(const std::string& topics) {
        if (++steps_ > kStepsMax) return;
        const std::size_t last = way_.back();
        if (way_.size() > 1 && continues(last, first_, topics) && comes_round(topics))
            return report();
        if (way_.size() == kLoopFlowsMax) return;
        for (std::size_t next = first_ + 1; next < flows_.size(); ++next) {
            if (std::ranges::find(way_, next) != way_.end() || !continues(last, next, topics))
                continue;
            way_.push_back(next);
            follow(pass(topics, next));
            way_.pop_back();
        }
    }

    // What a bridge has written it does not read again itself.
    bool continues(std::size_t last, std::size_t next, const std::string& topics) const {
        const Flow& from = flows_[last];
        const Flow& to = flows_[next];
        return from.bridge != to.bridge &&
               (from.to == to.from || link_between(model_, from.to, to.from) != nullptr) &&
               intersection(topics, to.read).has_value();
    }

    std::string pass(const std::string& topics, std::size_t next) const {
        const Flow& flow = flows_[next];
        return mapped(*intersection(topics, flow.read), flow.read, flow.write);
    }

    // A second round, as a message would make it.
    bool comes_round(std::string topics) const {
        for (const std::size_t flow : way_) {
            if (!intersection(topics, flows_[flow].read)) return false;
            topics = pass(topics, flow);
        }
        return intersection(topics, flows_[first_].read).has_value();
    }

    void report() const {
        const Flow& first = flows_[first_];
        diag::Diagnostic loop = finding(
            Code::MappingLoop, first.span,
            fmt::format("messages of `{}` come back to where they came from, without end",
                        first.read),
            step(first),
            "leave out one of these mappings, or let it write to topics that none of them reads");
        for (std::size_t i = 1; i < way_.size(); ++i)
            loop.related.push_back({flows_[way_[i]].span, "then " + step(flows_[way_[i]])});
        sink_.report(std::move(loop));
    }

    std::string step(const Flow& flow) const {
        return fmt::format("`{}` of {} to `{}` of {}", flow.read, brokers_[flow.from], flow.write,
                           brokers_[flow.to]);
    }

    const Model& model_;
    const std::vector<Flow>& flows_;
    const std::vector<std::string>& brokers_;
    diag::Sink& sink_;
    std::size_t first_ = 0;
    std::vector<std::size_t> way_;
    std::size_t steps_ = 0;
};

// LOT0614: under another name there are no duplicates.
void check_duplicates(const Model& model, const Flows& flows, diag::Sink& sink) {
    for (const Flow& flow : flows.flows) {
        if (flow.read != flow.write || flow.from == flow.to) continue;
        const Link* const link = link_between(model, flow.from, flow.to);
        if (link == nullptr) continue;
        diag::Diagnostic twice =
            finding(Code::DuplicateDelivery, flow.span,
                    fmt::format("`{}` reaches node `{}` twice", flow.read, flows.brokers[flow.to]),
                    "by this bridge, and by the cluster",
                    "leave the mapping out: the nodes of a cluster have each other's messages");
        twice.related.push_back({link->route.name_span, "the link"});
        sink.report(std::move(twice));
    }
}

}  // namespace

void check_bridges(const Model& model, diag::Sink& sink) {
    const Flows flows = flows_of(model);
    LoopFinder(model, flows, sink).find();
    check_duplicates(model, flows, sink);
}

}  // namespace lotmesh::topology
