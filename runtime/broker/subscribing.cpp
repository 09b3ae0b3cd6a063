#include "runtime/broker/subscribing.h"

#include <algorithm>

#include "base/topic.h"
#include "runtime/broker/sharing.h"

namespace lotmesh::broker {
namespace {

// Messages below $ never leave their node, so peers need not know who wants them.
bool concerns_peers(std::string_view filter) { return !filter.starts_with('$'); }

void remove_plain(Turn& turn, Session& session, FilterId id) {
    State& state = turn.state;
    const std::string filter = state.index.filter(id);
    session.filter_bytes -= filter_bytes(filter);
    const bool last = state.index.subscribers(id) == 1;
    state.index.remove(id, session.id);
    if (last && concerns_peers(filter)) state.cluster.interest_removed(filter, turn.now);
}

SharedGroup& begin_group(Turn& turn, std::string_view text) {
    State& state = turn.state;
    const std::string_view filter = matched_filter(text);
    const bool first = !state.index.find(filter);
    SharedGroup& group = state.shared.insert(text);
    group.place = state.index.add_group(filter, group.id);
    if (first && concerns_peers(filter)) state.cluster.interest_added(filter, turn.now);
    return group;
}

void end_group(Turn& turn, const SharedGroup& group) {
    State& state = turn.state;
    const std::string_view filter = matched_filter(group.text);
    const bool last = state.index.subscribers(group.place.filter) == 1;
    if (const auto moved = state.index.remove_group(group.place))
        state.shared.find(*moved)->place = group.place;
    if (last && concerns_peers(filter)) state.cluster.interest_removed(filter, turn.now);
    state.shared.erase(group);
}

bool join(Turn& turn, Session& session, std::string_view text, const Subscription& subscription) {
    SharedGroup* group = turn.state.shared.find(text);
    if (group != nullptr && session.groups.contains(group->id)) {
        group->here.replace(subscription);
        return false;
    }
    if (group == nullptr) group = &begin_group(turn, text);
    group->here.add(subscription);
    session.groups.insert(group->id);
    session.filter_bytes += filter_bytes(text);
    ++turn.state.counters.shared_subscriptions;
    member_joined(turn, *group);
    return true;
}

void leave(Turn& turn, Session& session, GroupId id) {
    State& state = turn.state;
    SharedGroup& group = *state.shared.find(id);
    (session.connection != nullptr ? group.here : group.away).remove(session.id);
    session.filter_bytes -= filter_bytes(group.text);
    --state.counters.shared_subscriptions;
    if (group.members() == 0) {
        end_group(turn, group);
    } else {
        member_left(turn, session);
    }
}

}  // namespace

std::string_view matched_filter(std::string_view filter) {
    const auto shared = parse_shared_filter(filter);
    return shared ? shared->filter : filter;
}

bool is_subscribed(const State& state, const Session& session, std::string_view filter) {
    if (is_shared_filter(filter)) {
        const SharedGroup* group = state.shared.find(filter);
        return group != nullptr && session.groups.contains(group->id);
    }
    const auto id = state.index.find(filter);
    return id && session.filters.contains(*id);
}

bool has_room_for(const State& state, const Session& session, std::string_view filter) {
    const Limits& limits = state.config.limits;
    if (session.filters.size() + session.groups.size() >= limits.subscriptions_per_session_max ||
        session.filter_bytes + filter_bytes(filter) > limits.filter_bytes_per_session_max)
        return false;
    if (!is_shared_filter(filter)) return true;
    const SharedGroup* group = state.shared.find(filter);
    return group != nullptr ? group->members() < limits.shared_members_max
                            : state.shared.size() < limits.shared_groups_max;
}

std::size_t filter_bytes(std::string_view filter) {
    constexpr std::size_t kNodeBytes = 100;
    const auto levels = static_cast<std::size_t>(std::ranges::count(filter, '/')) + 1;
    return filter.size() + levels * kNodeBytes;
}

bool subscribe(Turn& turn, Session& session, std::string_view filter,
               const Subscription& subscription) {
    if (is_shared_filter(filter)) return join(turn, session, filter, subscription);
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
    if (is_shared_filter(filter)) {
        const SharedGroup* group = turn.state.shared.find(filter);
        if (group == nullptr || !session.groups.erase(group->id)) return false;
        leave(turn, session, group->id);
        return true;
    }
    const auto id = turn.state.index.find(filter);
    if (!id || !session.filters.erase(*id)) return false;
    remove_plain(turn, session, *id);
    return true;
}

void unsubscribe_all(Turn& turn, Session& session) {
    for (const FilterId id : session.filters.values())
        remove_plain(turn, session, id);
    session.filters = {};
    for (const GroupId id : session.groups.values())
        leave(turn, session, id);
    session.groups = {};
}

}  // namespace lotmesh::broker
