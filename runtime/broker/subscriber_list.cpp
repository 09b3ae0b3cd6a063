#include "runtime/broker/subscriber_list.h"

#include <algorithm>

#include "base/assert.h"

namespace lotmesh::broker {

void SubscriberList::add(const Subscription& subscription) {
    const auto at = static_cast<std::uint32_t>(subscriptions_.size());
    subscriptions_.push_back(subscription);
    if (index_) {
        const bool inserted = index_->emplace(subscription.session.index, at).second;
        ASSERT(inserted);
    } else if (subscriptions_.size() > kSearchMax) {
        index_ = std::make_unique<Index>();
        for (std::uint32_t i = 0; i <= at; ++i)
            index_->emplace(subscriptions_[i].session.index, i);
    }
}

void SubscriberList::replace(const Subscription& subscription) {
    subscriptions_[position(subscription.session)] = subscription;
}

// The last one takes its place.
void SubscriberList::remove(SessionId session) {
    const std::size_t at = position(session);
    const Subscription& last = subscriptions_.back();
    if (index_) {
        (*index_)[last.session.index] = static_cast<std::uint32_t>(at);
        index_->erase(session.index);
    }
    subscriptions_[at] = last;
    subscriptions_.pop_back();
    // At half, so that one that comes and goes does not make an index each time.
    if (subscriptions_.size() <= kSearchMax / 2) index_.reset();
}

std::size_t SubscriberList::position(SessionId session) const {
    if (index_) {
        const auto it = index_->find(session.index);
        ASSERT(it != index_->end() && subscriptions_[it->second].session == session);
        return it->second;
    }
    const auto it = std::ranges::find(subscriptions_, session, &Subscription::session);
    ASSERT(it != subscriptions_.end());
    return static_cast<std::size_t>(it - subscriptions_.begin());
}

}  // namespace lotmesh::broker
