// What went wrong in a run and when, between which nodes: the oracle asks it which promises held at
// which time. Faults are noted by the world as it makes them.
//
// A pair is "settled" some time after its last fault ended: that time is what the cluster may take
// to link again. It grows with the length of the fault, since the back-off of dials does.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "base/time.h"

namespace lotmesh::sim {

using NodeIndex = std::uint32_t;

class FaultHistory {
public:
    // Longest time to be linked again after a fault: fixed part and share of the fault's length.
    static constexpr Duration kSettle = Duration::seconds(2);
    static constexpr Duration kSettleMax = Duration::seconds(7);

    void begin_pair(NodeIndex a, NodeIndex b, Instant now);
    void end_pair(NodeIndex a, NodeIndex b, Instant now);
    // No route leads from one to the other: a fault too, after which each may forget the other.
    void begin_unrouted(NodeIndex a, NodeIndex b, Instant now);
    void end_unrouted(NodeIndex a, NodeIndex b, Instant now);
    void begin_node(NodeIndex node, std::uint32_t node_count, Instant now);
    void end_node(NodeIndex node, std::uint32_t node_count, Instant now);
    // A client that is slow enough to hold others up.
    void begin_slow(Instant now) { slow_.push_back({now, std::nullopt}); }
    void end_slow(Instant begun, Instant now);
    void note_crash(NodeIndex node, Instant now) { crashes_[node].push_back(now); }

    // When something between them last went right again.
    Instant last_repair(NodeIndex a, NodeIndex b) const;

    bool crashed_within(NodeIndex node, Instant from, Instant to) const;
    std::optional<Instant> last_crash_before(NodeIndex node, Instant when) const;

    // No fault, and no settling after one, at any time in [from, to].
    bool clean(NodeIndex a, NodeIndex b, Instant from, Instant to) const;

    // The longest that one fault made wait what was sent at `sent`, or up to `before` earlier than
    // the fault; none: the fault lasts.
    std::optional<Duration> longest_wait(NodeIndex a, NodeIndex b, Instant sent,
                                         Duration before) const;

    // The same for the whole cluster and all that can make a backlog, which takes kBacklog to
    // clear. With small limits one slow client holds up its node, that its peers, and so on.
    static constexpr Duration kBacklog = Duration::seconds(10);
    bool calm(Instant from, Instant to) const;
    std::optional<Instant> calm_after(Instant from) const;

    // Whether one fault that had not settled before `from` kept them apart for as long as `span`
    // up to `to`.
    bool apart_for(NodeIndex a, NodeIndex b, Duration span, Instant from, Instant to) const;

    // The first time at or after `from` at which the pair is settled, and no fault begins within
    // `slack` after it.
    std::optional<Instant> settled_after(NodeIndex a, NodeIndex b, Instant from,
                                         Duration slack = {}) const;

    // When a message was sent and acknowledged, and what it takes to arrive on a settled pair.
    struct Passage {
        Instant sent;
        Instant acked;
        Duration prompt;
    };
    // It was said while no route was there, or still waited when the last one was removed. What was
    // said before is drained where they were linked, and nothing else happened then.
    bool let_go(NodeIndex a, NodeIndex b, const Passage& passage) const;

    // Whether they had no route for long enough to forget each other up to `to`, and had not
    // settled before `from`.
    bool forgotten_without_route(NodeIndex a, NodeIndex b, Instant from, Instant to) const;

private:
    struct Fault {
        Instant begin;
        std::optional<Instant> end;  // none: it lasts
    };
    struct Unrouted {
        Fault fault;
        bool drained = false;  // linked when the last route was removed, and for a while after
    };
    struct Pair {
        std::vector<Fault> faults;  // ordered, merged where one begins before the last has settled
        std::vector<Unrouted> unrouted;
        std::uint32_t open = 0;  // faults at the same time
        Instant last_repair;
    };

    // What a removed route takes to drain, and a peer that was let go to be forgotten, at most and
    // at least.
    static constexpr Duration kDrain = Duration::seconds(5);
    static constexpr Duration kForgetLeaving = Duration::seconds(5);

    static std::pair<NodeIndex, NodeIndex> key(NodeIndex a, NodeIndex b);
    static Instant settled_at(const Fault& fault);

    static Instant cleared_at(const Fault& fault);
    std::optional<Instant> routed_after(NodeIndex a, NodeIndex b, const Unrouted& unrouted) const;
    template <typename Visit>
    void for_each_disturbance(Visit&& visit) const;

    std::map<std::pair<NodeIndex, NodeIndex>, Pair> pairs_;
    std::vector<Fault> slow_;
    std::map<NodeIndex, std::vector<Instant>> crashes_;
};

}  // namespace lotmesh::sim
