// `lotmesh apply`, `confirm`, `rollback` and `history`: route files brought to a running broker
// and, where its links do not get well or nobody confirms, taken back (rollout.h). The broker obeys
// on its own machine only.
//
// A saved plan is applied only to what it was made for: the same revision there, the same files
// here.
#pragma once

#include <iosfwd>
#include <string>

#include "tools/lotmesh/rollout.h"
#include "tools/lotmesh/status_command.h"

namespace lotmesh::tool {

inline constexpr const char* kDefaultBroker = "127.0.0.1";

struct ApplyOptions {
    std::string path = ".";  // route files, or a saved plan
    std::string to;          // empty: that of the saved plan, else kDefaultBroker
    RolloutOptions rollout;
    bool operator==(const ApplyOptions&) const = default;
};

struct RollbackOptions {
    std::string revision;  // "12" or "r12"; empty: what was before a change that is not confirmed
    std::string to = kDefaultBroker;
    RolloutOptions rollout;  // of a revision; what takes a change back is final
    bool operator==(const RollbackOptions&) const = default;
};

struct ConfirmOptions {
    std::string broker = kDefaultBroker;
    bool operator==(const ConfirmOptions&) const = default;
};

struct HistoryOptions {
    std::string broker = kDefaultBroker;
    OutputFormat format = OutputFormat::Text;
    bool operator==(const HistoryOptions&) const = default;
};

// "60", "60s", "2m"; at most an hour.
Result<Seconds, std::string> parse_seconds(const std::string& text);

struct RolloutStreams {
    std::ostream& out;
    std::ostream& error;
};

// 0: done; 1: nothing was changed, or it was rolled back. Streams are the caller's.
int apply(const ApplyOptions& options, RolloutStreams streams);
int rollback(const RollbackOptions& options, RolloutStreams streams);
int confirm(const ConfirmOptions& options, RolloutStreams streams);
int history(const HistoryOptions& options, RolloutStreams streams);

// With the process's own streams. The exit code.
int run_apply(const ApplyOptions& options);
int run_rollback(const RollbackOptions& options);
int run_confirm(const ConfirmOptions& options);
int run_history(const HistoryOptions& options);

}  // namespace lotmesh::tool
