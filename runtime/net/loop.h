// The event loop of one thread, and the clock of everything that hangs on it.
//
// Whatever is made on a loop (listeners, timers, connections ...) must be destroyed before it; the
// destructor then waits until libuv has let go of all of it.
#pragma once

#include <functional>
#include <memory>

#include "base/time.h"

struct uv_loop_s;

namespace lotmesh::net {

class Loop {
public:
    Loop();
    ~Loop();
    Loop(const Loop&) = delete;
    Loop& operator=(const Loop&) = delete;

    // Calls `done` after the events of each turn and before the loop sleeps. Set once.
    void at_turn_end(const std::function<void()>& done);

    // Until stop().
    void run();
    // Waits for one turn's events and handles them.
    void run_turn();
    void stop();

    // Read at the call; the same clock as Timer's.
    Now now() const;

    uv_loop_s* native() const { return native_.get(); }

private:
    struct TurnEnd;

    std::unique_ptr<uv_loop_s> native_;
    std::unique_ptr<TurnEnd> turn_end_;
};

}  // namespace lotmesh::net
