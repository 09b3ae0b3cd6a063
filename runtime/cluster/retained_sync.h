// Retained messages of two peers made equal, for what the log did not bring (a peer that joins, a
// partition). A machine of its own, one for each peer; runs on the peer's primary link.
//
//     initiator (smaller uuid)  DIGESTS ->   <- ANSWER equal | busy | differs{buckets}
//     then both sides send the entries of those buckets in chunks; each chunk is answered by NEXT.
//
// and tell each other in a RESULT how many of them were missing.
//
// Entries are versioned and merging is idempotent, so a broken link just ends a round. An entry
// whose record is still on its way in the view is left out: it would come twice. Where something is
// always on its way the digests are never equal; then two peers are equal when they have sent each
// other all that differs and nothing of it was missing. A round waits a little for a moment in
// which nothing is on its way; one that does not move is given up after sync_interval. Bounded: one
// round and one chunk at a time, the entries of one bucket held by reference.
#pragma once

#include <bitset>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "runtime/broker/ports.h"
#include "runtime/cluster/frame.h"
#include "runtime/cluster/limits.h"
#include "runtime/cluster/view.h"

namespace lotmesh::cluster {

class RetainedSync {
public:
    struct Counters {
        std::uint64_t rounds = 0;
        std::uint64_t entries_sent = 0;
        std::uint64_t entries_merged = 0;
        std::uint64_t refused_ahead = 0;  // from a clock too far ahead
    };

    void link_up(const NodeId& own, const NodeId& peer, Instant now);
    void link_down();

    void on_digests(const RetainedDigests& digests, bool settled, const broker::BrokerPort& broker,
                    Instant now);
    void on_answer(const RetainedAnswer& answer, Instant now, const Limits& limits);
    // Who wrote the item: a node whose own log still brings us the record, or another.
    enum class News : std::uint8_t { Now, FollowsInLog };
    void on_item(const RetainedItem& item, News news, broker::BrokerPort& broker, Now now,
                 broker::Effects& effects);
    void on_chunk_end(const RetainedChunkEnd& end, Instant now, const Limits& limits);
    void on_next(Instant now);
    void on_result(const RetainedResult& result, Instant now, const Limits& limits);

    // Appends what is to be said now, behind the records of the view.
    void produce(const View& view, const broker::BrokerPort& broker, Instant now,
                 const Limits& limits, FrameWriter& out);

    std::optional<Instant> next_deadline(const Limits& limits) const;
    // Nullopt: not compared since the link came up.
    std::optional<bool> digests_equal() const { return equal_; }
    // Since the link came up all that differed has been sent, both ways, at least once.
    bool compared() const { return compared_; }
    const Counters& counters() const { return counters_; }

private:
    using Buckets = std::bitset<broker::kRetainedBuckets>;

    // One retained entry held on to while a bucket is sent.
    struct Held {
        std::string topic;
        Version version;
        broker::MessageRef message;
    };

    // Both sides send what differs.
    struct Exchange {
        std::uint32_t missing_here = 0;
        bool all_came = false;  // the last chunk of the other side
        std::optional<std::uint32_t> missing_there;
    };

    void begin_exchange(const Buckets& buckets, Instant now);
    void end_exchange(Instant now, const Limits& limits);
    void leave_exchange();
    void give_up_when_stuck(Instant now, const Limits& limits);
    void count_item(broker::Merged merged, News news);
    Buckets differing(ByteView digests, const broker::BrokerPort& broker) const;
    void send_digests(const broker::BrokerPort& broker, FrameWriter& out);
    void send_answer(FrameWriter& out);
    void send_chunk(const View& view, const broker::BrokerPort& broker, Instant now,
                    const Limits& limits, FrameWriter& out);
    bool load_bucket(const broker::BrokerPort& broker);

    NodeId own_;
    bool initiator_ = false;
    bool up_ = false;
    std::optional<Instant> round_at_;  // initiator: when to begin the next one
    std::uint32_t busy_rounds_ = 0;
    std::uint32_t differing_rounds_ = 0;
    std::optional<bool> equal_;
    bool compared_ = false;

    std::optional<RetainedAnswer> answer_;  // to be sent; its buckets are in to_send_
    Buckets to_send_;
    std::vector<Held> held_;  // of the bucket in work, sent from the back
    bool sending_ = false;
    bool waits_for_next_ = false;
    Instant moved_at_;  // while sending: when it began, or the last chunk was answered
    std::uint32_t next_owed_ = 0;
    std::optional<Exchange> exchange_;
    std::optional<RetainedResult> result_owed_;
    Counters counters_;
};

}  // namespace lotmesh::cluster
