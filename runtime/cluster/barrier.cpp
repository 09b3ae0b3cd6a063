#include "runtime/cluster/barrier.h"

#include "base/assert.h"

namespace lotmesh::cluster {

broker::BarrierTicket BarrierTable::open(std::vector<Target> targets, Instant deadline) {
    if (targets.empty()) return 0;
    ASSERT(waiting_.empty() || waiting_.back().deadline <= deadline);
    waiting_.push_back({++last_, deadline, std::move(targets)});
    return last_;
}

template <typename Met>
void BarrierTable::settle(Met&& met) {
    bool passed = false;
    for (Waiting& waiting : waiting_) {
        std::erase_if(waiting.targets, met);
        if (!waiting.targets.empty()) continue;
        passed_.push_back(waiting.ticket);
        passed = true;
    }
    if (passed) std::erase_if(waiting_, [](const Waiting& item) { return item.targets.empty(); });
}

void BarrierTable::acked(std::size_t peer, std::uint64_t lsn) {
    if (waiting_.empty()) return;
    settle([peer, lsn](const Target& target) { return target.peer == peer && target.lsn <= lsn; });
}

void BarrierTable::unreachable(std::size_t peer) {
    if (waiting_.empty()) return;
    settle([peer](const Target& target) { return target.peer == peer; });
}

PeerSet BarrierTable::time_out(Instant now) {
    PeerSet late = 0;
    while (!waiting_.empty() && waiting_.front().deadline <= now) {
        for (const Target& target : waiting_.front().targets)
            late |= PeerSet{1} << target.peer;
        passed_.push_back(waiting_.front().ticket);
        waiting_.pop_front();
    }
    return late;
}

std::vector<broker::BarrierTicket> BarrierTable::take_passed() {
    return std::exchange(passed_, {});
}

std::optional<Instant> BarrierTable::next_deadline() const {
    if (waiting_.empty()) return std::nullopt;
    return waiting_.front().deadline;
}

}  // namespace lotmesh::cluster
