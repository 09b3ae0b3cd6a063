// Shared subscriptions at work: which member gets a message, and where messages go whose member
// goes. Section 4.8.2 of MQTT 5.0.
//
// Whose turn it is: of the members with a connection the one with the fewest messages in flight and
// queued, in proportion to its window; among equals they take turns. A member that cannot take a
// message now, or would lose it, comes after those that can. Only where nobody is connected it is a
// member that is away.
//
// When a member goes, with its session kept or by UNSUBSCRIBE, what waits in its queue and was
// never sent goes to connected members that have room for it, at once or when one comes; what was
// sent waits for its return [MQTT-4.8.2-4]. When its session ends, its queue and what it did not
// acknowledge of QoS 1 go to another member; QoS 2 that was sent goes to nobody [MQTT-4.8.2-5].
#pragma once

#include "runtime/broker/state.h"

namespace lotmesh::broker {

// To one member of the group, which is given back; nothing where there is none that can have it, or
// may.
// PublishHeads::begin() was called for the message.
const Session* share(Turn& turn, const MessageRef& message, GroupId id);

// Before and after: the connection of a session.
void members_come(Turn& turn, Session& session);
void members_go(Turn& turn, Session& session);

// A session with a connection became a member of the group, or ceased to be one and it still has
// others.
void member_joined(Turn& turn, SharedGroup& group);
void member_left(Turn& turn, Session& session);

// The session ends and is in no group any more: what other members should get of it becomes
// Orphans. How many of them were in its queue.
std::size_t give_up_shared(Turn& turn, Session& session);

// What was noted meanwhile.
void settle_shared(Turn& turn);

// Once a second: what settle_shared() put off is noted again.
void move_later(Turn& turn);

}  // namespace lotmesh::broker
