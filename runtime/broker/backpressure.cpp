#include "runtime/broker/backpressure.h"

#include <algorithm>

#include "base/assert.h"
#include "runtime/broker/fan_out.h"
#include "runtime/broker/input.h"

namespace lotmesh::broker {
namespace {

void resume_reading(Turn& turn, Connection& connection) {
    connection.paused = PauseReason::None;
    connection.last_received = turn.now.instant;
    turn.effects.act(ResumeReading{connection.id});
    receive(turn, connection, {});
}

// Where it has more to send than it takes, it stays paused until it is writable.
void resume_unless_congested(Turn& turn, Connection& connection) {
    if (connection.congested)
        connection.paused = PauseReason::Output;
    else
        resume_reading(turn, connection);
}

}  // namespace

void note_enqueued(Turn& turn, Session& session) {
    const QueueLimits& limits = turn.state.config.limits.queue;
    if (session.over_high || (session.queue.live_messages() <= limits.messages_high &&
                              session.queue.live_bytes() <= limits.bytes_high))
        return;
    session.over_high = true;
    session.stalled = false;
    session.over_high_since = turn.now.instant;
    turn.state.above_high.push_back(session.id);
}

void note_progress(Turn& turn, Session& session) { session.progress_at = turn.now.instant; }

bool takes_nothing(const Turn& turn, const Session& session) {
    return turn.now.instant - session.progress_at >= turn.state.config.limits.stall_after;
}

void note_drained(Turn& turn, Session& session) {
    if (!session.over_high) return;
    const QueueLimits& limits = turn.state.config.limits.queue;
    if (session.connection != nullptr && (session.queue.live_messages() > limits.messages_low() ||
                                          session.queue.live_bytes() > limits.bytes_low()))
        return;
    session.over_high = false;
    session.stalled = false;
    std::erase(turn.state.above_high, session.id);
    turn.state.resume_wanted = true;
}

void pause_reading(Turn& turn, Connection& connection, PauseReason reason) {
    ASSERT(reason != PauseReason::None && connection.paused == PauseReason::None);
    connection.paused = reason;
    turn.effects.act(PauseReading{connection.id});
    switch (reason) {
        case PauseReason::Source:
        case PauseReason::Quota:
            turn.state.paused.push_back(connection.id);
            ++turn.state.counters.source_pauses;
            break;
        case PauseReason::Rate: ++turn.state.counters.rate_pauses; break;
        case PauseReason::Output:
        case PauseReason::Ticket:
        case PauseReason::None: break;
    }
}

void resume_after_rate(Turn& turn, Connection& connection) {
    ASSERT(connection.paused == PauseReason::Rate);
    resume_unless_congested(turn, connection);
}

void pause_source_if_needed(Turn& turn, Connection& connection, bool above_high) {
    if (!above_high && !turn.state.cluster.sources_should_pause()) return;
    // Its acks would not be read, so it could never get rid of its own backlog.
    if (connection.session->has_backlog()) return;
    pause_reading(turn, connection, PauseReason::Source);
}

void on_congested(Turn& turn, Connection& connection) {
    connection.congested = true;
    if (connection.is_open() && connection.paused == PauseReason::None)
        pause_reading(turn, connection, PauseReason::Output);
}

void on_writable(Turn& turn, Connection& connection) {
    connection.congested = false;
    if (connection.session == nullptr) return;
    note_progress(turn, *connection.session);
    drain(turn, *connection.session);
    if (connection.paused == PauseReason::Output) resume_reading(turn, connection);
}

void resume_paused(Turn& turn) {
    std::vector<ConnId> paused;
    paused.swap(turn.state.paused);
    const bool must_wait = turn.state.cluster.sources_should_pause() ||
                           turn.state.cluster.is_starting() ||
                           turn.state.pressure == Pressure::Critical;
    for (const ConnId id : paused) {
        Connection* connection = turn.state.connections.find(id);
        if (connection == nullptr || !connection->is_open()) continue;
        if (connection->paused == PauseReason::Source && must_wait) {
            turn.state.paused.push_back(id);
            continue;
        }
        resume_unless_congested(turn, *connection);
    }
}

void check_backpressure(Turn& turn) {
    State& state = turn.state;
    for (const SessionId id : state.above_high) {
        Session* session = state.sessions.find(id);
        ASSERT(session != nullptr && session->over_high);
        if (session->stalled) continue;
        // Progress alone is no excuse: one ack every few seconds would hold everybody up.
        if (turn.now.instant - session->over_high_since < state.config.limits.stall_after) continue;
        session->stalled = true;
        state.resume_wanted = true;
    }
    const auto waits_for_quota = [&](ConnId id) {
        const Connection* connection = state.connections.find(id);
        return connection != nullptr && connection->paused == PauseReason::Quota;
    };
    if (std::ranges::any_of(state.paused, waits_for_quota)) state.resume_wanted = true;
}

bool some_subscriber_above_high(State& state) {
    return std::ranges::any_of(state.above_high, [&](SessionId id) {
        const Session* session = state.sessions.find(id);
        return session != nullptr && !session->stalled;
    });
}

}  // namespace lotmesh::broker
