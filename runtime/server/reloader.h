// Reading route files again without holding the loop: they are read and compiled on another thread,
// and taken over on this one.
//
// Core thread only. One at a time: what is asked for while one runs makes another one follow it, so
// that the last one has seen everything.
#pragma once

#include <functional>
#include <optional>

#include "runtime/net/background_work.h"
#include "runtime/server/route_store.h"

namespace lotmesh::server {

class Reloader {
public:
    enum class Reason : std::uint8_t {
        FileChange,  // heard of only where there are news
        Command,     // always heard of
    };
    using Reloaded = std::function<void(const Reload& reload)>;

    // The store lives as long as the loop.
    Reloader(net::Loop& loop, RouteStore& store, Reloaded reloaded)
        : store_(store), reloaded_(std::move(reloaded)), background_(loop) {}

    // The answer comes later, never inside this call.
    void request(Reason reason);

    bool busy() const { return background_.busy(); }

private:
    void start(Reason reason);
    void take(RouteStore::Reading reading, Reason reason);

    RouteStore& store_;
    Reloaded reloaded_;
    net::BackgroundWork background_;
    std::optional<Reason> next_;
};

}  // namespace lotmesh::server
