// Changes of what a broker runs, by its own commands (docs/commands.md), watched until the links
// are well. Whoever asked for the change may go away at any time: what is not confirmed in time is
// rolled back by the broker itself.
//
// Blocks; ends within the limits of RolloutOptions and kCommandPatience.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "compiler/compile.h"
#include "tools/lotmesh/running_node.h"

namespace lotmesh::tool {

using Seconds = std::chrono::seconds;

// A broker that compiles and applies much may take its time.
inline constexpr Seconds kCommandPatience{30};
// The broker waits for longer than the health gate, so that the gate's verdict comes first.
inline constexpr Seconds kGateMargin{30};
// The longest that a broker waits for a confirmation (docs/commands.md).
inline constexpr Seconds kBrokerWaitsMax{3'600};

struct RolloutOptions {
    // Until then each link that is new or changed must be up, and each that was up, up again. Zero:
    // not looked at.
    Seconds health_within{15};
    // Until then `lotmesh confirm` must be said. Zero: nobody has to.
    Seconds confirm_within{0};
    bool operator==(const RolloutOptions&) const = default;

    // For which the broker has to wait; zero: the change is final at once.
    Seconds broker_waits() const;
};

// What a command says on success: the revision that runs then. The error is what the broker says,
// one line, and its errors below it.
Result<std::uint64_t, std::string> give_command(const Endpoint& where, const std::string& command);

std::string apply_text(const std::vector<SourceText>& files, std::uint64_t base_revision,
                       Seconds confirm_within);
// What waits is taken back; without a revision nobody has to confirm that.
inline constexpr const char* kTakeBackText = "-rollbackRoutes";
std::string rollback_text(std::uint64_t revision, Seconds confirm_within);
inline constexpr const char* kConfirmText = "-confirmRoutes";

// What is not as the health gate wants it; `before` is how it was before the change. For people.
std::vector<std::string> unwell(const RunningNode& before, const RunningNode& now);

// Until nothing is unwell for two seconds; what still is at the end. Empty: all is well.
std::vector<std::string> await_health(const RunningNode& before, Seconds limit);

}  // namespace lotmesh::tool
