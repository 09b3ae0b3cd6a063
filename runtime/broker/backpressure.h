// Slow subscribers and their sources: who is paused, when, and who is let go again. The rules stand
// in core.h; the watermarks in limits.h.
#pragma once

#include "runtime/broker/state.h"

namespace lotmesh::broker {

// A message was put into the queue of a connected session.
void note_enqueued(Turn& turn, Session& session);

// The client took something.
void note_progress(Turn& turn, Session& session);

// After the queue of a session became shorter, or its connection went.
void note_drained(Turn& turn, Session& session);

void pause_reading(Turn& turn, Connection& connection, PauseReason reason);

// Its time to publish has come again.
void resume_after_rate(Turn& turn, Connection& connection);

// After a QoS > 0 message of this client was taken: pauses it where there is reason to.
void pause_source_if_needed(Turn& turn, Connection& connection, bool above_high);

// The shell says that the output of this connection piles up, or that it does not any more.
void on_congested(Turn& turn, Connection& connection);
void on_writable(Turn& turn, Connection& connection);

// Lets go every paused source that may go on, and works on what it had sent meanwhile.
void resume_paused(Turn& turn);

// No message was taken for so long that a full queue is a reason to disconnect.
bool takes_nothing(const Turn& turn, const Session& session);

// Once a second: subscribers that were above high for too long pause nobody any more; 3.x packets
// that could not be taken are tried again.
void check_backpressure(Turn& turn);

bool some_subscriber_above_high(State& state);

}  // namespace lotmesh::broker
