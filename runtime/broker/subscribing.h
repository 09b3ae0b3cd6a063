// Subscriptions of a session: into the index and out of it, the node's interest beside it. A
// "filter" here may be a shared one, "$share/NAME/FILTER", which makes the session a member of a
// group.
#pragma once

#include <string_view>

#include "runtime/broker/state.h"
#include "runtime/mqtt/packet.h"

namespace lotmesh::broker {

// What topics are matched against: of a shared filter the part that follows the name.
std::string_view matched_filter(std::string_view filter);

bool is_subscribed(const State& state, const Session& session, std::string_view filter);

// For a filter that the session is not subscribed to.
bool has_room_for(const State& state, const Session& session, std::string_view filter);

// What a filter costs at most, for the account of its session: its text, and a node of the trie for
// each level.
std::size_t filter_bytes(std::string_view filter);

// Adds or replaces [MQTT-3.8.4-3]. True: the session did not have it before.
bool subscribe(Turn& turn, Session& session, std::string_view filter,
               const Subscription& subscription);

// Of exactly this filter [MQTT-3.10.4-1]; from then on nothing new is added [MQTT-3.10.4-2], and
// what is in flight or waits goes on [MQTT-3.10.4-3]. False: there was none.
bool unsubscribe(Turn& turn, Session& session, std::string_view filter);

void unsubscribe_all(Turn& turn, Session& session);

}  // namespace lotmesh::broker
