#include "runtime/broker/authorising.h"

#include <fmt/format.h>

#include "runtime/broker/auditing.h"
#include "runtime/broker/closing.h"
#include "runtime/broker/subscribing.h"

namespace lotmesh::broker {
namespace {

// Of all its subscriptions, as they were asked for.
std::vector<std::string> filters_of(State& state, const Session& session) {
    std::vector<std::string> filters;
    filters.reserve(session.filters.size() + session.groups.size());
    for (const FilterId id : session.filters.values())
        filters.push_back(state.index.filter(id));
    for (const GroupId id : session.groups.values())
        filters.push_back(state.shared.find(id)->text);
    return filters;
}

void remove_denied_subscriptions(Turn& turn, Session& session) {
    if (session.authority == nullptr) return;
    std::size_t removed = 0;
    std::string first;
    for (const std::string& filter : filters_of(turn.state, session)) {
        if (may_subscribe(session, matched_filter(filter))) continue;
        (void)unsubscribe(turn, session, filter);  // it is one of its own
        if (removed++ == 0) first = filter;
    }
    if (removed == 0) return;
    turn.state.counters.denied.subscriptions_removed += removed;
    audit(turn, AuditKind::SubscriptionsRemoved, session.principal,
          fmt::format("{} of them, the first is {}", removed, first));
}

// True: it is gone.
bool end_if_unwelcome(Turn& turn, Session& session) {
    if (session.may(Permission::Connect, {})) return false;
    const SessionId id = session.id;
    if (session.connection != nullptr)
        disconnect(turn, *session.connection, mqtt::ReasonCode::NotAuthorized,
                   "may not be connected any more");
    if (Session* left = turn.state.sessions.find(id)) end_session(turn, *left);
    return true;
}

}  // namespace

bool may_subscribe(const Session& session, std::string_view matched) {
    return session.may(is_below(matched, kSysTopic) ? Permission::Sys : Permission::Subscribe,
                       matched);
}

bool may_command(const Connection& connection) {
    const Authority* authority = connection.session->authority.get();
    if (authority == nullptr) return connection.principal.origin.loopback;
    return authority->may(Permission::Admin, {});
}

bool may_will(const Authority* authority, std::string_view topic, bool retain) {
    return allows(authority, Permission::Will, topic) &&
           (!retain || allows(authority, Permission::Retain, topic));
}

void authorise(Turn& turn, Session& session, const Principal& principal,
               std::unique_ptr<const Authority> authority) {
    session.principal = principal;
    session.authority = std::move(authority);
    remove_denied_subscriptions(turn, session);
}

void on_policy_changed(Turn& turn) {
    State& state = turn.state;
    ++state.policy_changes;
    std::vector<SessionId> ids;
    ids.reserve(state.sessions.size());
    state.sessions.for_each([&ids](const Session& session) { ids.push_back(session.id); });
    std::size_t ended = 0;
    for (const SessionId id : ids) {
        Session* session = state.sessions.find(id);
        if (session == nullptr) continue;
        session->authority = state.policy.authority_of(session->principal);
        if (end_if_unwelcome(turn, *session)) {
            ++ended;
        } else {
            remove_denied_subscriptions(turn, *session);
        }
    }
    const std::size_t peers_ended = state.cluster.end_unwelcome_peers(
        [&state](const Principal& principal) {
            return allows(state.policy.authority_of(principal).get(), Permission::Cluster, {});
        },
        turn.now, turn.effects);
    audit(turn, AuditKind::PolicyChanged, {},
          fmt::format("sessions={} ended={} peers_ended={}", ids.size(), ended, peers_ended));
}

}  // namespace lotmesh::broker
