// SUBACK barriers: tickets that pass when every reachable peer has acked our interest up to a
// certain lsn. Peers that become unreachable no longer count; after the timeout a ticket passes
// and the peers that it still waited for are named. Bounded by limits.h, barriers_max.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

#include "base/time.h"
#include "runtime/broker/ports.h"
#include "runtime/cluster/interest.h"

namespace lotmesh::cluster {

class BarrierTable {
public:
    struct Target {
        std::size_t peer = 0;
        std::uint64_t lsn = 0;
    };

    // 0 where there is no target.
    broker::BarrierTicket open(std::vector<Target> targets, Instant deadline);

    void acked(std::size_t peer, std::uint64_t lsn);
    void unreachable(std::size_t peer);
    // Returns the peers that some ticket waited for in vain.
    PeerSet time_out(Instant now);

    // Tickets that have passed since the last call, in the order in which they were opened.
    std::vector<broker::BarrierTicket> take_passed();
    bool has_passed() const { return !passed_.empty(); }

    std::size_t size() const { return waiting_.size(); }
    std::optional<Instant> next_deadline() const;

private:
    struct Waiting {
        broker::BarrierTicket ticket = 0;
        Instant deadline;
        std::vector<Target> targets;
    };

    // Drops the targets for which `met` holds; what has none left has passed.
    template <typename Met>
    void settle(Met&& met);

    std::deque<Waiting> waiting_;
    std::vector<broker::BarrierTicket> passed_;
    broker::BarrierTicket last_ = 0;
};

}  // namespace lotmesh::cluster
