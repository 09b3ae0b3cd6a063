#include "tests/support/sim_history.h"

#include <algorithm>

#include "base/assert.h"

namespace lotmesh::sim {
namespace {

constexpr Instant kNever{INT64_MAX};

}  // namespace

std::pair<NodeIndex, NodeIndex> FaultHistory::key(NodeIndex a, NodeIndex b) {
    return {std::min(a, b), std::max(a, b)};
}

Instant FaultHistory::settled_at(const Fault& fault) {
    if (!fault.end) return kNever;
    const Duration length = *fault.end - fault.begin;
    return *fault.end + std::min(kSettle + length, kSettleMax);
}

Instant FaultHistory::cleared_at(const Fault& fault) {
    if (!fault.end || fault.begin == Instant{}) return settled_at(fault);  // no work before that
    return std::max(settled_at(fault), *fault.end + kBacklog);
}

template <typename Visit>
void FaultHistory::for_each_disturbance(Visit&& visit) const {
    for (const auto& [nodes, pair] : pairs_)
        std::ranges::for_each(pair.faults, visit);
    std::ranges::for_each(slow_, visit);
}

void FaultHistory::end_slow(Instant begun, Instant now) {
    for (Fault& fault : slow_)
        if (fault.begin == begun && !fault.end) {
            fault.end = now;
            return;
        }
    UNREACHABLE();
}

void FaultHistory::begin_pair(NodeIndex a, NodeIndex b, Instant now) {
    Pair& pair = pairs_[key(a, b)];
    if (++pair.open > 1) return;
    if (!pair.faults.empty() && settled_at(pair.faults.back()) >= now)
        pair.faults.back().end.reset();
    else
        pair.faults.push_back({now, std::nullopt});
}

void FaultHistory::end_pair(NodeIndex a, NodeIndex b, Instant now) {
    Pair& pair = pairs_[key(a, b)];
    ASSERT(pair.open > 0);
    pair.last_repair = now;
    if (--pair.open == 0) pair.faults.back().end = now;
}

void FaultHistory::begin_node(NodeIndex node, std::uint32_t node_count, Instant now) {
    for (NodeIndex other = 0; other < node_count; ++other)
        if (other != node) begin_pair(node, other, now);
}

void FaultHistory::end_node(NodeIndex node, std::uint32_t node_count, Instant now) {
    for (NodeIndex other = 0; other < node_count; ++other)
        if (other != node) end_pair(node, other, now);
}

Instant FaultHistory::last_repair(NodeIndex a, NodeIndex b) const {
    const auto it = pairs_.find(key(a, b));
    return it == pairs_.end() ? Instant{} : it->second.last_repair;
}

bool FaultHistory::crashed_within(NodeIndex node, Instant from, Instant to) const {
    const auto it = crashes_.find(node);
    if (it == crashes_.end()) return false;
    return std::ranges::any_of(it->second, [&](Instant at) { return at >= from && at <= to; });
}

std::optional<Instant> FaultHistory::last_crash_before(NodeIndex node, Instant when) const {
    std::optional<Instant> last;
    const auto it = crashes_.find(node);
    if (it == crashes_.end()) return last;
    for (const Instant at : it->second)
        if (at <= when) last = at;
    return last;
}

bool FaultHistory::clean(NodeIndex a, NodeIndex b, Instant from, Instant to) const {
    const auto it = pairs_.find(key(a, b));
    if (it == pairs_.end()) return true;
    return std::ranges::none_of(it->second.faults, [&](const Fault& fault) {
        return fault.begin <= to && settled_at(fault) >= from;
    });
}

std::optional<Duration> FaultHistory::longest_wait(NodeIndex a, NodeIndex b, Instant sent,
                                                   Duration before) const {
    Duration longest;
    const auto it = pairs_.find(key(a, b));
    if (it == pairs_.end()) return longest;
    for (const Fault& fault : it->second.faults) {
        const Instant settled = settled_at(fault);
        if (settled < sent || sent + before < fault.begin) continue;
        if (settled == kNever) return std::nullopt;
        longest = std::max(longest, settled - std::max(sent, fault.begin));
    }
    return longest;
}

bool FaultHistory::calm(Instant from, Instant to) const {
    bool calm = true;
    for_each_disturbance([&](const Fault& fault) {
        if (fault.begin <= to && cleared_at(fault) >= from) calm = false;
    });
    return calm;
}

std::optional<Instant> FaultHistory::calm_after(Instant from) const {
    Instant at = from;
    for (bool moved = true; moved && at != kNever;) {
        const Instant before = at;
        for_each_disturbance([&](const Fault& fault) {
            if (fault.begin <= at) at = std::max(at, cleared_at(fault));
        });
        moved = at != before;
    }
    return at == kNever ? std::nullopt : std::optional(at);
}

bool FaultHistory::apart_for(NodeIndex a, NodeIndex b, Duration span, Instant since) const {
    const auto it = pairs_.find(key(a, b));
    if (it == pairs_.end()) return false;
    return std::ranges::any_of(it->second.faults, [&](const Fault& fault) {
        const Instant settled = settled_at(fault);
        return settled >= since && (settled == kNever || settled - fault.begin >= span);
    });
}

std::optional<Instant> FaultHistory::settled_after(NodeIndex a, NodeIndex b, Instant from) const {
    const auto it = pairs_.find(key(a, b));
    if (it == pairs_.end()) return from;
    Instant at = from;
    for (const Fault& fault : it->second.faults)
        if (fault.begin <= at) at = std::max(at, settled_at(fault));
    return at == kNever ? std::nullopt : std::optional(at);
}

}  // namespace lotmesh::sim
