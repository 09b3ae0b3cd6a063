// The judge of a run: what was offered and acked, what arrived, how often and in which order.
//
// Pure: it is told and answers. Memory is one bit per message and stream, and one per message.
// A lost message is one that the broker acked (QoS 0: that was written) and that a stream's
// subscriber never got, unless that subscriber had no session at the time.
#pragma once

#include <cstdint>
#include <vector>

#include "tools/bench/layout.h"
#include "tools/bench/sequence_set.h"

namespace lotmesh::bench {

enum class Arrival : std::uint8_t { InOrder, Late, Duplicate, Alien };

struct Verdict {
    std::uint64_t offered = 0;  // sequence numbers given out
    std::uint64_t acked = 0;
    std::uint64_t refused = 0;
    std::uint64_t delivered = 0;  // first arrivals, all streams
    std::uint64_t lost = 0;
    std::uint64_t duplicated = 0;
    std::uint64_t reordered = 0;
    std::uint64_t alien = 0;    // not of this run's making, or damaged
    std::uint64_t excused = 0;  // acked while the subscriber had no session
};

class Oracle {
public:
    explicit Oracle(Layout layout);

    std::uint64_t offer(std::uint32_t publisher);  // gives out the next sequence number
    void acked(std::uint32_t publisher, std::uint64_t sequence);
    void refused(std::uint32_t publisher, std::uint64_t sequence);
    Arrival delivered(std::uint32_t publisher, std::uint32_t subscriber, std::uint64_t sequence);
    void alien() { ++alien_; }

    // The subscriber lost its session and subscribed anew: what was offered since the last arrival
    // and until now is excused, what is offered from now on is not.
    void subscribed_anew(std::uint32_t subscriber);

    std::uint64_t offered() const { return offered_; }
    std::uint64_t acked() const { return acked_; }
    std::uint64_t delivered() const { return delivered_; }
    // Of that publisher's last stream; what QoS 0 has in place of acks.
    std::uint64_t arrived_up_to(std::uint32_t publisher) const;

    // Everything acked has arrived or is excused. Reads one bit per message and stream.
    bool complete() const;
    Verdict verdict() const;

private:
    struct Span {
        std::uint64_t begin = 0;
        std::uint64_t end = 0;
    };
    struct Sender {
        std::uint64_t next = 0;
        SequenceSet acked;
    };
    struct Stream {
        SequenceSet arrived;
        std::uint64_t next = 0;  // one above the highest that arrived
        std::vector<Span> excused;
    };
    struct Missing {
        std::uint64_t lost = 0;
        std::uint64_t excused = 0;
    };

    Missing missing(std::uint32_t index) const;

    Layout layout_;
    std::vector<Sender> senders_;
    std::vector<Stream> streams_;
    std::uint64_t offered_ = 0;
    std::uint64_t acked_ = 0;
    std::uint64_t refused_ = 0;
    std::uint64_t delivered_ = 0;
    std::uint64_t duplicated_ = 0;
    std::uint64_t reordered_ = 0;
    std::uint64_t alien_ = 0;
};

}  // namespace lotmesh::bench
