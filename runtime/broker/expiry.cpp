#include "runtime/broker/expiry.h"

#include <algorithm>
#include <utility>

#include "base/assert.h"
#include "runtime/broker/backpressure.h"
#include "runtime/broker/closing.h"
#include "runtime/broker/sharing.h"
#include "runtime/broker/will.h"

namespace lotmesh::broker {
namespace {

constexpr Duration kHousekeepingInterval = Duration::seconds(1);

// After a turn that took long, deadlines come before the input that waits in sockets. So what is
// overdue is looked at once more, when the shell has had a chance to read.
constexpr Duration kSecondLook = Duration::milliseconds(1);

// A client that is not read from since it does not read has at least the time that any other one
// has that takes nothing.
Duration silence_allowed(const State& state, const Connection& connection) {
    if (connection.paused != PauseReason::Output) return connection.keep_alive_limit;
    return std::max(connection.keep_alive_limit, state.config.limits.stall_after);
}

std::optional<Instant> earlier(std::optional<Instant> a, std::optional<Instant> b) {
    if (!a || !b) return a ? a : b;
    return std::min(*a, *b);
}

std::optional<Instant> silence_deadline(const State& state, const Connection& connection) {
    // Nothing is heard of it before that, so its keep alive has to wait.
    if (connection.paused == PauseReason::Rate) return connection.reads_again_at;
    if (connection.keep_alive_limit.us == 0) return std::nullopt;
    return connection.last_received + silence_allowed(state, connection);
}

std::optional<Instant> deadline_of(const State& state, const Connection& connection) {
    switch (connection.phase) {
        case ConnectionPhase::AwaitConnect:
        case ConnectionPhase::Authenticating:
            return connection.opened_at + state.config.limits.connect_timeout;
        case ConnectionPhase::Open:
            return earlier(silence_deadline(state, connection), connection.proof_ends_at);
        case ConnectionPhase::Closing: return std::nullopt;
    }
    UNREACHABLE();
}

std::optional<Instant> deadline_of(const Session& session) {
    return earlier(session.will_at, session.ends_at);
}

// Whether nothing waits for this entry any more.
bool is_stale(State& state, Instant at, const DeadlineKey& key) {
    switch (key.kind) {
        case DeadlineKey::Kind::Connection: {
            const Connection* connection = state.connections.find(key.handle);
            return connection == nullptr || connection->timer_at != at;
        }
        case DeadlineKey::Kind::Session: {
            const Session* session = state.sessions.find(key.handle);
            return session == nullptr || session->timer_at != at;
        }
    }
    UNREACHABLE();
}

// At least half of what is looked at goes, so it costs a constant for each entry.
void forget_stale(State& state) {
    constexpr std::size_t kSlack = 1024;
    const std::size_t things = state.connections.size() + state.sessions.size();
    if (state.deadlines.size() <= 2 * things + kSlack) return;
    state.deadlines.erase_if(
        [&state](Instant at, const DeadlineKey& key) { return is_stale(state, at, key); });
}

// For a Connection or a Session.
template <typename Thing>
void arm(State& state, Thing& thing, Instant at, DeadlineKey::Kind kind) {
    if (thing.timer_at && *thing.timer_at <= at) return;  // looked at before that anyway
    thing.timer_at = at;
    state.deadlines.push(at, {kind, thing.id});
    forget_stale(state);
}

bool waits_as_source(const Connection& connection) {
    switch (connection.paused) {
        case PauseReason::Source:
        case PauseReason::Quota:
        case PauseReason::Rate: return true;
        case PauseReason::Output:
        case PauseReason::Ticket:
        case PauseReason::None: return false;
    }
    UNREACHABLE();
}

bool is_over(std::optional<Instant> end, Instant now) { return end && *end <= now; }

void look_at_connection(Turn& turn, Connection& connection) {
    if (!connection.timer_at || *connection.timer_at > turn.now.instant) return;  // an older entry
    connection.timer_at = std::nullopt;
    // What a source sends cannot be seen while its reading is paused. One that is paused since it
    // takes nothing may be dead, and its keep alive goes on.
    if (waits_as_source(connection)) connection.last_received = turn.now.instant;
    if (connection.paused == PauseReason::Rate && connection.reads_again_at <= turn.now.instant)
        resume_after_rate(turn, connection);  // or it ends by what it had sent
    const auto deadline = deadline_of(turn.state, connection);
    if (!deadline) return;
    const bool overdue = *deadline <= turn.now.instant;
    const bool was_overdue = std::exchange(connection.overdue, overdue);
    if (connection.is_open() && is_over(connection.proof_ends_at, turn.now.instant)) {
        disconnect(turn, connection, mqtt::ReasonCode::NotAuthorized,
                   "its token has ended; connect with a new one");
    } else if (!overdue) {
        arm_connection_timer(turn.state, connection);
    } else if (!was_overdue) {
        arm(turn.state, connection, turn.now.instant + kSecondLook, DeadlineKey::Kind::Connection);
    } else if (connection.is_open()) {  // [MQTT-3.1.2-22]
        disconnect(turn, connection, mqtt::ReasonCode::KeepAliveTimeout, "keep alive exceeded");
    } else {
        close_silently(turn, connection);
    }
}

void look_at_session(Turn& turn, Session& session) {
    if (!session.timer_at || *session.timer_at > turn.now.instant) return;
    session.timer_at = std::nullopt;
    if (session.ends_at && *session.ends_at <= turn.now.instant) {
        ++turn.state.counters.clients_expired;
        end_session(turn, session);
        return;
    }
    if (session.will_at && *session.will_at <= turn.now.instant) will_delay_passed(turn, session);
    arm_session_timer(turn.state, session);
}

void keep_house(Turn& turn) {
    State& state = turn.state;
    if (state.housekeeping_at && *state.housekeeping_at > turn.now.instant) return;
    state.housekeeping_at = turn.now.instant + kHousekeepingInterval;
    check_backpressure(turn);
    move_later(turn);
    state.retained.hold_tombstones(state.cluster.keeps_tombstones(turn.now));
    state.retained.sweep(turn.now);
    state.sys.tick(turn);
}

}  // namespace

std::optional<Instant> proof_end(Now now, std::optional<WallTime> ends_at) {
    if (!ends_at) return std::nullopt;
    return now.instant + Duration::milliseconds(ends_at->ms - now.wall.ms);
}

void arm_connection_timer(State& state, Connection& connection) {
    if (const auto at = deadline_of(state, connection))
        arm(state, connection, *at, DeadlineKey::Kind::Connection);
}

void arm_session_timer(State& state, Session& session) {
    if (const auto at = deadline_of(session)) arm(state, session, *at, DeadlineKey::Kind::Session);
}

void set_expiry(State& state, Session& session, std::uint32_t expiry_sec) {
    if (session.expiry_sec == 0 && expiry_sec != 0) ++state.persistent_sessions;
    if (session.expiry_sec != 0 && expiry_sec == 0) --state.persistent_sessions;
    session.expiry_sec = expiry_sec;
}

void schedule_session_end(Turn& turn, Session& session) {
    if (session.expiry_sec == mqtt::kSessionExpiryNever) return;
    session.ends_at = turn.now.instant + Duration::seconds(session.expiry_sec);
    arm_session_timer(turn.state, session);
}

void run_deadlines(Turn& turn) {
    State& state = turn.state;
    while (const auto key = state.deadlines.pop_due(turn.now.instant)) {
        switch (key->kind) {
            case DeadlineKey::Kind::Connection:
                if (Connection* connection = state.connections.find(key->handle))
                    look_at_connection(turn, *connection);
                break;
            case DeadlineKey::Kind::Session:
                if (Session* session = state.sessions.find(key->handle))
                    look_at_session(turn, *session);
                break;
        }
    }
    keep_house(turn);
}

std::optional<Instant> next_deadline(const State& state) {
    std::optional<Instant> next = state.housekeeping_at;
    const auto consider = [&next](std::optional<Instant> at) {
        if (at && (!next || *at < *next)) next = at;
    };
    consider(state.deadlines.earliest());
    if (!state.continuing.empty()) consider(state.continue_at);
    return next;
}

}  // namespace lotmesh::broker
