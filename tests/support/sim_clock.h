// Virtual time: tasks ordered by (time, order of scheduling). Nothing else in a simulation moves
// time, so a run depends on its seeds alone.
//
// One thread. Bounded by the workload of the run.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "base/assert.h"
#include "base/time.h"

namespace lotmesh::sim {

class EventQueue {
public:
    using Task = std::function<void()>;

    Instant now() const { return now_; }
    std::uint64_t tasks_run() const { return tasks_run_; }

    void at(Instant when, Task task) {
        heap_.push_back({std::max(when, now_), ++sequence_, std::move(task)});
        std::push_heap(heap_.begin(), heap_.end(), later);
    }
    void after(Duration delay, Task task) { at(now_ + delay, std::move(task)); }

    // Everything that is due up to and including `end`, then the clock stands there.
    void run_until(Instant end) {
        while (!heap_.empty() && heap_.front().when <= end) {
            std::pop_heap(heap_.begin(), heap_.end(), later);
            const Entry entry = std::move(heap_.back());
            heap_.pop_back();
            ASSERT(entry.when >= now_);
            now_ = entry.when;
            ++tasks_run_;
            entry.task();
        }
        now_ = std::max(now_, end);
    }
    void run_for(Duration span) { run_until(now_ + span); }

private:
    struct Entry {
        Instant when;
        std::uint64_t sequence = 0;
        Task task;
    };
    static bool later(const Entry& a, const Entry& b) {
        return a.when != b.when ? a.when > b.when : a.sequence > b.sequence;
    }

    std::vector<Entry> heap_;
    Instant now_;
    std::uint64_t sequence_ = 0;
    std::uint64_t tasks_run_ = 0;
};

}  // namespace lotmesh::sim
