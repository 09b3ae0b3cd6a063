// A shared subscription, "$share/NAME/FILTER": the sessions that take turns at the messages of one
// filter. And the table of all of them, by id and by their text.
//
// Core thread; the table is owned by State, the groups by the table at addresses that do not
// change. A group exists while it has members. What is done with them stands in sharing.h.
// Bounded by Limits::shared_groups_max and shared_members_max, for which SUBSCRIBE asks.
// Section 4.8.2 of MQTT 5.0.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/hash.h"
#include "base/slot_map.h"
#include "runtime/broker/subscriber_list.h"
#include "runtime/broker/subscription_index.h"

namespace lotmesh::broker {

struct SharedGroup {
    GroupId id;
    std::string text;  // "$share/NAME/FILTER"
    GroupPlace place;  // of FILTER in the index

    // Members whose client is connected, and those whose client may come back.
    SubscriberList here;
    SubscriberList away;

    std::size_t turn = 0;    // where in its list the search for the next member begins
    bool left_away = false;  // a member that is away may have messages that others could take

    std::size_t members() const { return here.size() + away.size(); }
};

class SharedGroups {
public:
    explicit SharedGroups(std::uint64_t hash_key) : by_text_(0, Hash{hash_key}) {}

    // There is none of this text.
    SharedGroup& insert(std::string_view text);
    void erase(const SharedGroup& group);

    SharedGroup* find(GroupId id) {
        std::unique_ptr<SharedGroup>* group = groups_.find(id);
        return group == nullptr ? nullptr : group->get();
    }
    SharedGroup* find(std::string_view text) const;

    std::size_t size() const { return groups_.size(); }

private:
    struct Hash {
        std::uint64_t key;
        std::size_t operator()(std::string_view text) const { return hash64(text, key); }
    };

    SlotMap<std::unique_ptr<SharedGroup>> groups_;
    // The key is the group's own copy.
    std::unordered_map<std::string_view, SharedGroup*, Hash> by_text_;
};

}  // namespace lotmesh::broker
