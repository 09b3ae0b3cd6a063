// Messages that wait to be sent to one session, oldest first, with the account of what they hold.
// Core thread; owned by its session. Bounded by the caller, who asks would_fit() before push();
// only a retained snapshot may go beyond (limits.h, QueueLimits).
#pragma once

#include "runtime/broker/delivery.h"
#include "runtime/broker/ring.h"

namespace lotmesh::broker {

class OutQueue {
public:
    std::size_t messages() const { return ring_.size(); }
    std::size_t bytes() const { return bytes_; }
    bool empty() const { return ring_.empty(); }
    // Of those, how many say RETAIN: nothing newer may overtake them.
    std::size_t retained() const { return retained_; }
    const Delivery& front() const { return ring_.front(); }

    bool would_fit(const Message& message, std::size_t messages_max, std::size_t bytes_max) const {
        return ring_.size() < messages_max && bytes_ + message.memory_bytes() <= bytes_max;
    }

    void push(Delivery delivery) {
        bytes_ += delivery.message->memory_bytes();
        if (delivery.retain) ++retained_;
        ring_.push_back(std::move(delivery));
    }

    Delivery pop() {
        Delivery delivery = ring_.pop_front();
        bytes_ -= delivery.message->memory_bytes();
        if (delivery.retain) --retained_;
        return delivery;
    }

    void clear() {
        ring_.clear();
        bytes_ = 0;
        retained_ = 0;
    }

private:
    Ring<Delivery> ring_;
    std::size_t bytes_ = 0;
    std::size_t retained_ = 0;
};

}  // namespace lotmesh::broker
