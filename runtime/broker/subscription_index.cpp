#include "runtime/broker/subscription_index.h"

#include <algorithm>
#include <utility>

#include "base/assert.h"
#include "base/hash.h"
#include "base/topic.h"

namespace lotmesh::broker {
namespace {

void append_receiver(Match& match, const Subscription& subscription) {
    Receiver receiver;
    receiver.session = subscription.session;
    receiver.identifiers_at = static_cast<std::uint32_t>(match.identifiers.size());
    match.receivers.push_back(receiver);
}

// One more subscription of the session that is last in `match`.
void widen_last_receiver(Match& match, const Subscription& subscription) {
    Receiver& receiver = match.receivers.back();
    receiver.qos = std::max(receiver.qos, subscription.qos);
    receiver.retain_as_published |= subscription.retain_as_published;
    receiver.some_no_local |= subscription.no_local;
    if (subscription.identifier != 0) {  // [MQTT-3.3.4-3] [MQTT-3.3.4-4]
        match.identifiers.push_back(subscription.identifier);
        ++receiver.identifier_count;
    }
}

}  // namespace

SubscriptionIndex::SubscriptionIndex(std::uint64_t hash_key, std::size_t cache_topics_max,
                                     std::size_t cache_receivers_max)
    : nodes_(1),
      slots_(16),
      hash_key_(hash_key),
      cache_(hash_key, cache_topics_max, cache_receivers_max) {}

std::optional<FilterId> SubscriptionIndex::find(std::string_view filter) const {
    FilterId at = kRoot;
    for (const std::string_view level : TopicLevels(filter)) {
        at = child(at, level);
        if (at == kRoot) return std::nullopt;
    }
    if (!nodes_[at].in_use()) return std::nullopt;
    return at;
}

std::string SubscriptionIndex::filter(FilterId id) const {
    std::vector<std::string_view> levels;
    for (FilterId at = id; at != kRoot; at = nodes_[at].parent)
        levels.push_back(nodes_[at].level);
    std::string text;
    for (auto level = levels.rbegin(); level != levels.rend(); ++level) {
        if (level != levels.rbegin()) text += '/';
        text += *level;
    }
    return text;
}

FilterId SubscriptionIndex::add(std::string_view filter, const Subscription& subscription) {
    const FilterId at = make_path(filter);
    nodes_[at].subscriptions.add(subscription);
    ++subscription_count_;
    changed(filter);
    return at;
}

void SubscriptionIndex::replace(FilterId id, const Subscription& subscription) {
    nodes_[id].subscriptions.replace(subscription);
    changed(filter(id));
}

void SubscriptionIndex::remove(FilterId id, SessionId session) {
    nodes_[id].subscriptions.remove(session);
    --subscription_count_;
    changed(filter(id));
    prune(id);
}

GroupPlace SubscriptionIndex::add_group(std::string_view filter, GroupId group) {
    const FilterId at = make_path(filter);
    std::unique_ptr<std::vector<GroupId>>& groups = nodes_[at].groups;
    if (!groups) groups = std::make_unique<std::vector<GroupId>>();
    groups->push_back(group);
    changed(filter);
    return {at, static_cast<std::uint32_t>(groups->size() - 1)};
}

std::optional<GroupId> SubscriptionIndex::remove_group(GroupPlace place) {
    std::vector<GroupId>& groups = *nodes_[place.filter].groups;
    ASSERT(place.at < groups.size());
    groups[place.at] = groups.back();
    groups.pop_back();
    std::optional<GroupId> moved;
    if (place.at < groups.size()) moved = groups[place.at];
    if (groups.empty()) nodes_[place.filter].groups.reset();
    changed(filter(place.filter));
    prune(place.filter);
    return moved;
}

const Match& SubscriptionIndex::receivers(std::string_view topic) {
    if (const Match* match = cache_.find(topic)) return *match;

    const Found found = match(topic);
    Match result;
    for (const Node* node : found)
        if (node->groups)
            result.groups.insert(result.groups.end(), node->groups->begin(), node->groups->end());
    if (found.size() == 1) {  // nobody is in one list twice
        for (const Subscription& subscription : found.front()->subscriptions) {
            append_receiver(result, subscription);
            widen_last_receiver(result, subscription);
        }
        return cache_.remember(topic, std::move(result));
    }
    std::vector<const Subscription*> all;
    for (const Node* node : found)
        for (const Subscription& subscription : node->subscriptions)
            all.push_back(&subscription);
    // Nothing but these two tells subscriptions of one session apart in the result.
    std::ranges::sort(all, {},
                      [](const Subscription* s) { return std::pair(s->session, s->identifier); });
    for (const Subscription* subscription : all) {
        if (result.receivers.empty() || result.receivers.back().session != subscription->session)
            append_receiver(result, *subscription);
        widen_last_receiver(result, *subscription);
    }
    return cache_.remember(topic, std::move(result));
}

Match SubscriptionIndex::receivers_without_no_local(std::string_view topic,
                                                    SessionId publisher) const {
    Match result;
    for (const Node* node : match(topic)) {
        for (const Subscription& subscription : node->subscriptions) {
            if (subscription.session != publisher || subscription.no_local) continue;
            if (result.receivers.empty()) append_receiver(result, subscription);
            widen_last_receiver(result, subscription);
        }
    }
    return result;
}

void SubscriptionIndex::for_each_filter(const std::function<void(std::string_view)>& visit) const {
    for (FilterId id = 1; id < nodes_.size(); ++id)
        if (nodes_[id].in_use()) visit(filter(id));
}

SubscriptionIndex::Found SubscriptionIndex::match(std::string_view topic) const {
    struct Step {
        FilterId at;
        TopicLevels::Iterator level;
    };
    Found found;
    std::vector<Step> steps{{kRoot, TopicLevels(topic).begin()}};
    while (!steps.empty()) {
        auto [at, level] = steps.back();
        steps.pop_back();
        const Node& node = nodes_[at];
        const bool at_end = level == std::default_sentinel;
        // [MQTT-4.7.2-1]
        const bool wildcards = at != kRoot || at_end || !(*level).starts_with('$');
        if (wildcards && node.multi != 0)  // "a/#" matches "a" too
            found.push_back(&nodes_[node.multi]);
        if (at_end) {
            if (node.in_use()) found.push_back(&node);
            continue;
        }
        const FilterId literal = node.children == 0 ? kRoot : child(at, *level);
        ++level;
        if (wildcards && node.plus != kRoot) steps.push_back({node.plus, level});
        if (literal != kRoot) steps.push_back({literal, level});
    }
    return found;
}

void SubscriptionIndex::changed(std::string_view filter) {
    if (has_wildcard(filter)) {
        cache_.forget_all();
    } else {
        cache_.forget(filter);
    }
}

// Nodes that carry nothing any more go, up to the first that does.
void SubscriptionIndex::prune(FilterId id) {
    while (id != kRoot && !nodes_[id].in_use() && nodes_[id].children == 0) {
        const FilterId parent = nodes_[id].parent;
        if (nodes_[parent].plus == id) {
            nodes_[parent].plus = 0;
        } else if (nodes_[parent].multi == id) {
            nodes_[parent].multi = 0;
        } else {
            erase_slot(id);
        }
        --nodes_[parent].children;
        nodes_[id] = {};
        free_.push_back(id);
        id = parent;
    }
}

std::uint32_t SubscriptionIndex::hash_of(FilterId parent, std::string_view level) const {
    return static_cast<std::uint32_t>(hash64(level, hash_key_ ^ mix64(parent)));
}

FilterId SubscriptionIndex::child(FilterId parent, std::string_view level) const {
    if (level == "+") return nodes_[parent].plus;
    if (level == "#") return nodes_[parent].multi;
    const std::uint32_t hash = hash_of(parent, level);
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t i = hash & mask; slots_[i].node != 0; i = (i + 1) & mask) {
        if (slots_[i].hash != hash) continue;
        const Node& node = nodes_[slots_[i].node];
        if (node.parent == parent && node.level == level) return slots_[i].node;
    }
    return kRoot;
}

