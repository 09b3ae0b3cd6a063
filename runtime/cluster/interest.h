// What the peers have subscribers for: filters -> set of peers, as a trie by topic level with one
// bit for each peer. And the digest of a set of filters, by which both sides see that they agree.
//
// match() is on the path of every message: a cache of topics in front of the trie, emptied by a
// generation number when any filter changes. Bounds: kPeersMax bits, the caller asks filters(peer)
// and bytes(peer) before it adds (limits.h, filters_per_peer_max), match_cache_topics.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/topic.h"
#include "runtime/cluster/limits.h"

namespace lotmesh::cluster {

// Bit i is the peer in slot i.
using PeerSet = std::uint64_t;

// Order does not matter; adding and removing are each other's inverse.
class InterestDigest {
public:
    void add(std::string_view filter);
    void remove(std::string_view filter);
    std::uint64_t value() const { return sum_ ^ (count_ * 0x9E3779B97F4A7C15ULL); }
    std::uint64_t count() const { return count_; }
    bool operator==(const InterestDigest&) const = default;

private:
    std::uint64_t sum_ = 0;
    std::uint64_t count_ = 0;
};

class RemoteInterest {
public:
    explicit RemoteInterest(std::size_t cache_topics, std::uint64_t hash_key);

    // Adding what is there and removing what is not are nothing.
    void add(std::size_t peer, std::string_view filter);
    void remove(std::size_t peer, std::string_view filter);
    void clear(std::size_t peer);

    PeerSet match(std::string_view topic);

    std::size_t filters(std::size_t peer) const { return digests_[peer].count(); }
    // What the filters of this peer take in memory, if no other shared them.
    std::size_t bytes(std::size_t peer) const { return bytes_[peer]; }
    static std::size_t cost(std::string_view filter);
    std::uint64_t digest(std::size_t peer) const { return digests_[peer].value(); }

private:
    using Index = std::uint32_t;
    static constexpr Index kNone = 0xFFFF'FFFF;

    struct TextHash {
        using is_transparent = void;
        std::uint64_t key = 0;
        std::size_t operator()(std::string_view text) const;
    };
    using Children = std::unordered_map<std::string, Index, TextHash, std::equal_to<>>;

    struct TrieNode {
        explicit TrieNode(std::uint64_t key) : children(0, TextHash{key}) {}
        PeerSet here = 0;  // the filter that ends at this level
        PeerSet all = 0;   // ... and one that goes on with '#'
        Index plus = kNone;
        Children children;
    };
    struct CacheSlot {
        std::uint64_t generation = 0;
        PeerSet peers = 0;
        std::string topic;
    };

    // The word that holds the bits of `filter`; nullptr where it is not there and not wanted.
    PeerSet* find(std::string_view filter, bool create);
    Index child(Index node, std::string_view level, bool create);
    Index make_node();
    void prune(std::string_view filter);
    void prune_all(Index index, PeerSet keep);
    bool is_unused(const TrieNode& node) const;
    PeerSet match_from(Index index, TopicLevels::Iterator level, bool system) const;

    std::vector<TrieNode> nodes_;  // 0 is the root
    std::vector<Index> free_;
    std::array<InterestDigest, kPeersMax> digests_;
    std::array<std::size_t, kPeersMax> bytes_{};
    std::vector<CacheSlot> cache_;
    std::uint64_t generation_ = 1;
    std::uint64_t hash_key_;
};

}  // namespace lotmesh::cluster
