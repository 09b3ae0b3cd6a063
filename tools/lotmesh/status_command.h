// `lotmesh status`: how nodes are and what they run: health, revision, hash, links, the last
// reload, and whether their files say something else (drift).
//
// Reads $SYS of each over MQTT; of a node on this machine also its route files, to compare.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <string>
#include <vector>

#include "tools/lotmesh/running_node.h"

namespace lotmesh::tool {

enum class OutputFormat : std::uint8_t { Text, Json };

struct StatusOptions {
    std::vector<std::string> brokers;
    OutputFormat format = OutputFormat::Text;
    bool watch = false;
    bool operator==(const StatusOptions&) const = default;
};

enum class StatusExit : int {
    Good = 0,
    Attention = 1,    // a node is not healthy, or drifts
    CouldNotAsk = 2,  // a node at least; the others are shown
};

enum class Drift : std::uint8_t {
    None,
    Refused,  // the files have mistakes; an earlier plan runs
    Differs,  // the files mean something else than what runs
    Unknown,  // the files are on another machine, or there are none
};

std::string_view name(Drift drift);
// Looks at the node's files where those are on this machine.
Drift drift_of(const RunningNode& node);

// Once. Streams are the caller's.
StatusExit show_status(const StatusOptions& options, std::ostream& out, std::ostream& error);

// How long somebody watches, and how closely.
struct Watch {
    bool clear_screen = false;  // before each page
    std::chrono::milliseconds interval{2'000};
    std::function<bool()> goes_on;  // asked before each look
};

// A page at first and whenever something in it is another than before.
void watch_status(const StatusOptions& options, const Watch& watch, std::ostream& out);

// With the process's own streams; with `watch` until a signal ends it. The exit code.
int run_status(const StatusOptions& options);

}  // namespace lotmesh::tool
