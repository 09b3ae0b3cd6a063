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
    if (!pair.unrouted.empty() && now - pair.unrouted.back().fault.begin < kDrain)
        pair.unrouted.back().drained = false;
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

void FaultHistory::begin_unrouted(NodeIndex a, NodeIndex b, Instant now) {
    const bool linked = clean(a, b, now, now);
    begin_pair(a, b, now);
    pairs_[key(a, b)].unrouted.push_back({{now, std::nullopt}, linked});
}

void FaultHistory::end_unrouted(NodeIndex a, NodeIndex b, Instant now) {
    end_pair(a, b, now);
    pairs_[key(a, b)].unrouted.back().fault.end = now;
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

bool FaultHistory::apart_for(NodeIndex a, NodeIndex b, Duration span, Instant from,
                             Instant to) const {
    const auto it = pairs_.find(key(a, b));
    if (it == pairs_.end()) return false;
    return std::ranges::any_of(it->second.faults, [&](const Fault& fault) {
        const Instant settled = settled_at(fault);
        return settled >= from && std::min(settled, to) - fault.begin >= span;
    });
}

// None: there is no route yet, or something else lasts.
std::optional<Instant> FaultHistory::routed_after(NodeIndex a, NodeIndex b,
                                                  const Unrouted& unrouted) const {
    if (!unrouted.fault.end) return std::nullopt;
    return settled_after(a, b, *unrouted.fault.end);
}

bool FaultHistory::let_go(NodeIndex a, NodeIndex b, const Passage& passage) const {
    const auto it = pairs_.find(key(a, b));
    if (it == pairs_.end()) return false;
    const auto arrived = settled_after(a, b, passage.sent, passage.prompt);
    return std::ranges::any_of(it->second.unrouted, [&](const Unrouted& unrouted) {
        const Instant removed = unrouted.fault.begin;
        const auto again = routed_after(a, b, unrouted);
        if (again && passage.sent > *again) return false;
        if (passage.acked < removed && unrouted.drained) return false;
        return !arrived || *arrived + passage.prompt > removed;
    });
}

bool FaultHistory::forgotten_without_route(NodeIndex a, NodeIndex b, Instant from,
                                           Instant to) const {
    const auto it = pairs_.find(key(a, b));
    if (it == pairs_.end()) return false;
    return std::ranges::any_of(it->second.unrouted, [&](const Unrouted& unrouted) {
        const Instant again = routed_after(a, b, unrouted).value_or(kNever);
        return again >= from && std::min(again, to) - unrouted.fault.begin >= kForgetLeaving;
    });
}

std::optional<Instant> FaultHistory::settled_after(NodeIndex a, NodeIndex b, Instant from,
                                                   Duration slack) const {
    const auto it = pairs_.find(key(a, b));
    if (it == pairs_.end()) return from;
    Instant at = from;
    for (const Fault& fault : it->second.faults)
        if (at == kNever || fault.begin <= at + slack) at = std::max(at, settled_at(fault));
    return at == kNever ? std::nullopt : std::optional(at);
}

}  // namespace lotmesh::sim
