#include "runtime/broker/match_cache.h"

namespace lotmesh::broker {
namespace {

std::size_t size_of(const Match& match) {
    return match.receivers.size() + match.identifiers.size() + match.groups.size();
}

}  // namespace

const Match* MatchCache::find(std::string_view topic) const {
    const auto it = topics_.find(topic);
    if (it == topics_.end() || it->second.generation != generation_) return nullptr;
    return &it->second.match;
}

const Match& MatchCache::remember(std::string_view topic, Match match) {
    if (topic.size() > kCachedTopicBytesMax) {
        not_remembered_ = std::move(match);
        return not_remembered_;
    }
    const bool full =
        topics_.size() >= topics_max_ || receiver_count_ + size_of(match) > receivers_max_;
    if (full && topics_.find(topic) == topics_.end()) {
        topics_.clear();
        receiver_count_ = 0;
    }
    Remembered& remembered = topics_[std::string(topic)];
    receiver_count_ += size_of(match);
    receiver_count_ -= size_of(remembered.match);
    remembered.generation = generation_;
    remembered.match = std::move(match);
    return remembered.match;
}

void MatchCache::forget(std::string_view topic) {
    const auto it = topics_.find(topic);
    if (it == topics_.end()) return;
    receiver_count_ -= size_of(it->second.match);
    topics_.erase(it);
}

}  // namespace lotmesh::broker
