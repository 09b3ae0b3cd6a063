#include "runtime/cluster/interest.h"

#include <algorithm>
#include <utility>

#include "base/assert.h"
#include "base/hash.h"

namespace lotmesh::cluster {

void InterestDigest::add(std::string_view filter) {
    sum_ += mix64(hash64(filter));
    ++count_;
}

void InterestDigest::remove(std::string_view filter) {
    ASSERT(count_ > 0);
    sum_ -= mix64(hash64(filter));
    --count_;
}

std::size_t RemoteInterest::TextHash::operator()(std::string_view text) const {
    return static_cast<std::size_t>(hash64(text, key));
}

RemoteInterest::RemoteInterest(std::size_t cache_topics, std::uint64_t hash_key)
    : cache_(cache_topics == 0 ? 1 : cache_topics), hash_key_(hash_key) {
    nodes_.emplace_back(hash_key_);
}

RemoteInterest::Index RemoteInterest::make_node() {
    if (!free_.empty()) {
        const Index index = free_.back();
        free_.pop_back();
        return index;
    }
    nodes_.emplace_back(hash_key_);
    return static_cast<Index>(nodes_.size() - 1);
}

RemoteInterest::Index RemoteInterest::child(Index node, std::string_view level, bool create) {
    if (level == "+") {
        if (nodes_[node].plus == kNone && create) {
            const Index made = make_node();
            nodes_[node].plus = made;
        }
        return nodes_[node].plus;
    }
    const auto found = nodes_[node].children.find(level);
    if (found != nodes_[node].children.end()) return found->second;
    if (!create) return kNone;
    const Index made = make_node();
    nodes_[node].children.emplace(level, made);
    return made;
}

PeerSet* RemoteInterest::find(std::string_view filter, bool create) {
    Index node = 0;
    for (const std::string_view level : TopicLevels(filter)) {
        if (level == "#") return &nodes_[node].all;
        node = child(node, level, create);
        if (node == kNone) return nullptr;
    }
    return &nodes_[node].here;
}

std::size_t RemoteInterest::cost(std::string_view filter) {
    const auto levels = 1 + static_cast<std::size_t>(std::count(filter.begin(), filter.end(), '/'));
    return filter.size() + levels * sizeof(TrieNode);
}

void RemoteInterest::add(std::size_t peer, std::string_view filter) {
    ASSERT(peer < kPeersMax && !filter.empty());
    PeerSet* word = find(filter, true);
    const PeerSet bit = PeerSet{1} << peer;
    if ((*word & bit) != 0) return;
    *word |= bit;
    digests_[peer].add(filter);
    bytes_[peer] += cost(filter);
    ++generation_;
}

void RemoteInterest::remove(std::size_t peer, std::string_view filter) {
    ASSERT(peer < kPeersMax);
    PeerSet* word = find(filter, false);
    const PeerSet bit = PeerSet{1} << peer;
    if (word == nullptr || (*word & bit) == 0) return;
    *word &= ~bit;
    digests_[peer].remove(filter);
    bytes_[peer] -= cost(filter);
    ++generation_;
    if (*word == 0) prune(filter);
}

bool RemoteInterest::is_unused(const TrieNode& node) const {
    return node.here == 0 && node.all == 0 && node.plus == kNone && node.children.empty();
}

// Frees what is unused on the way to `filter`, from its end.
void RemoteInterest::prune(std::string_view filter) {
    std::vector<std::pair<Index, std::string_view>> path;  // parent, level
    Index node = 0;
    for (const std::string_view level : TopicLevels(filter)) {
        if (level == "#") break;
        path.emplace_back(node, level);
        node = child(node, level, false);
        ASSERT(node != kNone);
    }
    for (; !path.empty() && is_unused(nodes_[node]); path.pop_back()) {
        free_.push_back(node);
        const auto& [parent, level] = path.back();
        if (level == "+") {
            nodes_[parent].plus = kNone;
        } else {
            nodes_[parent].children.erase(nodes_[parent].children.find(level));
        }
        node = parent;
    }
}

// Depth is bounded by kTopicLevelsMax. The order of children reaches nothing that is seen.
void RemoteInterest::prune_all(Index index, PeerSet keep) {
    TrieNode& node = nodes_[index];
    node.here &= keep;
    node.all &= keep;
    const auto drop = [this, keep](Index below) {
        prune_all(below, keep);
        if (!is_unused(nodes_[below])) return false;
        free_.push_back(below);
        return true;
    };
    if (node.plus != kNone && drop(node.plus)) node.plus = kNone;
    std::erase_if(node.children, [&drop](const auto& item) { return drop(item.second); });
}

void RemoteInterest::clear(std::size_t peer) {
    ASSERT(peer < kPeersMax);
    if (digests_[peer].count() == 0) return;
    prune_all(0, ~(PeerSet{1} << peer));
    digests_[peer] = {};
    bytes_[peer] = 0;
    ++generation_;
}

PeerSet RemoteInterest::match_from(Index index, TopicLevels::Iterator level, bool system) const {
    const TrieNode& node = nodes_[index];
    // Wildcards in the first level do not match `$`-topics. [MQTT-4.7.2-1]
    PeerSet peers = system ? 0 : node.all;
    if (level == std::default_sentinel) return peers | node.here;
    TopicLevels::Iterator next = level;
    ++next;
    if (node.plus != kNone && !system) peers |= match_from(node.plus, next, false);
    const auto found = node.children.find(*level);
    if (found != node.children.end()) peers |= match_from(found->second, next, false);
    return peers;
}

PeerSet RemoteInterest::match(std::string_view topic) {
    CacheSlot& slot = cache_[hash64(topic, hash_key_) % cache_.size()];
    if (slot.generation == generation_ && slot.topic == topic) return slot.peers;
    slot.peers = match_from(0, TopicLevels(topic).begin(), topic.starts_with('$'));
    slot.topic.assign(topic);
    slot.generation = generation_;
    return slot.peers;
}

}  // namespace lotmesh::cluster
