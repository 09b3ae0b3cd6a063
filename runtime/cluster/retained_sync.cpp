#include "runtime/cluster/retained_sync.h"

#include "base/assert.h"
#include "runtime/cluster/sabotage.h"

namespace lotmesh::cluster {

namespace {

// Under constant change there is no quiet moment; then a round begins without one.
constexpr std::uint32_t kBusyRoundsMax = 5;
// Rounds after which differences are looked at at the ordinary pace again.
constexpr std::uint32_t kQuickRoundsMax = 3;

}  // namespace

void RetainedSync::link_up(bool initiator, Instant now) {
    link_down();
    up_ = true;
    initiator_ = initiator;
    if (initiator) round_at_ = now;
}

void RetainedSync::link_down() {
    const Counters kept = counters_;
    *this = {};
    counters_ = kept;
}

RetainedSync::Buckets RetainedSync::differing(ByteView digests,
                                              const broker::BrokerPort& broker) const {
    Buckets buckets;
    ByteReader reader(digests);
    const auto ours = broker.retained_digests();
    ASSERT(ours.size() == broker::kRetainedBuckets);
    for (std::size_t i = 0; i < ours.size(); ++i)
        buckets[i] = reader.u64() != ours[i];
    return buckets;
}

void RetainedSync::on_digests(const RetainedDigests& digests, bool settled,
                              const broker::BrokerPort& broker) {
    if (sending_ || (!settled && !digests.force)) {
        answer_ = RetainedAnswer{RetainedVerdict::Busy, {}};
        return;
    }
    ++counters_.rounds;
    const Buckets buckets = differing(digests.digests, broker);
    equal_ = buckets.none();
    if (buckets.none()) {
        answer_ = RetainedAnswer{RetainedVerdict::Equal, {}};
        return;
    }
    answer_ = RetainedAnswer{RetainedVerdict::Differs, {}};
    to_send_ = buckets;
    sending_ = true;
}

void RetainedSync::on_answer(const RetainedAnswer& answer, Instant now, const Limits& limits) {
    if (!initiator_ || sending_) return;
    switch (answer.verdict) {
        case RetainedVerdict::Equal:
            equal_ = true;
            busy_rounds_ = 0;
            differing_rounds_ = 0;
            round_at_ = now + limits.sync_interval;
            return;
        case RetainedVerdict::Busy:
            ++busy_rounds_;
            round_at_ = now + limits.sync_again_after;
            return;
        case RetainedVerdict::Differs: break;
    }
    ASSERT(answer.wanted.size() * 8 == broker::kRetainedBuckets);
    busy_rounds_ = 0;
    equal_ = false;
    for (std::size_t i = 0; i < broker::kRetainedBuckets; ++i)
        to_send_[i] = (answer.wanted[i / 8] >> (i % 8) & 1) != 0;
    sending_ = true;
    // Looked at again soon, to see that both are equal now.
    round_at_ = now + (differing_rounds_ < kQuickRoundsMax ? limits.sync_again_after
                                                           : limits.sync_interval);
    ++differing_rounds_;
}

void RetainedSync::on_item(const RetainedItem& item, News news, broker::BrokerPort& broker, Now now,
                           broker::Effects& effects) {
    if (sabotaged(Sabotage::NoTombstones) && !item.has_message) return;
    broker::RetainedEntry entry{item.message.topic, item.version, {}};
    entry.follows_in_log = news == News::FollowsInLog;
    if (item.has_message) entry.message = message_of(item.message, now.instant);
    if (broker.merge_retained(entry, now, effects)) {
        ++counters_.entries_merged;
    } else {
        ++counters_.refused_ahead;
    }
}

void RetainedSync::on_chunk_end(const RetainedChunkEnd&) { next_owed_ = 1; }

void RetainedSync::on_next() { waits_for_next_ = false; }

void RetainedSync::produce(bool settled, const broker::BrokerPort& broker, Instant now,
                           const Limits& limits, FrameWriter& out) {
    if (!up_) return;
    if (next_owed_ > 0) {
        out.add(RetainedNext{});
        next_owed_ = 0;
    }
    if (answer_) {
        Bytes wanted(broker::kRetainedBuckets / 8);
        for (std::size_t i = 0; i < broker::kRetainedBuckets; ++i)
            if (to_send_[i]) wanted[i / 8] = static_cast<std::uint8_t>(wanted[i / 8] | 1 << i % 8);
        if (answer_->verdict == RetainedVerdict::Differs) answer_->wanted = wanted;
        out.add(*answer_);
        answer_.reset();
    }
    if (sending_) {
        if (!waits_for_next_ && settled) send_chunk(broker, now, limits, out);
        return;
    }
    if (!round_at_ || *round_at_ > now) return;
    if (!settled && busy_rounds_ < kBusyRoundsMax) {
        ++busy_rounds_;
        round_at_ = now + limits.sync_again_after;
        return;
    }
    // Where no answer comes, the link is about to die; the next round needs none.
    round_at_ = now + limits.sync_interval;
    send_digests(broker, out);
}

void RetainedSync::send_digests(const broker::BrokerPort& broker, FrameWriter& out) {
    ++counters_.rounds;
    Bytes digests;
    digests.reserve(broker::kRetainedBuckets * 8);
    ByteWriter writer(digests);
    for (const std::uint64_t digest : broker.retained_digests())
        writer.u64(digest);
    out.add(RetainedDigests{busy_rounds_ >= kBusyRoundsMax, digests});
}

// False: no bucket is left.
bool RetainedSync::load_bucket(const broker::BrokerPort& broker) {
    for (std::size_t i = 0; i < to_send_.size(); ++i) {
        if (!to_send_[i]) continue;
        to_send_[i] = false;
        broker.for_each_retained(i, [this](const broker::RetainedEntry& entry) {
            held_.push_back({std::string(entry.topic), entry.version, entry.message});
        });
        if (!held_.empty()) return true;
    }
    return false;
}

void RetainedSync::send_chunk(const broker::BrokerPort& broker, Instant now, const Limits& limits,
                              FrameWriter& out) {
    const std::size_t begin = out.size();
    bool more = true;
    while (more && out.size() - begin < limits.sync_chunk_bytes) {
        more = !held_.empty() || load_bucket(broker);
        if (!more) break;
        const Held& held = held_.back();
        RetainedItem item;
        item.version = held.version;
        item.has_message = static_cast<bool>(held.message);
        if (held.message) item.message = body_of(*held.message, now);
        item.message.topic = held.topic;
        item.message.version = held.version;
        out.add(item);
        ++counters_.entries_sent;
        held_.pop_back();
    }
    out.add(RetainedChunkEnd{!more});
    waits_for_next_ = more;
    if (!more) sending_ = false;
}

std::optional<Instant> RetainedSync::next_deadline() const {
    if (!up_ || sending_) return std::nullopt;
    return round_at_;
}

}  // namespace lotmesh::cluster
