#include "runtime/broker/match_cache.h"

namespace lotmesh::broker {

const Match* MatchCache::find(std::string_view topic) const {
    const auto it = topics_.find(topic);
    if (it == topics_.end() || it->second.generation != generation_) return nullptr;
    return &it->second.match;
}

const Match& MatchCache::remember(std::string_view topic, Match match) {
    const bool full =
        topics_.size() >= topics_max_ || receiver_count_ + match.receivers.size() > receivers_max_;
    if (full && topics_.find(topic) == topics_.end()) {
        topics_.clear();
        receiver_count_ = 0;
    }
    Remembered& remembered = topics_[std::string(topic)];
    receiver_count_ += match.receivers.size();
    receiver_count_ -= remembered.match.receivers.size();
    remembered.generation = generation_;
    remembered.match = std::move(match);
    return remembered.match;
}

void MatchCache::forget(std::string_view topic) {
    const auto it = topics_.find(topic);
    if (it == topics_.end()) return;
    receiver_count_ -= it->second.match.receivers.size();
    topics_.erase(it);
}

}  // namespace lotmesh::broker
