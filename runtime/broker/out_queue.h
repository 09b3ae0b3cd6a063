// Messages that wait to be sent to one session, oldest first [MQTT-4.6.0-5] [MQTT-4.6.0-6], with
// the account of what they hold. Core thread; owned by its session. Bounded by the caller, who asks
// would_fit() before push(). A retained snapshot may go beyond (limits.h, QueueLimits) and has an
// account of its own, so that it does not take the room of live messages.
#pragma once

#include "runtime/broker/delivery.h"
#include "runtime/broker/ring.h"

namespace lotmesh::broker {

class OutQueue {
public:
    std::size_t messages() const { return ring_.size(); }
    std::size_t bytes() const { return bytes_; }
    bool empty() const { return ring_.empty(); }

    // Of those, how many are of a retained snapshot: nothing newer may overtake them.
    std::size_t snapshot_messages() const { return snapshot_messages_; }
    std::size_t live_messages() const { return ring_.size() - snapshot_messages_; }
    std::size_t live_bytes() const { return bytes_ - snapshot_bytes_; }

    // Of those, how many came by a shared subscription: somebody else may get them.
    std::size_t shared_messages() const { return shared_messages_; }

    const Delivery& front() const { return ring_.front(); }

    // Of a live message.
    bool would_fit(const Message& message, std::size_t messages_max, std::size_t bytes_max) const {
        return live_messages() < messages_max && live_bytes() + message.memory_bytes() <= bytes_max;
    }

    void push(Delivery delivery) {
        const std::size_t bytes = delivery.message->memory_bytes();
        bytes_ += bytes;
        if (delivery.from_snapshot) {
            ++snapshot_messages_;
            snapshot_bytes_ += bytes;
        }
        if (delivery.group) ++shared_messages_;
        ring_.push_back(std::move(delivery));
    }

    Delivery pop() {
        Delivery delivery = ring_.pop_front();
        const std::size_t bytes = delivery.message->memory_bytes();
        bytes_ -= bytes;
        if (delivery.from_snapshot) {
            --snapshot_messages_;
            snapshot_bytes_ -= bytes;
        }
        if (delivery.group) --shared_messages_;
        return delivery;
    }

    // What expired at the front, or wherever it is (which looks at all). The number of them.
    std::size_t drop_expired_front(Instant now) {
        std::size_t dropped = 0;
        for (; !empty() && front().message->expired(now); ++dropped)
            pop();
        return dropped;
    }
    std::size_t drop_expired(Instant now) {
        const std::size_t before = messages();
        for (std::size_t i = 0; i < before; ++i) {
            Delivery delivery = pop();
            if (!delivery.message->expired(now)) push(std::move(delivery));
        }
        return before - messages();
    }

    void clear() { *this = OutQueue(); }

private:
    Ring<Delivery> ring_;
    std::size_t bytes_ = 0;
    std::size_t snapshot_messages_ = 0;
    std::size_t snapshot_bytes_ = 0;
    std::size_t shared_messages_ = 0;
};

}  // namespace lotmesh::broker
