// Deadlines of many things, earliest first: a binary heap that never removes from its middle.
//
// Deletion is lazy and the user's: a key that was pushed comes out when its instant is reached,
// also when the thing it stands for has gone or has another deadline by then. So let the key carry
// a generation (a SlotHandle does), or compare what comes out with what the thing now wants:
//
//     while (std::optional<Key> key = queue.pop_due(now)) {
//         Thing* thing = things.find(*key);
//         if (thing == nullptr) continue;                                     // gone
//         if (thing->deadline > now) queue.push(thing->deadline, *key);       // has been put off
//         else expire(*thing);
//     }
//
// With this pattern, where a deadline that is put off is not pushed again until the old one comes
// out, the queue holds one entry for each thing that is there, and those of things that have gone
// until their instant comes. Where that may be far away, erase_if() bounds it. earliest() may name
// an instant at which there is nothing to do, which is harmless. Equal instants come out in the
// order of push, so that a run can be repeated.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "base/time.h"

namespace lotmesh {

template <typename Key>
class DeadlineQueue {
public:
    void push(Instant at, Key key) {
        heap_.push_back({at, next_order_++, std::move(key)});
        std::push_heap(heap_.begin(), heap_.end(), is_later);
    }

    std::optional<Instant> earliest() const {
        if (heap_.empty()) return std::nullopt;
        return heap_.front().at;
    }

    // The earliest key whose instant is not after `now`.
    std::optional<Key> pop_due(Instant now) {
        if (heap_.empty() || heap_.front().at > now) return std::nullopt;
        std::pop_heap(heap_.begin(), heap_.end(), is_later);
        std::optional<Key> key(std::move(heap_.back().key));
        heap_.pop_back();
        return key;
    }

    // Forgets every entry of which is_stale(at, key) is true; the order of the others stays.
    template <typename IsStale>
    void erase_if(IsStale&& is_stale) {
        std::erase_if(heap_, [&](const Entry& entry) { return is_stale(entry.at, entry.key); });
        std::make_heap(heap_.begin(), heap_.end(), is_later);
    }

    std::size_t size() const { return heap_.size(); }
    bool empty() const { return heap_.empty(); }

private:
    struct Entry {
        Instant at;
        std::uint64_t order;
        Key key;
    };

    static bool is_later(const Entry& a, const Entry& b) {
        return a.at != b.at ? a.at > b.at : a.order > b.order;
    }

    std::vector<Entry> heap_;
    std::uint64_t next_order_ = 0;
};

}  // namespace lotmesh
