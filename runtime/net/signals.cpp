#include "runtime/net/signals.h"

#include <csignal>

#include "runtime/net/handle.h"

namespace lotmesh::net {

namespace {

using SignalHandle = UvHandle<uv_signal_t, std::function<void(int)>>;

}  // namespace

struct Signals::Impl {
    std::vector<SignalHandle> handles;
};

void ignore_broken_pipes() { std::signal(SIGPIPE, SIG_IGN); }

Signals::Signals(Loop& loop, const std::vector<int>& numbers,
                 const std::function<void(int)>& received)
    : impl_(std::make_unique<Impl>()) {
    for (const int number : numbers) {
        SignalHandle& handle = impl_->handles.emplace_back();
        handle.open(received,
                    [&loop](uv_signal_t* uv) { return uv_signal_init(loop.native(), uv); });
        uv_signal_start(
            handle.get(), [](uv_signal_t* uv, int signal) { SignalHandle::context(uv)(signal); },
            number);
    }
}

Signals::~Signals() = default;

}  // namespace lotmesh::net
