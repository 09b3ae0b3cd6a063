#include "runtime/server/reloader.h"

#include <utility>

namespace lotmesh::server {

void Reloader::request(Reason reason) {
    if (!busy()) return start(reason);
    if (next_ != Reason::Command) next_ = reason;
}

void Reloader::start(Reason reason) {
    const RouteStore* store = &store_;
    background_.start<RouteStore::Reading>(
        [store] { return store->read(); },
        [this, reason](RouteStore::Reading reading) { take(std::move(reading), reason); });
}

void Reloader::take(RouteStore::Reading reading, Reason reason) {
    Reload reload = store_.take(std::move(reading));
    switch (reason) {
        case Reason::FileChange: reload.cause = Reload::Cause::FileChange; break;
        case Reason::Command: reload.cause = Reload::Cause::Signal; break;
    }
    if (reload.news || reason == Reason::Command) reloaded_(reload);
    if (const auto next = std::exchange(next_, std::nullopt)) start(*next);
}

}  // namespace lotmesh::server
