// What must happen to get from one plan to the next. Pure; both plans are valid and ordered by
// name.
#pragma once

#include <string>
#include <vector>

#include "compiler/ir/plan.h"

namespace lotmesh::ir {

template <typename Route>
struct Change {
    Route before;
    Route after;
    bool operator==(const Change&) const = default;
};
using LinkChange = Change<Link>;

// What PlanDiff says of links, for bridges. Retuned: only mappings, overload, retries or what is
// shown differ; reconnect: who is at one of the ends, or how it is reached.
struct BridgeDiff {
    std::vector<Bridge> added;
    std::vector<Bridge> removed;
    std::vector<Change<Bridge>> retuned;
    std::vector<Change<Bridge>> reconnect;

    bool empty() const {
        return added.empty() && removed.empty() && retuned.empty() && reconnect.empty();
    }
    bool operator==(const BridgeDiff&) const = default;
};

// All of it is done in place. Each list is ordered by name.
struct RuleDiff {
    std::vector<Rule> added;
    std::vector<Rule> removed;
    std::vector<Change<Rule>> changed;

    bool empty() const { return added.empty() && removed.empty() && changed.empty(); }
    bool operator==(const RuleDiff&) const = default;
};

// Each list is ordered by name; a link stands in at most one.
struct PlanDiff {
    std::vector<Link> added;
    std::vector<Link> removed;
    // Only validity, overload, retries, keepalive or what is shown differ: done in place, the
    // connection stays.
    std::vector<LinkChange> retuned;
    // Address, port, client id, credentials or TLS differ (and perhaps the above as well).
    std::vector<LinkChange> reconnect;
    BridgeDiff bridges;
    RuleDiff rules;

    bool empty() const {
        return added.empty() && removed.empty() && retuned.empty() && reconnect.empty() &&
               bridges.empty() && rules.empty();
    }
    bool operator==(const PlanDiff&) const = default;
};

PlanDiff diff(const Plan& before, const Plan& after);

}  // namespace lotmesh::ir
