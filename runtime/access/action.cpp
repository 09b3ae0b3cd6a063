#include "runtime/access/action.h"

#include "base/assert.h"

namespace lotmesh::access {

std::string_view to_string(Action action) {
    switch (action) {
        case Action::Connect: return "connect";
        case Action::Publish: return "publish";
        case Action::Subscribe: return "subscribe";
        case Action::Receive: return "receive";
        case Action::Retain: return "retain";
        case Action::Will: return "will";
        case Action::Sys: return "sys";
        case Action::Admin: return "admin";
        case Action::Cluster: return "cluster";
    }
    UNREACHABLE();
}

std::optional<Action> parse_action(std::string_view word) {
    for (const Action action : kActions)
        if (word == to_string(action)) return action;
    return std::nullopt;
}

}  // namespace lotmesh::access
