// The Transports of all connections that have one, and how long those that have not arrived yet
// may take. A value; loop thread. Bounded by kArrivingMax and the shell's connections, the
// deadlines by twice the first: those of connections that have gone are kept no longer.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "base/deadline_queue.h"
#include "base/slot_map.h"
#include "base/time.h"
#include "runtime/server/limits.h"
#include "runtime/server/transport.h"

namespace lotmesh::server {

class Transports {
public:
    explicit Transports(std::size_t arriving_max = kArrivingMax) : arriving_max_(arriving_max) {}

    bool is_full() const { return arriving_ >= arriving_max_; }

    void add(SlotHandle connection, SharedRules rules, const net::Address& peer, Instant now);
    // None: the connection is plain, or gone.
    Transport* find(SlotHandle connection);
    void erase(SlotHandle connection);

    // Of one that find() finds.
    bool has_arrived(SlotHandle connection) const;
    // It has now; returns how long that took.
    Duration arrive(SlotHandle connection, Instant now);

    // Those that should have arrived by now; each is named once.
    std::vector<SlotHandle> take_overdue(Instant now);
    std::optional<Instant> next_deadline() const { return deadlines_.earliest(); }
    std::vector<SlotHandle> arriving() const;

private:
    struct Entry {
        Transport transport;
        Instant since;
        bool arrived = false;
    };
    struct Slot {
        SlotHandle connection;
        std::unique_ptr<Entry> entry;
    };

    Entry* entry_of(SlotHandle connection) const;

    std::size_t arriving_max_;
    std::size_t arriving_ = 0;
    std::vector<Slot> slots_;  // by the connection's index
    DeadlineQueue<SlotHandle> deadlines_;
};

}  // namespace lotmesh::server
