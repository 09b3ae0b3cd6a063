#include "runtime/server/reloader.h"

#include <memory>
#include <utility>

namespace lotmesh::server {

void Reloader::request(Reason reason) {
    if (!busy()) return start(reason);
    if (next_ != Reason::Command) next_ = reason;
}

void Reloader::edit(RouteEdit edit, EditDone done) {
    edits_.push_back({std::move(edit), std::move(done)});
    if (!busy()) start_next();
}

void Reloader::start(Reason reason) {
    const RouteStore* store = &store_;
    background_.start<RouteStore::Reading>(
        [store] { return store->read(); },
        [this, reason](RouteStore::Reading reading) { take(std::move(reading), reason); });
}

void Reloader::start(Pending pending) {
    const RouteStore* store = &store_;
    background_.start<EditedReading>(
        [store, edit = std::move(pending.edit)] {
            EditedReading result{store->edit(edit), {}};
            if (result.edited.done) result.reading = store->read();
            return result;
        },
        [this, done = std::move(pending.done)](EditedReading result) {
            take(std::move(result), done);
        });
}

void Reloader::start_next() {
    if (!edits_.empty()) {
        Pending pending = std::move(edits_.front());
        edits_.pop_front();
        return start(std::move(pending));
    }
    if (const auto next = std::exchange(next_, std::nullopt)) start(*next);
}

void Reloader::take(RouteStore::Reading reading, Reason reason) {
    Reload reload = store_.take(std::move(reading));
    switch (reason) {
        case Reason::FileChange: reload.cause = Reload::Cause::FileChange; break;
        case Reason::Command: reload.cause = Reload::Cause::Signal; break;
    }
    if (reload.news || reason == Reason::Command) reloaded_(reload);
    if (!busy()) start_next();
}

void Reloader::take(EditedReading result, const EditDone& done) {
    Reload reload;
    if (result.edited.done) {
        reload = store_.take(std::move(result.reading));
        reload.cause = Reload::Cause::Command;
        reloaded_(reload);
    }
    done(result.edited, reload);
    if (!busy()) start_next();
}

}  // namespace lotmesh::server
