// Subscriptions of a session: into the index and out of it, the node's interest beside it.
#pragma once

#include <string_view>

#include "runtime/broker/state.h"
#include "runtime/mqtt/packet.h"

namespace lotmesh::broker {

// Adds or replaces [MQTT-3.8.4-3]. True: the session did not have it before.
bool subscribe(Turn& turn, Session& session, std::string_view filter,
               const Subscription& subscription);

// False: there was none.
bool unsubscribe(Turn& turn, Session& session, std::string_view filter);

void unsubscribe_all(Turn& turn, Session& session);

}  // namespace lotmesh::broker
