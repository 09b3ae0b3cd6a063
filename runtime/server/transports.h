// The Transports of all connections that have one, and how long those that have not arrived yet
// may take, and the handshakes of TLS that wait for their turn. A value; loop thread. Bounded by
// kArrivingMax and the shell's connections, deadlines and the order of those that came by twice the
// first: those of connections that have gone are kept no longer.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "base/deadline_queue.h"
#include "base/slot_map.h"
#include "base/time.h"
#include "base/token_bucket.h"
#include "runtime/server/limits.h"
#include "runtime/server/transport.h"

namespace lotmesh::server {

class Transports {
public:
    explicit Transports(std::size_t arriving_max = kArrivingMax) : arriving_max_(arriving_max) {}

    bool is_full() const { return arriving_ >= arriving_max_; }
    // Of those that are on their way the oldest that has said nothing; named once, to be closed.
    std::optional<SlotHandle> take_oldest_silent();
    void has_spoken(SlotHandle connection) { entry_of(connection)->silent = false; }

    Transport& add(SlotHandle connection, SharedRules rules, const net::Address& peer, Instant now);
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

    // A handshake costs what many messages cost, so there are only so many in a second. False: it
    // is too soon for this one; the bytes that it begins with are kept for take_ready(), and
    // nothing more is to be received until then.
    bool may_begin_handshake(SlotHandle connection, ByteView bytes, Instant now);
    // Those whose turn has come, in the order in which they asked.
    struct Ready {
        SlotHandle connection;
        Bytes bytes;
    };
    std::vector<Ready> take_ready(Instant now);
    std::optional<Instant> next_handshake() const;

    // In the order of their slots; visit(SlotHandle, Transport&) must not erase.
    template <typename Visit>
    void for_each(Visit&& visit) {
        for (const Slot& slot : slots_)
            if (slot.entry) visit(slot.connection, slot.entry->transport);
    }

private:
    struct Entry {
        Transport transport;
        Instant since;
        bool arrived = false;
        bool silent = true;
        Bytes held = {};  // what a handshake begins with that waits for its turn
    };
    struct Slot {
        SlotHandle connection;
        std::unique_ptr<Entry> entry;
    };

    Entry* entry_of(SlotHandle connection) const;
    bool is_silent(SlotHandle connection) const;

    std::size_t arriving_max_;
    std::size_t arriving_ = 0;
    std::vector<Slot> slots_;  // by the connection's index
    DeadlineQueue<SlotHandle> deadlines_;
    std::deque<SlotHandle> silent_;   // oldest first; perhaps gone, or silent no longer
    std::deque<SlotHandle> waiting_;  // for a handshake; perhaps gone
    TokenBucket handshakes_{kHandshakesPerSecond, kHandshakesAtOnce};
};

}  // namespace lotmesh::server
