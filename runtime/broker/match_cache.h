// Topic -> the sessions that receive it and the groups of which one member does, remembered. Owned
// by SubscriptionIndex, which says when what is remembered ceases to be true. Bounded by topics,
// which are short, and by receivers with their identifiers and groups; when either is full all is
// forgotten, since what is in use comes back with the next message.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/hash.h"
#include "base/slot_map.h"
#include "runtime/broker/limits.h"
#include "runtime/mqtt/types.h"

namespace lotmesh::broker {

using SessionId = SlotHandle;
using GroupId = SlotHandle;  // see shared_group.h

struct Receiver {
    SessionId session;
    std::uint32_t identifiers_at = 0;  // in Match::identifiers
    std::uint32_t identifier_count = 0;
    mqtt::QoS qos = mqtt::QoS::AtMostOnce;  // the highest granted [MQTT-3.3.4-2]
    bool retain_as_published = false;       // of any that match
    bool some_no_local = false;             // of any that match
};

struct Match {
    std::vector<Receiver> receivers;
    std::vector<std::uint32_t> identifiers;
    std::vector<GroupId> groups;  // who is in them stands in SharedGroups, so that it may change
};

class MatchCache {
public:
    MatchCache(std::uint64_t hash_key, std::size_t topics_max, std::size_t receivers_max)
        : topics_max_(topics_max), receivers_max_(receivers_max), topics_(0, Hash{hash_key}) {}

    const Match* find(std::string_view topic) const;
    // Valid until the next call; remembered unless the topic is long.
    const Match& remember(std::string_view topic, Match match);

    void forget(std::string_view topic);
    void forget_all() { ++generation_; }

    std::size_t size() const { return topics_.size(); }

private:
    struct Hash {
        using is_transparent = void;
        std::uint64_t key;
        std::size_t operator()(std::string_view topic) const { return hash64(topic, key); }
    };
    struct Remembered {
        std::uint64_t generation = 0;
        Match match;
    };

    std::size_t topics_max_;
    std::size_t receivers_max_;
    std::uint64_t generation_ = 1;
    std::size_t receiver_count_ = 0;  // and identifiers and groups
    std::unordered_map<std::string, Remembered, Hash, std::equal_to<>> topics_;
    Match not_remembered_;
};

}  // namespace lotmesh::broker
