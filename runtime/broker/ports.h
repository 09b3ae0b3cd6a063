// The two ports between the broker of a node and its cluster. Core implements BrokerPort, Cluster
// implements ClusterPort, Node introduces them; each side is tested with a fake of the other.
// All calls are on the core thread and synchronous; effects go to the Effects of the turn.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "runtime/broker/effect.h"
#include "runtime/broker/message.h"
#include "runtime/broker/policy.h"
#include "runtime/mqtt/packet.h"

namespace lotmesh::broker {

enum class Forwarded : std::uint8_t {
    Nowhere,    // no peer wants it
    Accepted,   // it is in the view of every peer that wants it
    QuotaFull,  // a peer that wants it is away and its spool is full; refuse it (0x97), nothing was
                // kept
};

// Waits for every reachable peer; 0 is "nothing to wait for".
using BarrierTicket = std::uint64_t;

// Borrowed, for the time of one call.
struct PeerConnection {
    ConnId conn;
    const Principal& principal;
    const mqtt::Connect& connect;
    ByteView rest;                 // what followed the CONNECT
    bool known_by_policy = false;  // else there are no rules, and it is who it says
    std::optional<Instant> proof_ends_at = std::nullopt;  // the connection ends with its proof
};

class ClusterPort {
public:
    virtual ~ClusterPort() = default;

    // A message that this node accepted from a client (or a will). Not called for `$`-topics.
    virtual Forwarded forward(const MessageRef& message, Now now) = 0;

    // This node begins, or ceases, to have at least one subscription with this filter.
    virtual void interest_added(std::string_view filter, Now now) = 0;
    virtual void interest_removed(std::string_view filter, Now now) = 0;

    // A ticket that passes when every reachable peer routes these filters to us (1 s at most);
    // BrokerPort::barrier_passed is called then, in a later event. 0: they all do already.
    virtual BarrierTicket subscribe_barrier(std::span<const std::string_view> filters, Now now) = 0;

    // A connection whose CONNECT said that it is a peer (see kPeerProperty), which the policy has
    // believed and allowed. From this call on the connection is the cluster's, which answers the
    // CONNECT.
    virtual void peer_connected(const PeerConnection& peer, Now now, Effects& effects) = 0;

    // The policy has changed. Connections of that kind whose principal may not be a peer any more
    // end with 0x87; how many.
    virtual std::size_t end_unwelcome_peers(const std::function<bool(const Principal&)>& is_welcome,
                                            Now now, Effects& effects) = 0;

    // True: this node was started a moment ago and does not know yet what its peers want; PUBLISH
    // packets wait until BrokerPort::resume_sources.
    virtual bool is_starting() const = 0;

    // True: views of reachable peers are long; a client that publishes QoS > 0 is paused until
    // BrokerPort::resume_sources.
    virtual bool sources_should_pause() const = 0;

    // True: a node is away, or was a moment ago, that may hold what was deleted meanwhile.
    virtual bool keeps_tombstones(Now now) = 0;
};

// A CONNECT with this user property comes from a peer.
inline constexpr std::string_view kPeerProperty = "lotmesh-peer";

// Frames of peers travel on this topic name; nobody else's packets may be about it.
inline constexpr std::string_view kPeerTopic = "$cluster";

// One retained topic; without a message it is a tombstone.
struct RetainedEntry {
    std::string_view topic;
    Version version;
    MessageRef message;
    // The node that wrote it will deliver it, and what it wrote before, in its own log: live
    // subscribers wait for that.
    bool follows_in_log = false;
};

inline constexpr std::size_t kRetainedBuckets = 256;

// What became of an entry that a peer holds.
enum class Merged : std::uint8_t {
    Changed,
    Known,    // this version or a higher one is here, or it is a deletion too old to matter
    Full,     // not kept: as many as may be retained are
    Refused,  // its clock is too far ahead
};

struct Tombstones {
    std::uint64_t count = 0;
    std::uint64_t collected_early = 0;  // since there were too many: a deletion may be undone
};

class BrokerPort {
public:
    virtual ~BrokerPort() = default;

    // A message from a peer: to local subscribers only, in order of the calls. One with a version
    // is also stored, or, with an empty payload, deletes, where its version is the higher one; an
    // older version than the stored one is still delivered, since it was published.
    virtual void deliver(const MessageRef& message, Now now, Effects& effects) = 0;

    virtual void barrier_passed(BarrierTicket ticket, Now now, Effects& effects) = 0;

    // The filters that this node has subscriptions for, each once, in a stable order.
    virtual void for_each_interest(const std::function<void(std::string_view)>& visit) const = 0;

    // Retained replication: one digest for each bucket, over topics, versions and tombstones.
    virtual std::span<const std::uint64_t> retained_digests() const = 0;
    virtual void for_each_retained(
        std::size_t bucket, const std::function<void(const RetainedEntry&)>& visit) const = 0;
    // Higher version wins, equal is nothing. What changes is also delivered to live subscribers,
    // since they missed it, unless it follows_in_log.
    virtual Merged merge_retained(const RetainedEntry& entry, Now now, Effects& effects) = 0;

    virtual Tombstones tombstones() const = 0;

    // A connected subscriber's queue is above its high watermark: peers should hold back.
    virtual bool peers_should_pause() const = 0;

    // sources_should_pause() or is_starting() became false.
    virtual void resume_sources(Now now, Effects& effects) = 0;

    // A retained message of the node itself below $SYS/broker/, for local subscribers.
    virtual void publish_sys(std::string_view topic, std::string_view payload, Now now,
                             Effects& effects) = 0;
};

}  // namespace lotmesh::broker
