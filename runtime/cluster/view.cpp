#include "runtime/cluster/view.h"

#include <algorithm>
#include <utility>

#include "base/assert.h"
#include "runtime/cluster/sabotage.h"

namespace lotmesh::cluster {

namespace {

constexpr std::size_t kRecordHeadBytes = 64;  // on the wire, about

}  // namespace

std::size_t View::cost(const broker::MessageRef& body) {
    return sizeof(Stored) + (body ? body->memory_bytes() : 0);
}

void View::account(const Stored& record, int sign) {
    const auto change = [sign](std::size_t& sum, std::size_t by) {
        ASSERT(sign > 0 || sum >= by);
        sum = sign > 0 ? sum + by : sum - by;
    };
    change(bytes_, cost(record.body));
    if (record.type != RecordType::Message) return;
    if (record.body->retain()) change(retained_records_, 1);
    if (record.body->expires_at()) change(own_expiry_records_, 1);
}

void View::push(Stored record) {
    ASSERT(record.lsn > base_ && (records_.empty() || record.lsn > records_.back().lsn));
    account(record, +1);
    records_.push_back(std::move(record));
}

void View::append_message(std::uint64_t lsn, const broker::MessageRef& message, Instant now) {
    push({lsn, RecordType::Message, 0, message, now});
}

void View::append_interest(std::uint64_t lsn, RecordType type, const broker::MessageRef& filters,
                           Instant now) {
    ASSERT(lane_of(type) == Lane::Interest);
    push({lsn, type, 0, filters, now});
}

void View::append_snapshot(const std::vector<broker::MessageRef>& filter_lists, Log& log,
                           Instant now) {
    push({log.next(), RecordType::SnapshotBegin, 0, {}, now});
    for (const broker::MessageRef& list : filter_lists)
        push({log.next(), RecordType::InterestAdd, 0, list, now});
    push({log.next(), RecordType::SnapshotEnd, 0, {}, now});
}

void View::restart(std::uint64_t base, Log& log) {
    ASSERT(base <= log.last());
    rewind();
    std::deque<Stored> waiting;
    waiting.swap(records_);
    for (const Stored& record : waiting)
        account(record, -1);
    base_ = base;
    highest_sent_ = log.last();
    for (Stored& record : waiting) {
        record.lsn = log.next();
        push(std::move(record));
    }
}

void View::clear() {
    ASSERT(sent_ == 0);
    for (const Stored& record : records_)
        account(record, -1);
    records_.clear();
}

void View::pop_front() {
    const Stored& front = records_.front();
    account(front, -1);
    if (sent_ > 0) {
        --sent_;
        in_flight_bytes_ -= cost(front.body);
    }
    records_.pop_front();
}

void View::acked(std::uint64_t lsn) {
    if (lsn <= base_ || records_.empty() || lsn > records_.back().lsn) return;
    while (!records_.empty() && records_.front().lsn <= lsn)
        pop_front();
    base_ = lsn;
    if constexpr (sabotaged(Sabotage::AckBeforeApply)) {
        if (records_.empty()) return;
        base_ = records_.front().lsn;
        pop_front();
    }
}

void View::rewind() {
    if constexpr (sabotaged(Sabotage::NoGapDetection))
        if (sent_ > 0) acked(records_[sent_ - 1].lsn);
    sent_ = 0;
    in_flight_bytes_ = 0;
}

std::size_t View::next_bytes() const {
    ASSERT(has_unsent());
    const Stored& record = records_[sent_];
    return kRecordHeadBytes + (record.body ? record.body->memory_bytes() : 0);
}

Record View::send_next(Instant now) {
    ASSERT(has_unsent());
    Stored& stored = records_[sent_];
    if (stored.type == RecordType::Message && stored.body->expired(now)) {
        ++counters_.expired_message;
        make_expired(stored);
    }
    Record record;
    record.type = stored.type;
    record.lsn = stored.lsn;
    record.previous = sent_ == 0 ? base_ : records_[sent_ - 1].lsn;
    record.expired_count = stored.expired_count;
    if (stored.type == RecordType::Message) record.message = body_of(*stored.body, now);
    if (stored.type == RecordType::InterestAdd || stored.type == RecordType::InterestRemove)
        record.filters = stored.body->payload();
    if (stored.lsn <= highest_sent_) {
        ++counters_.resent;
    } else {
        highest_sent_ = stored.lsn;
    }
    in_flight_bytes_ += cost(stored.body);
    ++sent_;
    return record;
}

void View::make_expired(Stored& record) {
    account(record, -1);
    record.type = RecordType::Expired;
    record.expired_count = 1;
    record.body = {};
    account(record, +1);
}

// Neighbouring markers become one, with the lsn of the last. Returns the index behind it.
std::size_t View::expire_at(std::size_t index) {
    make_expired(records_[index]);
    if (index == 0 || records_[index - 1].type != RecordType::Expired) return index + 1;
    Stored& marker = records_[index - 1];
    marker.lsn = records_[index].lsn;
    marker.expired_count += records_[index].expired_count;
    account(records_[index], -1);
    records_.erase(records_.begin() + static_cast<std::ptrdiff_t>(index));
    return index;
}

void View::expire(const Patience& patience, Instant now) {
    if (!patience.validity) return;
    ASSERT(sent_ == 0);
    std::size_t index = 0;
    while (index < records_.size()) {
        const Stored& record = records_[index];
        if (record.type != RecordType::Message) {
            ++index;
            continue;
        }
        if (std::max(record.appended_at, patience.away_since) + *patience.validity > now) return;
        counters_.expired_validity += sabotaged(Sabotage::CountExpiredTwice) ? 2 : 1;
        index = expire_at(index);
    }
}

std::optional<Instant> View::next_expiry(const Patience& patience) const {
    if (!patience.validity) return std::nullopt;
    const auto first = std::find_if(records_.begin(), records_.end(), [](const Stored& record) {
        return record.type == RecordType::Message;
    });
    if (first == records_.end()) return std::nullopt;
    return std::max(first->appended_at, patience.away_since) + *patience.validity;
}

void View::sweep_expired_messages(Instant now) {
    ASSERT(sent_ == 0);
    if (own_expiry_records_ == 0) return;
    std::deque<Stored> before;
    before.swap(records_);
    for (Stored& record : before) {
        records_.push_back(std::move(record));
        Stored& last = records_.back();
        if (last.type != RecordType::Message || !last.body->expired(now)) continue;
        ++counters_.expired_message;
        expire_at(records_.size() - 1);
    }
}

std::size_t View::messages() const {
    return static_cast<std::size_t>(
        std::count_if(records_.begin(), records_.end(),
                      [](const Stored& record) { return record.type == RecordType::Message; }));
}

std::optional<Version> View::oldest_retained() const {
    if (retained_records_ == 0) return std::nullopt;
    const auto first = std::find_if(records_.begin(), records_.end(), [](const Stored& record) {
        return record.type == RecordType::Message && record.body->retain();
    });
    return first->body->version();
}

std::optional<Instant> View::oldest() const {
    if (records_.empty()) return std::nullopt;
    return records_.front().appended_at;
}

}  // namespace lotmesh::cluster
