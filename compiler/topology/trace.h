// The way of a message: which nodes hear what is published on one of them, over which link, and
// what becomes of the message where a node is away.
//
// A node hands on what its own clients publish to every node that it has a link with. What came
// over a link goes to clients and over no second link (docs/architecture.md, section 4), so that a
// way is one link long. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "compiler/topology/model.h"

namespace lotmesh::topology {

struct TraceQuestion {
    std::string from;
    std::string topic;
    std::vector<std::string> without = {};  // nodes that are away
};

enum class Fate : std::uint8_t {
    Heard,    // it has a link with where the message is published
    Waiting,  // it has one and is away: the message waits for it
    Unheard,  // it has none
};

// One node that is not where the message was published.
struct Station {
    std::size_t node = 0;
    Fate fate = Fate::Unheard;
    std::vector<std::size_t> links = {};  // of the model: the routes that make the link
    std::uint32_t wait_sec = 0;           // Waiting; 0: until the message itself expires
};

struct Trace {
    std::size_t from = 0;
    std::string topic;
    std::vector<Station> stations;  // all others, in the order of the model

    bool all_hear() const;  // but for those that are away
};

// The error is one line.
Result<Trace, std::string> trace(const Model& model, const TraceQuestion& question);

std::string trace_text(const Model& model, const Trace& trace);
std::string trace_json(const Model& model, const Trace& trace);

}  // namespace lotmesh::topology
