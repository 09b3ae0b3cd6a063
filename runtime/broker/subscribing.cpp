#include "runtime/broker/subscribing.h"

#include <algorithm>

namespace lotmesh::broker {
namespace {

// Messages below $ never leave their node, so peers need not know who wants them.
bool concerns_peers(std::string_view filter) { return !filter.starts_with('$'); }

void remove(Turn& turn, Session& session, FilterId id) {
    State& state = turn.state;
    const std::string filter = state.index.filter(id);
    session.filter_bytes -= filter_bytes(filter);
    const bool last = state.index.subscribers(id) == 1;
    state.index.remove(id, session.id);
    if (last && concerns_peers(filter)) state.cluster.interest_removed(filter, turn.now);
}

}  // namespace

std::size_t filter_bytes(std::string_view filter) {
    constexpr std::size_t kNodeBytes = 100;
    const auto levels = static_cast<std::size_t>(std::ranges::count(filter, '/')) + 1;
    return filter.size() + levels * kNodeBytes;
}

bool subscribe(Turn& turn, Session& session, std::string_view filter,
               const Subscription& subscription) {
    State& state = turn.state;
    const auto known = state.index.find(filter);
    if (known && session.filters.contains(*known)) {
        state.index.replace(*known, subscription);
        return false;
    }
    session.filters.insert(state.index.add(filter, subscription));
    session.filter_bytes += filter_bytes(filter);
    if (!known && concerns_peers(filter)) state.cluster.interest_added(filter, turn.now);
    return true;
}

bool unsubscribe(Turn& turn, Session& session, std::string_view filter) {
    const auto id = turn.state.index.find(filter);
    if (!id || !session.filters.erase(*id)) return false;
    remove(turn, session, *id);
    return true;
}

void unsubscribe_all(Turn& turn, Session& session) {
    for (const FilterId id : session.filters.values())
        remove(turn, session, id);
    session.filters = {};
}

}  // namespace lotmesh::broker
