// From a message to the sessions that are subscribed to it, and from a session's queues to its
// connection.
//
// What can go at once goes at once, encoded once for all (publish_heads.h). Otherwise QoS 1 and 2
// wait in the session's queue; QoS 0 waits only while deliveries are held for a SUBACK, or behind
// what was; for a congested connection it is dropped and counted. Queues are bounded by Limits.
#pragma once

#include <span>

#include "runtime/broker/state.h"

namespace lotmesh::broker {

// One message on its way to one session.
struct Target {
    Session& session;
    mqtt::QoS qos;
    bool retain;
    std::span<const std::uint32_t> identifiers;
    GroupId group = {};
};

// PublishHeads::begin() was called for the message.
void deliver_to(Turn& turn, const MessageRef& message, const Target& target);

struct FanOut {
    bool matched = false;     // somebody here is subscribed
    bool above_high = false;  // a subscriber that gets it wants its sources to wait
};

// Whether a session that would have to keep it has no room. Groups are not asked: their members
// take turns.
bool is_wanted_by_a_full_queue(Turn& turn, const MessageRef& message);

FanOut fan_out(Turn& turn, const MessageRef& message);

// Sends what may be sent: called when something became free (an ack, Writable, a SUBACK).
void drain(Turn& turn, Session& session);

// For connections that had more to send than one turn should carry.
void continue_draining(Turn& turn);

}  // namespace lotmesh::broker