FilterId SubscriptionIndex::make_path(std::string_view filter) {
    FilterId at = kRoot;
    for (const std::string_view level : TopicLevels(filter)) {
        const FilterId next = child(at, level);
        at = next != kRoot ? next : make_child(at, level);
    }
    ASSERT(at != kRoot);
    return at;
}

FilterId SubscriptionIndex::make_child(FilterId parent, std::string_view level) {
    FilterId id = 0;
    if (free_.empty()) {
        id = static_cast<FilterId>(nodes_.size());
        nodes_.emplace_back();
    } else {
        id = free_.back();
        free_.pop_back();
    }
    nodes_[id].level = level;
    nodes_[id].parent = parent;
    ++nodes_[parent].children;
    if (level == "+") {
        nodes_[parent].plus = id;
    } else if (level == "#") {
        nodes_[parent].multi = id;
    } else {
        if ((slots_used_ + 1) * 3 > slots_.size() * 2) grow_slots();
        insert_slot({hash_of(parent, level), id});
        ++slots_used_;
    }
    return id;
}

void SubscriptionIndex::insert_slot(Slot slot) {
    const std::size_t mask = slots_.size() - 1;
    std::size_t i = slot.hash & mask;
    while (slots_[i].node != 0)
        i = (i + 1) & mask;
    slots_[i] = slot;
}

// Closes the gap, so that no search stops too early.
void SubscriptionIndex::erase_slot(FilterId node) {
    const std::size_t mask = slots_.size() - 1;
    std::size_t gap = hash_of(nodes_[node].parent, nodes_[node].level) & mask;
    while (slots_[gap].node != node)
        gap = (gap + 1) & mask;
    for (std::size_t i = (gap + 1) & mask; slots_[i].node != 0; i = (i + 1) & mask) {
        const std::size_t home = slots_[i].hash & mask;
        if (((i - home) & mask) < ((i - gap) & mask)) continue;  // would stand before its home
        slots_[gap] = slots_[i];
        gap = i;
    }
    slots_[gap] = {};
    --slots_used_;
}

void SubscriptionIndex::grow_slots() {
    std::vector<Slot> old(slots_.size() * 2);
    old.swap(slots_);
    for (const Slot& slot : old)
        if (slot.node != 0) insert_slot(slot);
}

}  // namespace lotmesh::broker
