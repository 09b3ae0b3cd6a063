#include "compiler/ir/diff.h"

#include <algorithm>
#include <utility>

namespace lotmesh::ir {

namespace {

// The route with everything that can be changed in place made equal to the other's.
Link retuned_like(Link link, const Link& other) {
    link.message_validity_sec = other.message_validity_sec;
    link.keepalive_sec = other.keepalive_sec;
    link.reconnection_retries = other.reconnection_retries;
    link.overload = other.overload;
    link.references = other.references;
    return link;
}

BridgeEnd retuned_like(BridgeEnd end, const BridgeEnd& other) {
    end.reconnection_retries = other.reconnection_retries;
    end.references = other.references;
    return end;
}

Bridge retuned_like(Bridge bridge, const Bridge& other) {
    bridge.source = retuned_like(std::move(bridge.source), other.source);
    bridge.destination = retuned_like(std::move(bridge.destination), other.destination);
    bridge.mappings = other.mappings;
    bridge.overload = other.overload;
    bridge.references = other.references;
    return bridge;
}

void compare(const Rule& before, const Rule& after, RuleDiff& out) {
    if (before != after) out.changed.push_back({before, after});
}

template <typename Route, typename Out>
void compare(const Route& before, const Route& after, Out& out) {
    if (before == after) return;
    const bool in_place = retuned_like(before, after) == after;
    (in_place ? out.retuned : out.reconnect).push_back({before, after});
}

template <typename Route, typename Out>
void diff_routes(const std::vector<Route>& before, const std::vector<Route>& after, Out& out) {
    auto left = before.begin();
    auto right = after.begin();
    while (left != before.end() && right != after.end()) {
        if (left->name < right->name) {
            out.removed.push_back(*left++);
        } else if (right->name < left->name) {
            out.added.push_back(*right++);
        } else {
            compare(*left++, *right++, out);
        }
    }
    out.removed.insert(out.removed.end(), left, before.end());
    out.added.insert(out.added.end(), right, after.end());
}

std::vector<Rule> by_name(std::vector<Rule> rules) {
    std::ranges::sort(rules, {}, &Rule::name);
    return rules;
}

}  // namespace

PlanDiff diff(const Plan& before, const Plan& after) {
    PlanDiff result;
    diff_routes(before.links, after.links, result);
    diff_routes(before.bridges, after.bridges, result.bridges);
    diff_routes(by_name(before.rules), by_name(after.rules), result.rules);
    return result;
}

}  // namespace lotmesh::ir
