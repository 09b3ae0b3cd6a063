// A queue in one block of memory that costs nothing while it is empty (a std::deque holds half a
// kilobyte). Owned by sessions; what bounds it is in limits.h, at those who push.
#pragma once

#include <cstddef>
#include <memory>
#include <utility>

#include "base/assert.h"

namespace lotmesh::broker {

template <typename T>
class Ring {
public:
    std::size_t size() const { return size_; }
    bool empty() const { return size_ == 0; }

    T& operator[](std::size_t i) { return slots_[(head_ + i) & (capacity_ - 1)]; }
    const T& operator[](std::size_t i) const { return slots_[(head_ + i) & (capacity_ - 1)]; }
    T& front() { return slots_[head_]; }
    const T& front() const { return slots_[head_]; }

    void push_back(T value) {
        if (size_ == capacity_) grow();
        (*this)[size_++] = std::move(value);
    }

    T pop_front() {
        ASSERT(size_ > 0);
        T value = std::move(front());
        drop_front();
        return value;
    }

    // Order is kept; cheap near the front.
    void erase(std::size_t i) {
        ASSERT(i < size_);
        for (; i > 0; --i)
            (*this)[i] = std::move((*this)[i - 1]);
        drop_front();
    }

    void clear() { *this = Ring(); }

private:
    static constexpr std::size_t kFirstCapacity = 4;
    static constexpr std::size_t kKeptCapacity = 64;  // not freed at once when it runs empty

    void drop_front() {
        front() = T{};
        head_ = (head_ + 1) & (capacity_ - 1);
        if (--size_ == 0 && capacity_ > kKeptCapacity) *this = Ring();
    }

    void grow() {
        const std::size_t capacity = capacity_ == 0 ? kFirstCapacity : capacity_ * 2;
        auto slots = std::make_unique<T[]>(capacity);
        for (std::size_t i = 0; i < size_; ++i)
            slots[i] = std::move((*this)[i]);
        slots_ = std::move(slots);
        capacity_ = capacity;
        head_ = 0;
    }

    std::unique_ptr<T[]> slots_;
    std::size_t capacity_ = 0;  // a power of two, or 0
    std::size_t head_ = 0;
    std::size_t size_ = 0;
};

}  // namespace lotmesh::broker
