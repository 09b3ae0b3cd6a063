// Who is subscribed to what: a trie over filter levels, and a cache of topic -> receivers.
//
// Core thread; owned by State. A node of the trie is a filter (or the beginning of one) and carries
// its subscriptions and its groups (shared_group.h); its FilterId is stable while it has any, so a
// session remembers filters as numbers. Bounded by Limits::subscriptions_per_session_max and
// shared_groups_max and by the levels of a filter (base/topic.h); the cache by
// Limits::match_cache_*.
//
// Exact invalidation: a change of a filter without wildcards forgets that one topic; a change of
// one with wildcards begins a new generation, and what was cached in an older one is not used.
// Who is in a group is not remembered, so members come and go without a change here.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/slot_map.h"
#include "runtime/broker/match_cache.h"
#include "runtime/broker/subscriber_list.h"
#include "runtime/mqtt/packet.h"

namespace lotmesh::broker {

using FilterId = std::uint32_t;

// Where a group stands: in the list of this filter, and at which place in it.
struct GroupPlace {
    FilterId filter = 0;
    std::uint32_t at = 0;
};

class SubscriptionIndex {
public:
    SubscriptionIndex(std::uint64_t hash_key, std::size_t cache_topics_max,
                      std::size_t cache_receivers_max);

    // Nothing where nobody is subscribed to it, neither alone nor in a group.
    std::optional<FilterId> find(std::string_view filter) const;
    std::string filter(FilterId id) const;

    // A session that is not yet subscribed to this filter.
    FilterId add(std::string_view filter, const Subscription& subscription);
    // One that is: the new options hold from now on [MQTT-3.8.4-3].
    void replace(FilterId id, const Subscription& subscription);
    void remove(FilterId id, SessionId session);

    // A group that shares this filter; with its first member and its last one. What is given by
    // remove_group() has taken the place of the one that went.
    GroupPlace add_group(std::string_view filter, GroupId group);
    std::optional<GroupId> remove_group(GroupPlace place);

    // Subscriptions to this filter, and groups: what makes the interest of the node begin and
    // cease.
    std::size_t subscribers(FilterId id) const {
        return nodes_[id].subscriptions.size() + nodes_[id].group_count();
    }
    // Without those of groups.
    std::size_t subscription_count() const { return subscription_count_; }

    // One entry for each session, whatever number of its subscriptions match, and one for each
    // group. Valid until the next call of anything here.
    const Match& receivers(std::string_view topic);

    // What a publisher with No Local subscriptions gets of its own message [MQTT-3.8.3-3].
    Match receivers_without_no_local(std::string_view topic, SessionId publisher) const;

    // Every filter with a subscription, in the order of FilterIds.
    void for_each_filter(const std::function<void(std::string_view)>& visit) const;

private:
    struct Node {
        std::string level;
        FilterId parent = 0;
        std::uint32_t children = 0;
        FilterId plus = 0;   // child "+"; 0: none
        FilterId multi = 0;  // child "#"
        SubscriberList subscriptions;
        std::unique_ptr<std::vector<GroupId>> groups;  // rarely any

        std::size_t group_count() const { return groups ? groups->size() : 0; }
        bool in_use() const { return !subscriptions.empty() || groups; }
    };
    struct Slot {
        std::uint32_t hash = 0;
        FilterId node = 0;  // 0: empty
    };
    using Found = std::vector<const Node*>;

    static constexpr FilterId kRoot = 0;

    std::uint32_t hash_of(FilterId parent, std::string_view level) const;
    FilterId child(FilterId parent, std::string_view level) const;
    FilterId make_child(FilterId parent, std::string_view level);
    void insert_slot(Slot slot);
    void erase_slot(FilterId node);
    void grow_slots();
    FilterId make_path(std::string_view filter);
    void prune(FilterId id);
    void changed(std::string_view filter);

    Found match(std::string_view topic) const;

    std::vector<Node> nodes_;  // [0] is the root
    std::vector<FilterId> free_;
    std::vector<Slot> slots_;  // literal children; linear probing, a power of two
    std::size_t slots_used_ = 0;
    std::uint64_t hash_key_;
    std::size_t subscription_count_ = 0;
    MatchCache cache_;
};

}  // namespace lotmesh::broker
