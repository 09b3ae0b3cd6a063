#include "compiler/ir/diff.h"

namespace lotmesh::ir {

namespace {

// The link with everything that can be changed in place made equal to the other's.
Link retuned_like(Link link, const Link& other) {
    link.message_validity_sec = other.message_validity_sec;
    link.keepalive_sec = other.keepalive_sec;
    link.reconnection_retries = other.reconnection_retries;
    link.overload = other.overload;
    link.references = other.references;
    return link;
}

void compare(const Link& before, const Link& after, PlanDiff& out) {
    if (before == after) return;
    const bool in_place = retuned_like(before, after) == after;
    (in_place ? out.retuned : out.reconnect).push_back({before, after});
}

}  // namespace

PlanDiff diff(const Plan& before, const Plan& after) {
    PlanDiff result;
    auto left = before.links.begin();
    auto right = after.links.begin();
    while (left != before.links.end() && right != after.links.end()) {
        if (left->name < right->name) {
            result.removed.push_back(*left++);
        } else if (right->name < left->name) {
            result.added.push_back(*right++);
        } else {
            compare(*left++, *right++, result);
        }
    }
    result.removed.insert(result.removed.end(), left, before.links.end());
    result.added.insert(result.added.end(), right, after.links.end());
    return result;
}

}  // namespace lotmesh::ir
