#include "compiler/topology/flow.h"

#include <algorithm>

#include "base/assert.h"
#include "compiler/ir/dump.h"

namespace lotmesh::topology {

namespace {

using Levels = std::vector<std::string_view>;

constexpr std::string_view kOne = "+";
constexpr std::string_view kRest = "#";

Levels split(std::string_view filter) {
    Levels levels;
    while (true) {
        const std::size_t slash = filter.find('/');
        levels.push_back(filter.substr(0, slash));
        if (slash == std::string_view::npos) return levels;
        filter.remove_prefix(slash + 1);
    }
}

std::string join(const Levels& levels) {
    std::string filter;
    for (std::size_t i = 0; i < levels.size(); ++i) {
        if (i != 0) filter += '/';
        filter += levels[i];
    }
    return filter;
}

class Collector {
public:
    explicit Collector(const Model& model) : model_(model) {
        for (const Node& node : model.nodes)
            result_.brokers.push_back(node.name);
    }

    Flows collect() {
        for (std::size_t i = 0; i < model_.bridges.size(); ++i)
            add(i);
        return std::move(result_);
    }

private:
    void add(std::size_t index) {
        const Bridge& bridge = model_.bridges[index];
        const auto source = broker_of(bridge, sema::BlockTarget::Source);
        const auto destination = broker_of(bridge, sema::BlockTarget::Destination);
        if (!source || !destination) return;
        std::size_t next = 0;
        for (const sema::CheckedBlock& block : bridge.route.blocks) {
            if (block.schema->target != sema::BlockTarget::Mapping) continue;
            const ir::Mapping& mapping = bridge.route.bridge.mappings[next++];
            if (!is_plain(block)) continue;
            if (mapping.direction != ir::Direction::In)
                result_.flows.push_back({index, *source, *destination, mapping.source_topic,
                                         mapping.destination_topic, block.span});
            if (mapping.direction != ir::Direction::Out)
                result_.flows.push_back({index, *destination, *source, mapping.destination_topic,
                                         mapping.source_topic, block.span});
        }
    }

    // Everything that it says can be used and is known.
    static bool is_plain(const sema::CheckedBlock& block) {
        return std::ranges::all_of(
            block.settings, [](const sema::SetKey& key) { return key.usable && !key.placeholder; });
    }

    std::optional<std::size_t> broker_of(const Bridge& bridge, sema::BlockTarget which) {
        const sema::CheckedBlock* const block = bridge.route.find(which);
        if (block == nullptr) return std::nullopt;
        const ir::BridgeEnd& end = which == sema::BlockTarget::Source
                                       ? bridge.route.bridge.source
                                       : bridge.route.bridge.destination;
        if (end.self) return bridge.from;
        if (block->usable("BROKER_ADDRESS") == nullptr || block->usable("BROKER_PORT") == nullptr ||
            block->usable("BROKER_ADDRESS")->placeholder ||
            block->usable("BROKER_PORT")->placeholder)
            return std::nullopt;
        const Target target = find_target(model_, bridge.from, {end.address, end.port});
        if (target.aim == Aim::Node) return target.node;
        return stranger(to_string(Endpoint{end.address, end.port}));
    }

    std::size_t stranger(const std::string& name) {
        const auto strangers =
            result_.brokers.begin() + static_cast<std::ptrdiff_t>(model_.nodes.size());
        const auto known = std::find(strangers, result_.brokers.end(), name);
        const auto index = static_cast<std::size_t>(known - result_.brokers.begin());
        if (known == result_.brokers.end()) result_.brokers.push_back(name);
        return index;
    }

    const Model& model_;
    Flows result_;
};

}  // namespace

Flows flows_of(const Model& model) { return Collector(model).collect(); }

std::optional<std::string> intersection(std::string_view left, std::string_view right) {
    const Levels a = split(left);
    const Levels b = split(right);
    Levels common;
    for (std::size_t i = 0;; ++i) {
        // `x/#` has `x`, too.
        const bool a_ends = i == a.size();
        const bool b_ends = i == b.size();
        if (a_ends && b_ends) return join(common);
        if (a_ends || b_ends) {
            if ((a_ends ? b : a)[i] != kRest) return std::nullopt;
            return join(common);
        }
        if (a[i] == kRest || b[i] == kRest) {
            const Levels& longer = a[i] == kRest ? b : a;
            common.insert(common.end(), longer.begin() + static_cast<std::ptrdiff_t>(i),
                          longer.end());
            return join(common);
        }
        if (a[i] != b[i] && a[i] != kOne && b[i] != kOne) return std::nullopt;
        common.push_back(a[i] == kOne ? b[i] : a[i]);
    }
}

std::string mapped(std::string_view topics, std::string_view read, std::string_view write) {
    const Levels from = split(topics);
    std::vector<Levels> bound;  // what each wildcard of `read` stands for
    const Levels pattern = split(read);
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        const auto at = from.begin() + static_cast<std::ptrdiff_t>(std::min(i, from.size()));
        if (pattern[i] == kOne) bound.push_back({at == from.end() ? kOne : *at});
        if (pattern[i] == kRest) bound.emplace_back(at, from.end());
    }
    Levels to;
    std::size_t next = 0;
    for (const std::string_view level : split(write)) {
        if (level != kOne && level != kRest) {
            to.push_back(level);
            continue;
        }
        ASSERT(next < bound.size());
        to.insert(to.end(), bound[next].begin(), bound[next].end());
        ++next;
    }
    return join(to);
}

}  // namespace lotmesh::topology
