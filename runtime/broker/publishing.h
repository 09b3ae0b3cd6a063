// The path of a message that this node accepts, from a client, a will, or a peer: made once, then
// to the peers, the retained store and the local subscribers.
#pragma once

#include "runtime/broker/state.h"
#include "runtime/mqtt/packet.h"

namespace lotmesh::broker {

// What to do with a message for which a peer has no room.
enum class OnQuota : std::uint8_t {
    Refuse,       // nothing is kept, it is delivered nowhere
    DeliverHere,  // nobody can be told (QoS 0, a will): to the subscribers of this node, and
                  // counted
};

struct Published {
    bool quota_full = false;  // refused
    bool matched = false;     // a subscriber here, or a peer
    bool above_high = false;  // see FanOut
};

// parts.version is set here for a retained message. `writer`: whose right to retain it is looked at
// again when the rules have changed; nobody's where there are none.
Published publish(Turn& turn, MessageParts parts, OnQuota on_quota,
                  const Principal* writer = nullptr);

// Who that is, of a message of this session.
const Principal* writer_of(const State& state, const Session& session);

// Whether a retained message may still be delivered, as far as it depends on who wrote it. Counts
// where it is not so.
bool checked_source(Turn& turn, const MessageRef& message);

// Retained below $SYS: of this node only.
// Section 3.3.2.3.2: text where the payload format indicator says so.
bool has_payload_as_said(const mqtt::PublishProperties& properties, ByteView payload);

void publish_sys_message(Turn& turn, std::string_view topic, std::string_view payload);
// The same, for who listens now.
void publish_sys_line(Turn& turn, std::string_view topic, std::string_view payload);

// To the output topic, and to where the command wanted it, as a client of this node publishes.
void publish_command_answer(Turn& turn, const ReplyTo& to, std::string_view answer);

// From peers: see BrokerPort.
void deliver_from_peer(Turn& turn, const MessageRef& message);
Merged merge_retained_from_peer(Turn& turn, const RetainedEntry& entry);

}  // namespace lotmesh::broker
