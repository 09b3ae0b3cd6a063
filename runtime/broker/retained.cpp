#include "runtime/broker/retained.h"

#include <vector>

#include "base/assert.h"
#include "base/hash.h"
#include "base/topic.h"
#include "runtime/broker/retained_scan.h"

namespace lotmesh::broker {
namespace {

std::size_t bucket_of(std::string_view topic) { return hash64(topic) % kRetainedBuckets; }

std::uint64_t digest_of(const Message& message) {
    const Version& version = *message.version();
    return hash64(message.topic(), hash64(ByteView(version.node.bytes), version.time.value));
}

}  // namespace

RetainedStore::RetainedStore(const Limits& limits) : limits_(limits) {}

RetainedStore::Applied RetainedStore::apply(const MessageRef& message, Now now,
                                            const Principal* writer) {
    ASSERT(message->version().has_value());
    const auto it = entries_.find(message->topic());
    const bool found = it != entries_.end();
    if (found && *it->message->version() >= *message->version()) return Applied::NotNewer;

    if (is_tombstone(*message) && !hold_ && too_old_for_tombstone(*message, now)) {
        if (!found) return Applied::NotNewer;
        const bool was_live = !is_tombstone(*it->message);
        erase(it);
        return was_live ? Applied::Changed : Applied::NotNewer;
    }
    if (!is_tombstone(*message) && full_for(message->topic(), message->memory_bytes()))
        return Applied::Full;
    const Principal* const kept = is_tombstone(*message) ? nullptr : writer;
    if (found) {
        replace(*it, message, kept);
    } else {
        insert(message, kept);
    }
    bound_tombstones(now);
    return Applied::Changed;
}

const Message* RetainedStore::find(std::string_view topic) const {
    const auto it = entries_.find(topic);
    return it == entries_.end() || is_tombstone(*it->message) ? nullptr : &*it->message;
}

bool RetainedStore::may_still_be_written(const MessageRef& message, Policy& policy,
                                         std::uint64_t policy_changes) const {
    const auto it = entries_.find(message->topic());
    if (it == entries_.end() || it->message != message || it->writer == nullptr) return true;
    return RetainedWriters::may_still_write(*it->writer, message->topic(), policy, policy_changes);
}

bool RetainedStore::full_for(std::string_view topic, std::size_t memory_bytes) const {
    const Message* old = find(topic);
    if (old == nullptr && live_count() >= limits_.retained_max) return true;
    const std::size_t others = live_bytes_ - (old == nullptr ? 0 : old->memory_bytes());
    return others + memory_bytes > limits_.retained_bytes_max;
}

void RetainedStore::for_each_match(std::string_view filter, Instant now,
                                   const std::function<void(const MessageRef&)>& visit) const {
    const std::string_view prefix = literal_prefix(filter);
    for (auto it = entries_.lower_bound(prefix); it != entries_.end();) {
        const Message& message = *it->message;
        if (!message.topic().starts_with(prefix)) break;
        if (!topic_matches(filter, message.topic())) {
            it = after(it, skip_to(filter, message.topic()));
            continue;
        }
        if (!is_tombstone(message) && !message.expired(now)) visit(it->message);
        ++it;
    }
}

// The first entry after `it` that is not before `target`. It is often near, and a search costs as
// much as some steps.
RetainedStore::Entries::const_iterator RetainedStore::after(
    Entries::const_iterator it, const std::optional<std::string>& target) const {
    constexpr int kSteps = 8;
    ++it;
    if (!target) return it;
    for (int i = 0; i < kSteps; ++i, ++it)
        if (it == entries_.end() || it->message->topic() >= *target) return it;
    return entries_.lower_bound(std::string_view(*target));
}

void RetainedStore::for_each_in_bucket(
    std::size_t bucket, const std::function<void(const RetainedEntry&)>& visit) const {
    ASSERT(bucket < kRetainedBuckets);
    for (const Entry* entry = buckets_[bucket]; entry != nullptr; entry = entry->next) {
        const Message& message = *entry->message;
        visit({message.topic(), *message.version(),
               is_tombstone(message) ? MessageRef() : entry->message});
    }
}

void RetainedStore::sweep(Now now) {
    while (!hold_ && !tombstones_.empty() && too_old_for_tombstone(**tombstones_.begin(), now))
        erase(entries_.find((*tombstones_.begin())->topic()));
    // First all, then each: expire() may collect an older tombstone of the same bucket.
    std::vector<const Entry*> expired;
    for (const Entry* entry = buckets_[swept_bucket_]; entry != nullptr; entry = entry->next)
        if (!is_tombstone(*entry->message) && entry->message->expired(now.instant))
            expired.push_back(entry);
    for (const Entry* entry : expired)
        expire(*entry, now);
    swept_bucket_ = (swept_bucket_ + 1) % kRetainedBuckets;
}

bool RetainedStore::too_old_for_tombstone(const Message& message, Now now) const {
    return message.version()->time.wall_ms() + limits_.tombstone_age.ms() <= now.wall.ms;
}

void RetainedStore::insert(const MessageRef& message, const Principal* writer) {
    const std::size_t bucket = bucket_of(message->topic());
    const auto [it, inserted] =
        entries_.insert(Entry{message, writers_.hold(writer), nullptr, buckets_[bucket]});
    ASSERT(inserted);
    if (it->next != nullptr) it->next->previous = &*it;
    buckets_[bucket] = &*it;
    digests_[bucket] ^= digest_of(*message);
    add_to_account(message);
}

void RetainedStore::replace(const Entry& entry, const MessageRef& message,
                            const Principal* writer) {
    const std::size_t bucket = bucket_of(message->topic());
    digests_[bucket] ^= digest_of(*entry.message) ^ digest_of(*message);
    take_from_account(entry.message);
    add_to_account(message);
    entry.message = message;
    RetainedWriters::Writer* const before = entry.writer;
    entry.writer = writers_.hold(writer);
    writers_.release(before);
}

void RetainedStore::erase(Entries::iterator it) {
    const Entry& entry = *it;
    const std::size_t bucket = bucket_of(entry.message->topic());
    digests_[bucket] ^= digest_of(*entry.message);
    take_from_account(entry.message);
    writers_.release(entry.writer);
    if (entry.previous != nullptr) {
        entry.previous->next = entry.next;
    } else {
        buckets_[bucket] = entry.next;
    }
    if (entry.next != nullptr) entry.next->previous = entry.previous;
    entries_.erase(it);
}

void RetainedStore::add_to_account(const MessageRef& message) {
    if (is_tombstone(*message)) {
        tombstones_.insert(message);
        tombstone_bytes_ += message->memory_bytes();
    } else {
        live_bytes_ += message->memory_bytes();
    }
}

void RetainedStore::take_from_account(const MessageRef& message) {
    if (is_tombstone(*message)) {
        tombstones_.erase(message);
        tombstone_bytes_ -= message->memory_bytes();
    } else {
        live_bytes_ -= message->memory_bytes();
    }
}

void RetainedStore::bound_tombstones(Now now) {
    while (tombstones_.size() > limits_.tombstones_max ||
           tombstone_bytes_ > limits_.tombstone_bytes_max) {
        const Message& oldest = **tombstones_.begin();
        if (hold_ || !too_old_for_tombstone(oldest, now)) ++collected_early_;
        erase(entries_.find(oldest.topic()));
    }
}

void RetainedStore::expire(const Entry& entry, Now now) {
    const MessageRef tombstone = MessageRef::make({.topic = entry.message->topic(),
                                                   .forwarded_properties = {},
                                                   .payload = {},
                                                   .expires_at = {},
                                                   .accepted_at = now.instant,
                                                   .version = entry.message->version()});
    replace(entry, tombstone, nullptr);
    bound_tombstones(now);
}

}  // namespace lotmesh::broker
