#include "runtime/server/transports.h"

#include <utility>

#include "base/assert.h"

namespace lotmesh::server {

Transports::Entry* Transports::entry_of(SlotHandle connection) const {
    if (connection.index >= slots_.size()) return nullptr;
    const Slot& slot = slots_[connection.index];
    return slot.connection == connection ? slot.entry.get() : nullptr;
}

void Transports::add(SlotHandle connection, SharedRules rules, const net::Address& peer,
                     Instant now) {
    if (connection.index >= slots_.size()) slots_.resize(connection.index + 1);
    Slot& slot = slots_[connection.index];
    ASSERT(slot.entry == nullptr);
    deadlines_.push(now + rules->arrival_max, connection);
    slot.connection = connection;
    slot.entry = std::make_unique<Entry>(Entry{Transport(std::move(rules), peer), now});
    ++arriving_;
}

Transport* Transports::find(SlotHandle connection) {
    Entry* entry = entry_of(connection);
    return entry == nullptr ? nullptr : &entry->transport;
}

void Transports::erase(SlotHandle connection) {
    const Entry* entry = entry_of(connection);
    if (entry == nullptr) return;
    if (!entry->arrived) --arriving_;
    slots_[connection.index] = {};
    // Of those that come and go faster than their time runs out.
    if (deadlines_.size() > 2 * arriving_max_)
        deadlines_.erase_if([this](Instant, SlotHandle waiting) {
            const Entry* still_there = entry_of(waiting);
            return still_there == nullptr || still_there->arrived;
        });
}

bool Transports::has_arrived(SlotHandle connection) const { return entry_of(connection)->arrived; }

Duration Transports::arrive(SlotHandle connection, Instant now) {
    Entry& entry = *entry_of(connection);
    ASSERT(!entry.arrived);
    entry.arrived = true;
    --arriving_;
    return now - entry.since;
}

std::vector<SlotHandle> Transports::take_overdue(Instant now) {
    std::vector<SlotHandle> overdue;
    while (const auto connection = deadlines_.pop_due(now)) {
        const Entry* entry = entry_of(*connection);
        if (entry != nullptr && !entry->arrived) overdue.push_back(*connection);
    }
    return overdue;
}

std::vector<SlotHandle> Transports::arriving() const {
    std::vector<SlotHandle> connections;
    for (const Slot& slot : slots_)
        if (slot.entry && !slot.entry->arrived) connections.push_back(slot.connection);
    return connections;
}

}  // namespace lotmesh::server
