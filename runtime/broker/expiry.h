// Everything that the passing of time causes: connections without a CONNECT or beyond their keep
// alive, sessions that end, wills whose delay is over, and once a second the housekeeping.
//
// A connection or session has one entry in State::deadlines (rarely two), which is looked at when
// it comes out: what was put off meanwhile goes back in. So traffic costs no timer work. Entries of
// what is gone are forgotten when there are more of them than of what is there.
#pragma once

#include "runtime/broker/state.h"

namespace lotmesh::broker {

// Wall time as an instant, by the clock of now; nothing stays nothing.
std::optional<Instant> proof_end(Now now, std::optional<WallTime> ends_at);

void arm_connection_timer(State& state, Connection& connection);
void arm_session_timer(State& state, Session& session);

// Of a session; 0 means that it ends with its connection.
void set_expiry(State& state, Session& session, std::uint32_t expiry_sec);

// The connection went: the session ends after its expiry [MQTT-3.1.2-23].
void schedule_session_end(Turn& turn, Session& session);

void run_deadlines(Turn& turn);

std::optional<Instant> next_deadline(const State& state);

}  // namespace lotmesh::broker
