#include "runtime/cluster/retained_sync.h"

#include "base/assert.h"
#include "runtime/cluster/sabotage.h"

namespace lotmesh::cluster {

namespace {

// Under constant change there is no quiet moment; then a round begins without one.
constexpr std::uint32_t kBusyRoundsMax = 2;
// Rounds after which differences are looked at at the ordinary pace again.
constexpr std::uint32_t kQuickRoundsMax = 3;

}  // namespace

void RetainedSync::link_up(const NodeId& own, const NodeId& peer, Instant now) {
    link_down();
    up_ = true;
    own_ = own;
    initiator_ = own < peer;
    if (initiator_) round_at_ = now;
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

void RetainedSync::begin_exchange(const Buckets& buckets, Instant now) {
    to_send_ = buckets;
    sending_ = true;
    moved_at_ = now;
    exchange_ = Exchange{};
    // What differs may be on its way only: what was known before holds until more is known.
    if (!equal_) equal_ = false;
}

// Both sides have said what was missing.
void RetainedSync::end_exchange(Instant now, const Limits& limits) {
    if (!exchange_ || !exchange_->all_came || !exchange_->missing_there) return;
    equal_ = exchange_->missing_here == 0 && *exchange_->missing_there == 0;
    compared_ = true;
    exchange_.reset();
    if (!initiator_ || !*equal_) return;
    differing_rounds_ = 0;
    round_at_ = now + limits.sync_interval;
}

// Its end never came, or it is an older node, which does not say what was missing.
void RetainedSync::leave_exchange() {
    if (!exchange_) return;
    compared_ = compared_ || (exchange_->all_came && !sending_);
    exchange_.reset();
    equal_ = false;
}

// A NEXT is lost where it was said on a link that broke after we had moved to another one.
void RetainedSync::give_up_when_stuck(Instant now, const Limits& limits) {
    if (!sending_ || now - moved_at_ < limits.sync_interval) return;
    leave_exchange();
    sending_ = false;
    waits_for_next_ = false;
    held_.clear();
    to_send_.reset();
}

void RetainedSync::on_digests(const RetainedDigests& digests, bool settled,
                              const broker::BrokerPort& broker, Instant now) {
    if (sending_ || (!settled && !digests.force)) {
        answer_ = RetainedAnswer{RetainedVerdict::Busy, {}};
        return;
    }
    leave_exchange();
    ++counters_.rounds;
    const Buckets buckets = differing(digests.digests, broker);
    if (buckets.none()) {
        equal_ = true;
        compared_ = true;
        answer_ = RetainedAnswer{RetainedVerdict::Equal, {}};
        return;
    }
    answer_ = RetainedAnswer{RetainedVerdict::Differs, {}};
    begin_exchange(buckets, now);
}

void RetainedSync::on_answer(const RetainedAnswer& answer, Instant now, const Limits& limits) {
    if (!initiator_ || sending_) return;
    switch (answer.verdict) {
        case RetainedVerdict::Equal:
            equal_ = true;
            compared_ = true;
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
    Buckets buckets;
    for (std::size_t i = 0; i < broker::kRetainedBuckets; ++i)
        buckets[i] = (answer.wanted[i / 8] >> (i % 8) & 1) != 0;
    begin_exchange(buckets, now);
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
    count_item(broker.merge_retained(entry, now, effects), news);
}

void RetainedSync::count_item(broker::Merged merged, News news) {
    bool missing = false;
    switch (merged) {
        case broker::Merged::Changed:
            ++counters_.entries_merged;
            missing = news == News::Now;
            break;
        case broker::Merged::Known: ++counters_.entries_merged; break;
        case broker::Merged::Full: missing = true; break;
        case broker::Merged::Refused:
            ++counters_.refused_ahead;
            missing = true;
            break;
    }
    if (missing && exchange_) ++exchange_->missing_here;
}

void RetainedSync::on_chunk_end(const RetainedChunkEnd& end, Instant now, const Limits& limits) {
    next_owed_ = 1;
    if (!end.last || !exchange_) return;
    exchange_->all_came = true;
    result_owed_ = RetainedResult{exchange_->missing_here};
    end_exchange(now, limits);
}

void RetainedSync::on_next(Instant now) {
    waits_for_next_ = false;
    moved_at_ = now;
}

void RetainedSync::on_result(const RetainedResult& result, Instant now, const Limits& limits) {
    if (!exchange_) return;
    exchange_->missing_there = result.missing;
    end_exchange(now, limits);
}

void RetainedSync::send_answer(FrameWriter& out) {
    if (!answer_) return;
    Bytes wanted(broker::kRetainedBuckets / 8);
    for (std::size_t i = 0; i < broker::kRetainedBuckets; ++i)
        if (to_send_[i]) wanted[i / 8] = static_cast<std::uint8_t>(wanted[i / 8] | 1 << i % 8);
    if (answer_->verdict == RetainedVerdict::Differs) answer_->wanted = wanted;
    out.add(*answer_);
    answer_.reset();
}

void RetainedSync::produce(const View& view, const broker::BrokerPort& broker, Instant now,
                           const Limits& limits, FrameWriter& out) {
    if (!up_) return;
    give_up_when_stuck(now, limits);
    if (next_owed_ > 0) {
        out.add(RetainedNext{});
        next_owed_ = 0;
    }
    if (result_owed_) out.add(*result_owed_);
    result_owed_.reset();
    send_answer(out);
    if (sending_) {
        if (!waits_for_next_) send_chunk(view, broker, now, limits, out);
        return;
    }
    if (!round_at_ || *round_at_ > now) return;
    if (view.retained_records() > 0 && busy_rounds_ < kBusyRoundsMax) {
        ++busy_rounds_;
        round_at_ = now + limits.sync_again_after;
        return;
    }
    // Where no answer comes, the link is about to die; the next round needs none.
    round_at_ = now + limits.sync_interval;
    leave_exchange();
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

void RetainedSync::send_chunk(const View& view, const broker::BrokerPort& broker, Instant now,
                              const Limits& limits, FrameWriter& out) {
    const std::size_t begin = out.size();
    const std::optional<Version> on_its_way = view.oldest_retained();
    bool more = true;
    while (more && out.size() - begin < limits.sync_chunk_bytes) {
        more = !held_.empty() || load_bucket(broker);
        if (!more) break;
        const Held held = std::move(held_.back());
        held_.pop_back();
        // Our versions rise, so do those in the view: all from the first one on are there still.
        if (on_its_way && held.version.node == own_ && held.version >= *on_its_way) continue;
        RetainedItem item;
        item.version = held.version;
        item.has_message = static_cast<bool>(held.message);
        if (held.message) item.message = body_of(*held.message, now);
        item.message.topic = held.topic;
        item.message.version = held.version;
        out.add(item);
        ++counters_.entries_sent;
    }
    out.add(RetainedChunkEnd{!more});
    waits_for_next_ = more;
    if (!more) sending_ = false;
}

std::optional<Instant> RetainedSync::next_deadline(const Limits& limits) const {
    if (!up_) return std::nullopt;
    if (sending_) return moved_at_ + limits.sync_interval;
    return round_at_;
}

}  // namespace lotmesh::cluster
