// The subscriptions to one filter: walked for every message, changed one at a time. Most filters
// have a few, for which a search from the beginning is quickest; from kSearchMax on an index by
// session is kept, so that coming and going cost the same whatever number there are.
//
// Core thread; owned by a node of the trie, or by a group of members. Bounded by
// Limits::sessions_max, one for each session.
#pragma once

#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

#include "runtime/broker/match_cache.h"
#include "runtime/mqtt/types.h"

namespace lotmesh::broker {

struct Subscription {
    SessionId session;
    std::uint32_t identifier = 0;  // 0: none
    mqtt::QoS qos = mqtt::QoS::AtMostOnce;
    bool no_local = false;
    bool retain_as_published = false;
};

class SubscriberList {
public:
    // Of a session that is not in it.
    void add(const Subscription& subscription);
    // Of a session that is.
    void replace(const Subscription& subscription);
    const Subscription& of(SessionId session) const { return subscriptions_[position(session)]; }
    void remove(SessionId session);

    std::size_t size() const { return subscriptions_.size(); }
    bool empty() const { return subscriptions_.empty(); }
    const Subscription& operator[](std::size_t i) const { return subscriptions_[i]; }
    auto begin() const { return subscriptions_.begin(); }
    auto end() const { return subscriptions_.end(); }

private:
    static constexpr std::size_t kSearchMax = 32;

    // A slot has one session at a time, so its number is enough. Never walked.
    using Index = std::unordered_map<std::uint32_t, std::uint32_t>;

    std::size_t position(SessionId session) const;

    std::vector<Subscription> subscriptions_;
    std::unique_ptr<Index> index_;  // where there are more than kSearchMax
};

}  // namespace lotmesh::broker
