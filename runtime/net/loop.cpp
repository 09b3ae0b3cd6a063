#include "runtime/net/loop.h"

#include <uv.h>

#include <chrono>

#include "runtime/net/handle.h"

namespace lotmesh::net {

namespace {

using Callback = std::function<void()>;

}  // namespace

// Timers run before the loop sleeps and sockets after it, so both edges of the sleep end a turn.
struct Loop::TurnEnd {
    UvHandle<uv_prepare_t, Callback> before_sleep;
    UvHandle<uv_check_t, Callback> after_sleep;
};

Loop::Loop() : native_(std::make_unique<uv_loop_s>()) { ASSERT(uv_loop_init(native_.get()) == 0); }

Loop::~Loop() {
    turn_end_.reset();
    uv_run(native_.get(), UV_RUN_DEFAULT);
    ASSERT(uv_loop_close(native_.get()) == 0);
}

void Loop::at_turn_end(const std::function<void()>& done) {
    ASSERT(turn_end_ == nullptr);
    turn_end_ = std::make_unique<TurnEnd>();
    auto& before = turn_end_->before_sleep;
    auto& after = turn_end_->after_sleep;
    before.open(done, [this](uv_prepare_t* uv) { return uv_prepare_init(native(), uv); });
    after.open(done, [this](uv_check_t* uv) { return uv_check_init(native(), uv); });
    uv_prepare_start(before.get(),
                     [](uv_prepare_t* uv) { UvHandle<uv_prepare_t, Callback>::context(uv)(); });
    uv_check_start(after.get(),
                   [](uv_check_t* uv) { UvHandle<uv_check_t, Callback>::context(uv)(); });
}

void Loop::run() { uv_run(native(), UV_RUN_DEFAULT); }
void Loop::run_turn() { uv_run(native(), UV_RUN_ONCE); }
void Loop::stop() { uv_stop(native()); }

Now Loop::now() const {
    const auto wall = std::chrono::system_clock::now().time_since_epoch();
    return {
        Instant{static_cast<std::int64_t>(uv_hrtime() / 1'000)},
        WallTime{std::chrono::duration_cast<std::chrono::milliseconds>(wall).count()},
    };
}

}  // namespace lotmesh::net
