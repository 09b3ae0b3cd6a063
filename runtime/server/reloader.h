// Reading route files again without holding the loop: they are read and compiled on another thread,
// and taken over on this one. What commands change in them goes the same way, before they are read.
//
// Core thread only. One at a time: what is asked for while one runs makes another one follow it, so
// that the last one has seen everything. How many edits wait is for their caller to bound.
#pragma once

#include <deque>
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
    // `reload` is what came of reading the files after it; without an edit they are not read.
    using EditDone = std::function<void(const Edited& edited, const Reload& reload)>;

    // The store lives as long as the loop.
    Reloader(net::Loop& loop, RouteStore& store, Reloaded reloaded)
        : store_(store), reloaded_(std::move(reloaded)), background_(loop) {}

    // The answer comes later, never inside this call.
    void request(Reason reason);
    void edit(RouteEdit edit, EditDone done);

    bool busy() const { return background_.busy(); }

private:
    struct Pending {
        RouteEdit edit;
        EditDone done;
    };
    struct EditedReading {
        Edited edited;
        RouteStore::Reading reading;
    };

    void start(Reason reason);
    void start(Pending pending);
    void start_next();
    void take(RouteStore::Reading reading, Reason reason);
    void take(EditedReading result, const EditDone& done);

    RouteStore& store_;
    Reloaded reloaded_;
    net::BackgroundWork background_;
    std::optional<Reason> next_;
    std::deque<Pending> edits_;
};

}  // namespace lotmesh::server
