// Retained messages by topic, with versions: the last writer by hybrid clock wins, on every node
// the same one. A deletion is a tombstone, a message without payload, so that an older value cannot
// come back from a peer that missed it. No session owns any of them [MQTT311-3.1.2-7].
//
// Core thread; owned by State. Bounded in number and bytes, by retained_max, retained_bytes_max,
// tombstones_max and tombstone_bytes_max (limits.h). A message
// whose expiry has passed becomes a tombstone of the same version: no peer needs to be told.
// Tombstones go in the order of their versions, when those are tombstone_age old; nodes that do not
// hold them refuse older ones (see apply). They are held beyond that age while a node is away that
// may bring back what they delete.
//
// Digests: for each of kRetainedBuckets buckets, by hash of the topic, the xor over its entries of
// a hash of topic and version. Equal contents have equal digests in whatever order they came.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>

#include "base/hlc.h"
#include "base/time.h"
#include "runtime/broker/limits.h"
#include "runtime/broker/message.h"
#include "runtime/broker/ports.h"
#include "runtime/broker/retained_writers.h"

namespace lotmesh::broker {

class RetainedStore {
public:
    explicit RetainedStore(const Limits& limits);
    RetainedStore(const RetainedStore&) = delete;
    RetainedStore& operator=(const RetainedStore&) = delete;

    enum class Applied : std::uint8_t {
        Changed,
        NotNewer,  // an equal or higher version is here, or it is a tombstone past its age
        Full,
    };

    // A message with a version; an empty payload deletes. `writer` is remembered as long as the
    // message is.
    Applied apply(const MessageRef& message, Now now, const Principal* writer = nullptr);

    // The live message of a topic; valid until the next change.
    const Message* find(std::string_view topic) const;
    bool has_live(std::string_view topic) const { return find(topic) != nullptr; }

    // Whether the writer of this retained message, where one is remembered, may still write it.
    // True where it is not here any more.
    bool may_still_be_written(const MessageRef& message, Policy& policy,
                              std::uint64_t policy_changes) const;
    std::size_t writer_count() const { return writers_.size(); }

    // Whether apply() would say Full of a message with a payload that takes this many bytes.
    bool full_for(std::string_view topic, std::size_t memory_bytes) const;

    // Live messages whose topic matches, in the order of topics.
    void for_each_match(std::string_view filter, Instant now,
                        const std::function<void(const MessageRef&)>& visit) const;

    std::span<const std::uint64_t> digests() const { return digests_; }
    void for_each_in_bucket(std::size_t bucket,
                            const std::function<void(const RetainedEntry&)>& visit) const;

    // From now on, whether tombstones are kept beyond their age.
    void hold_tombstones(bool hold) { hold_ = hold; }

    // Housekeeping in small steps: old tombstones, and the expired of one bucket after another.
    void sweep(Now now);

    std::size_t live_count() const { return entries_.size() - tombstones_.size(); }
    std::size_t live_bytes() const { return live_bytes_; }
    std::size_t tombstone_count() const { return tombstones_.size(); }
    std::uint64_t tombstones_collected_early() const { return collected_early_; }

private:
    // The topic of an entry never changes, the message does; hence mutable in an ordered set.
    struct Entry {
        mutable MessageRef message;
        mutable RetainedWriters::Writer* writer = nullptr;
        mutable const Entry* previous = nullptr;  // in its bucket
        mutable const Entry* next = nullptr;
    };
    struct ByTopic {
        using is_transparent = void;
        bool operator()(const Entry& a, const Entry& b) const {
            return a.message->topic() < b.message->topic();
        }
        bool operator()(const Entry& a, std::string_view b) const { return a.message->topic() < b; }
        bool operator()(std::string_view a, const Entry& b) const { return a < b.message->topic(); }
    };
    struct ByVersion {
        bool operator()(const MessageRef& a, const MessageRef& b) const {
            if (*a->version() != *b->version()) return *a->version() < *b->version();
            return a->topic() < b->topic();
        }
    };
    using Entries = std::set<Entry, ByTopic>;

    static bool is_tombstone(const Message& message) { return message.payload().empty(); }

    Entries::const_iterator after(Entries::const_iterator it,
                                  const std::optional<std::string>& target) const;
    bool too_old_for_tombstone(const Message& message, Now now) const;
    void insert(const MessageRef& message, const Principal* writer);
    void replace(const Entry& entry, const MessageRef& message, const Principal* writer);
    void erase(Entries::iterator it);
    void add_to_account(const MessageRef& message);
    void take_from_account(const MessageRef& message);
    void bound_tombstones(Now now);
    void expire(const Entry& entry, Now now);

    const Limits& limits_;
    RetainedWriters writers_;
    Entries entries_;
    std::array<const Entry*, kRetainedBuckets> buckets_{};
    std::array<std::uint64_t, kRetainedBuckets> digests_{};
    // Those in entries_. In this order all nodes collect the same ones.
    std::set<MessageRef, ByVersion> tombstones_;
    std::size_t tombstone_bytes_ = 0;
    std::size_t live_bytes_ = 0;
    bool hold_ = false;
    std::size_t swept_bucket_ = 0;
    std::uint64_t collected_early_ = 0;
};

}  // namespace lotmesh::broker
