// Work on a thread of libuv's pool, for what would hold the loop too long.
//
// Loop thread only. One piece of work at a time; what it returns is handed over on the loop. When
// the BackgroundWork is destroyed, work that waits for a thread is never begun, and work that runs
// finishes unheard: it must own what it uses, or that must live as long as the loop.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "runtime/net/loop.h"

namespace lotmesh::net {

class BackgroundWork {
public:
    explicit BackgroundWork(Loop& loop) : loop_(loop) {}
    ~BackgroundWork();
    BackgroundWork(const BackgroundWork&) = delete;
    BackgroundWork& operator=(const BackgroundWork&) = delete;

    // Calls done later, never inside this call. Only while not busy(); done may start the next one.
    template <typename T>
    void start(std::function<T()> work, std::function<void(T)> done) {
        auto result = std::make_shared<std::optional<T>>();
        run([result, work = std::move(work)] { *result = work(); },
            [result, done = std::move(done)] { done(std::move(**result)); });
    }

    bool busy() const { return request_ != nullptr; }

private:
    struct Request;

    void run(std::function<void()> work, std::function<void()> done);

    Loop& loop_;
    Request* request_ = nullptr;  // owned by libuv from start to its callback
};

}  // namespace lotmesh::net
