// One lane of the node's log as one peer sees it: the records meant for that peer, from the last
// one that it acked. A machine of its own; the cluster owns two for each peer, one of messages and
// one of interest.
//
// Records have rising lsn. On the wire each carries the lsn of the record before it in this view,
// which makes gaps visible; it is worked out when it is sent (the record in front, or base()), so
// records may be taken out while none is on its way. A link's records are those in front of the
// sent mark; rewind() puts the mark back to the front.
// What bounds it: the caller asks bytes() before it appends (limits.h, spool_bytes_max).
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "base/time.h"
#include "runtime/broker/message.h"
#include "runtime/cluster/frame.h"

namespace lotmesh::cluster {

// The node's log: one counter for each incarnation. (What a store will make durable.)
class Log {
public:
    std::uint64_t next() { return ++last_; }
    std::uint64_t last() const { return last_; }

private:
    std::uint64_t last_ = 0;
};

// How long a record waits for an unreachable peer.
struct Patience {
    Instant away_since;
    std::optional<Duration> validity;  // nullopt: until the message itself expires
};

struct ViewCounters {
    std::uint64_t expired_validity = 0;
    std::uint64_t expired_message = 0;  // message expiry interval
    std::uint64_t dropped_spool = 0;    // retained, for a peer whose spool is full
    std::uint64_t resent = 0;
};

class View {
public:
    static std::size_t cost(const broker::MessageRef& body);

    void append_message(std::uint64_t lsn, const broker::MessageRef& message, Instant now);
    // `filters`: a message whose payload is a list of filters, shared by all views.
    void append_interest(std::uint64_t lsn, RecordType type, const broker::MessageRef& filters,
                         Instant now);

    // A snapshot of our interest, behind what is there.
    void append_snapshot(const std::vector<broker::MessageRef>& filter_lists, Log& log,
                         Instant now);
    // A new beginning after `base`: what waits has a new lsn. Only for a peer to which nothing is
    // on its way: one that is linked for the first time.
    void restart(std::uint64_t base, Log& log);
    // Takes all records out of a view of interest; a snapshot must follow before it is sent again.
    void clear();

    // The peer has everything up to `lsn`. Ignored where it is not between base and the last one.
    void acked(std::uint64_t lsn);
    void rewind();

    bool has_unsent() const { return sent_ < records_.size(); }
    std::size_t in_flight_bytes() const { return in_flight_bytes_; }
    // The next record to send, which is then sent. Borrowed until the view changes. A message that
    // expired is given as Expired.
    Record send_next(Instant now);
    // What send_next() would put into a frame, about.
    std::size_t next_bytes() const;

    // Messages that waited long enough become Expired markers. For an unreachable peer only.
    void expire(const Patience& patience, Instant now);
    // When expire() has something to do.
    std::optional<Instant> next_expiry(const Patience& patience) const;
    // As expire(), for messages whose own time is over, wherever they are.
    void sweep_expired_messages(Instant now);

    bool empty() const { return records_.empty(); }
    std::size_t size() const { return records_.size(); }
    std::size_t bytes() const { return bytes_; }
    std::uint64_t base() const { return base_; }
    std::size_t retained_records() const { return retained_records_; }
    // Of the first retained message that is not acked; those behind it are newer.
    std::optional<Version> oldest_retained() const;
    std::size_t messages() const;
    // 0: none is waiting.
    std::uint64_t last_lsn() const { return records_.empty() ? 0 : records_.back().lsn; }
    std::optional<Instant> oldest() const;
    const ViewCounters& counters() const { return counters_; }
    void count_dropped() { ++counters_.dropped_spool; }

private:
    struct Stored {
        std::uint64_t lsn = 0;
        RecordType type = RecordType::Message;
        std::uint32_t expired_count = 0;
        broker::MessageRef body;
        Instant appended_at;
    };

    void push(Stored record);
    void account(const Stored& record, int sign);
    void make_expired(Stored& record);
    std::size_t expire_at(std::size_t index);
    void pop_front();

    std::deque<Stored> records_;
    std::size_t sent_ = 0;  // records in front of it are on their way
    std::size_t bytes_ = 0;
    std::size_t in_flight_bytes_ = 0;
    std::size_t retained_records_ = 0;
    std::size_t own_expiry_records_ = 0;
    std::uint64_t base_ = 0;
    std::uint64_t highest_sent_ = 0;
    ViewCounters counters_;
};

}  // namespace lotmesh::cluster
