// One deadline on a loop. Millisecond steps, never early. The callback may destroy the timer.
#pragma once

#include <functional>
#include <memory>

#include "base/time.h"
#include "runtime/net/loop.h"

namespace lotmesh::net {

class Timer {
public:
    Timer(Loop& loop, std::function<void()> due);
    ~Timer();
    Timer(Timer&&) noexcept;
    Timer& operator=(Timer&&) noexcept;

    // Instead of whatever it was set to.
    void start_at(Instant due);
    void start_in(Duration delay);
    void stop();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace lotmesh::net
