// What the bridges of a cluster carry: each way of each mapping as a flow from one broker to
// another, and what becomes of topics on it.
//
// Values; pure. Bounded by the mappings there are.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/topology/model.h"

namespace lotmesh::topology {

// Indices of brokers: those of Model::nodes, and behind them one for each broker that is no node.
struct Flow {
    std::size_t bridge = 0;  // of Model::bridges
    std::size_t from = 0;
    std::size_t to = 0;
    std::string read;   // a filter, at `from`
    std::string write;  // the same wildcards, or none, at `to`
    Span span;          // ADD MAPPING
};

struct Flows {
    std::vector<Flow> flows;
    std::vector<std::string> brokers;  // what each is called
};

// Those whose ends are both known.
Flows flows_of(const Model& model);

// The topics that both filters have, as a filter; nothing: none.
std::optional<std::string> intersection(std::string_view left, std::string_view right);

// Where topics go that a flow reads: `topics` is a filter within `read`.
std::string mapped(std::string_view topics, std::string_view read, std::string_view write);

}  // namespace lotmesh::topology
