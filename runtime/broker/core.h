// The broker of one node as a machine: connections, sessions, subscriptions, retained messages,
// wills. A facade; the logic is in the handler files beside it.
//
// Core thread only. Never blocks, throws, logs to anywhere but Effects, or reads a clock. What it
// keeps is bounded by Limits. MQTT 3.1, 3.1.1 and 5.0.
//
// Events: Accepted, Received, Closed, Congested, Writable and Tick. Those of a connection that it
// does not know (one that became a peer's, or is gone) and Dialled/DialFailed are ignored, so a
// node may hand every event to both Core and Cluster.
//
// SUBSCRIBE: the subscription routes from the moment it is processed and the retained snapshot is
// taken at once, but everything for that session is held (QoS 0 too, bounded) until its SUBACK has
// gone out, which waits for the ticket of ClusterPort::subscribe_barrier. So the order on the wire
// is SUBACK, retained, live, with neither a gap nor a duplicate.
//
// Commands: what a client on this machine publishes to kCommandTopic is acknowledged and becomes a
// Command of the effects; everybody else is told 0x87. Other topics that begin with `$` are
// nobody's to publish to (0x90).
//
// Starting: while ClusterPort::is_starting(), whoever sends a PUBLISH is paused before it is taken.
//
// Backpressure: a client that publishes QoS > 0 is paused (PauseReading) while
// ClusterPort::sources_should_pause(), or while a connected subscriber of its message is above its
// high watermark. A subscriber that does not come below its low watermark within
// Limits::stall_after pauses nobody any more, until it does. When its queue reaches its maximum,
// the newest message is dropped, and where it took nothing at all for stall_after, it is
// disconnected (0x97). A client with deliveries of its own in flight is not paused, since its acks
// would not be read. Whoever is Congested is not read from until it is Writable, so that answers do
// not pile up for a client that does not take them; and whoever has published what one may in a
// second, until it is his time again (publish_rate.h).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/hlc.h"
#include "base/node_id.h"
#include "base/time.h"
#include "runtime/broker/counters.h"
#include "runtime/broker/effect.h"
#include "runtime/broker/event.h"
#include "runtime/broker/limits.h"
#include "runtime/broker/policy.h"
#include "runtime/broker/ports.h"

namespace lotmesh::broker {

struct CoreConfig {
    NodeId node;
    std::string version;     // of the program, for $SYS/broker/version
    std::uint64_t seed = 0;  // of all randomness inside: assigned client ids, hash keys
    Limits limits;
    // Where clients should go when this node is shut down; empty: they are told nothing.
    std::string server_reference = {};
    // What a client gets that asks for Response Information, `%c` standing for its client id;
    // empty: nothing.
    std::string response_information = {};
    // Each SUBSCRIBE and UNSUBSCRIBE is told below $SYS/broker/log/M/, to whoever listens.
    bool log_subscriptions = false;
};

struct State;

class Core final : public BrokerPort {
public:
    // Neither port is called by the constructor, so both may still be under construction. Both
    // outlive the Core. Without a policy everything is allowed.
    Core(CoreConfig config, ClusterPort& cluster);
    Core(CoreConfig config, ClusterPort& cluster, Policy& policy);
    ~Core() override;
    Core(const Core&) = delete;
    Core& operator=(const Core&) = delete;

    void handle(const Event& event, Now now, Effects& effects);

    // Its CONNECT has been accepted, and it is not a peer's.
    bool knows(ConnId conn) const;

    // After the last event of a loop turn, before the shell writes.
    void end_turn(Now now, Effects& effects);

    // When to send Tick at the latest.
    std::optional<Instant> next_deadline() const;

    // Publishes the wills, tells every client (5.0: DISCONNECT 0x8B, or 0x9C with the server
    // reference) and closes it. Connections that come later are refused.
    void shut_down(Now now, Effects& effects);

    const Counters& counters() const;
    std::size_t connected_clients() const;

    // BrokerPort.
    void deliver(const MessageRef& message, Now now, Effects& effects) override;
    void barrier_passed(BarrierTicket ticket, Now now, Effects& effects) override;
    void for_each_interest(const std::function<void(std::string_view)>& visit) const override;
    std::span<const std::uint64_t> retained_digests() const override;
    void for_each_retained(std::size_t bucket,
                           const std::function<void(const RetainedEntry&)>& visit) const override;
    Merged merge_retained(const RetainedEntry& entry, Now now, Effects& effects) override;
    Tombstones tombstones() const override;
    bool peers_should_pause() const override;
    void resume_sources(Now now, Effects& effects) override;
    void publish_sys(std::string_view topic, std::string_view payload, Now now,
                     Effects& effects) override;

    // One line of the log below $SYS, which is not retained.
    void publish_sys_line(std::string_view topic, std::string_view payload, Now now,
                          Effects& effects);

    // Answers a Command of the effects; any number of times.
    void answer_command(const ReplyTo& to, std::string_view answer, Now now, Effects& effects);

private:
    AllowAll allow_all_;
    std::unique_ptr<State> state_;
};

}  // namespace lotmesh::broker
