// Wills: kept with the session, published when the client went without saying so (section 3.1.2.5
// and 3.1.3.2.2). A due will is noted in State::wills_due and published by settle(), in order, on
// the same path as a client's message.
#pragma once

#include "runtime/broker/state.h"
#include "runtime/mqtt/packet.h"

namespace lotmesh::broker {

std::unique_ptr<StoredWill> store_will(const mqtt::Will& will, const Session& session);

// The connection went and the session stays: now, or after the delay, or with the session's end.
void schedule_will(Turn& turn, Session& session);

// The session ends: whatever will it still has is due [MQTT-3.1.2-8].
void publish_will_at_end(Turn& turn, Session& session);

// The delay has passed.
void will_delay_passed(Turn& turn, Session& session);

void publish_due_wills(Turn& turn);

}  // namespace lotmesh::broker
