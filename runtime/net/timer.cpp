#include "runtime/net/timer.h"

#include <algorithm>

#include "runtime/net/handle.h"

namespace lotmesh::net {

struct Timer::Impl {
    Loop& loop;
    UvHandle<uv_timer_t, std::function<void()>> handle;
};

namespace {

void on_due(uv_timer_t* uv) { UvHandle<uv_timer_t, std::function<void()>>::context(uv)(); }

}  // namespace

Timer::Timer(Loop& loop, std::function<void()> due) : impl_(new Impl{loop, {}}) {
    impl_->handle.open(std::move(due),
                       [&loop](uv_timer_t* uv) { return uv_timer_init(loop.native(), uv); });
}
Timer::~Timer() = default;
Timer::Timer(Timer&&) noexcept = default;
Timer& Timer::operator=(Timer&&) noexcept = default;

void Timer::start_at(Instant due) {
    // The loop's own clock is cached and in whole milliseconds; the difference to it is what
    // uv_timer_start adds again, so the sum is exact.
    const std::int64_t due_ms = (due.us + 999) / 1'000;
    const auto loop_ms = static_cast<std::int64_t>(uv_now(impl_->loop.native()));
    const std::int64_t delay_ms = std::max<std::int64_t>(0, due_ms - loop_ms);
    uv_timer_start(impl_->handle.get(), on_due, static_cast<std::uint64_t>(delay_ms), 0);
}

void Timer::start_in(Duration delay) { start_at(impl_->loop.now().instant + delay); }

void Timer::stop() { uv_timer_stop(impl_->handle.get()); }

}  // namespace lotmesh::net
