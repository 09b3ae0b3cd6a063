#include "runtime/server/transports.h"

#include <utility>

#include "base/assert.h"

namespace lotmesh::server {

Transports::Entry* Transports::entry_of(SlotHandle connection) const {
    if (connection.index >= slots_.size()) return nullptr;
    const Slot& slot = slots_[connection.index];
    return slot.connection == connection ? slot.entry.get() : nullptr;
}

Transport& Transports::add(SlotHandle connection, SharedRules rules, const net::Address& peer,
                           Instant now) {
    if (connection.index >= slots_.size()) slots_.resize(connection.index + 1);
    Slot& slot = slots_[connection.index];
    ASSERT(slot.entry == nullptr);
    deadlines_.push(now + rules->arrival_max, connection);
    silent_.push_back(connection);
    if (silent_.size() > 2 * arriving_max_)
        std::erase_if(silent_, [this](SlotHandle waiting) { return !is_silent(waiting); });
    slot.connection = connection;
    slot.entry = std::make_unique<Entry>(Entry{Transport(std::move(rules), peer), now});
    ++arriving_;
    return slot.entry->transport;
}

bool Transports::is_silent(SlotHandle connection) const {
    const Entry* entry = entry_of(connection);
    return entry != nullptr && entry->silent && !entry->arrived;
}

std::optional<SlotHandle> Transports::take_oldest_silent() {
    while (!silent_.empty()) {
        const SlotHandle oldest = silent_.front();
        silent_.pop_front();
        if (is_silent(oldest)) return oldest;
    }
    return std::nullopt;
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

bool Transports::may_begin_handshake(SlotHandle connection, ByteView bytes, Instant now) {
    if (waiting_.empty() && handshakes_.take(now)) return true;
    entry_of(connection)->held.assign(bytes.begin(), bytes.end());
    waiting_.push_back(connection);
    return false;
}

std::vector<Transports::Ready> Transports::take_ready(Instant now) {
    std::vector<Ready> ready;
    while (!waiting_.empty()) {
        Entry* const entry = entry_of(waiting_.front());
        const bool is_there = entry != nullptr && !entry->held.empty();
        if (is_there && !handshakes_.take(now)) break;
        if (is_there) ready.push_back({waiting_.front(), std::exchange(entry->held, {})});
        waiting_.pop_front();
    }
    return ready;
}

std::optional<Instant> Transports::next_handshake() const {
    if (waiting_.empty()) return std::nullopt;
    return handshakes_.next();
}

std::vector<SlotHandle> Transports::arriving() const {
    std::vector<SlotHandle> connections;
    for (const Slot& slot : slots_)
        if (slot.entry && !slot.entry->arrived) connections.push_back(slot.connection);
    return connections;
}

}  // namespace lotmesh::server
