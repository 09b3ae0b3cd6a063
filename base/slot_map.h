// Values by {index, generation} handle. A handle whose value is gone finds nothing, also when the
// slot is in use again. Generation 0 is never given out, so a default handle is always stale.
//
// Pointers from find() are valid until the next insert or erase.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "base/assert.h"

namespace lotmesh {

struct SlotHandle {
    std::uint32_t index = 0;
    std::uint32_t generation = 0;

    auto operator<=>(const SlotHandle&) const = default;
    explicit operator bool() const { return generation != 0; }
};

template <typename T>
class SlotMap {
public:
    template <typename... Args>
    SlotHandle insert(Args&&... args) {
        std::uint32_t index = 0;
        if (free_.empty()) {
            index = static_cast<std::uint32_t>(slots_.size());
            slots_.emplace_back();
        } else {
            index = free_.back();
            free_.pop_back();
        }
        Slot& slot = slots_[index];
        slot.value.emplace(std::forward<Args>(args)...);
        ++size_;
        return {index, slot.generation};
    }

    T* find(SlotHandle handle) {
        if (handle.index >= slots_.size()) return nullptr;
        Slot& slot = slots_[handle.index];
        return slot.generation == handle.generation && slot.value ? &*slot.value : nullptr;
    }
    const T* find(SlotHandle handle) const { return const_cast<SlotMap*>(this)->find(handle); }

    bool erase(SlotHandle handle) {
        if (find(handle) == nullptr) return false;
        Slot& slot = slots_[handle.index];
        slot.value.reset();
        if (++slot.generation == 0) slot.generation = 1;
        free_.push_back(handle.index);
        --size_;
        return true;
    }

    std::size_t size() const { return size_; }

    // Calls visit(handle, value) in index order; visit must not insert or erase.
    template <typename Visit>
    void for_each(Visit&& visit) {
        for (std::uint32_t i = 0; i < slots_.size(); ++i)
            if (slots_[i].value) visit(SlotHandle{i, slots_[i].generation}, *slots_[i].value);
    }
    template <typename Visit>
    void for_each(Visit&& visit) const {
        for (std::uint32_t i = 0; i < slots_.size(); ++i)
            if (slots_[i].value) visit(SlotHandle{i, slots_[i].generation}, *slots_[i].value);
    }

private:
    struct Slot {
        std::uint32_t generation = 1;
        std::optional<T> value;
    };

    std::vector<Slot> slots_;
    std::vector<std::uint32_t> free_;
    std::size_t size_ = 0;
};

}  // namespace lotmesh
