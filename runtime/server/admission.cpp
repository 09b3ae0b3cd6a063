#include "runtime/server/admission.h"

#include "base/assert.h"
#include "runtime/server/limits.h"

namespace lotmesh::server {

Admission::Answer Admission::ask(const net::Address& address, Instant now) {
    if (address.is_loopback()) return Answer::Admitted;
    const Key key = address.source();
    if (sources_.size() >= kSourcesMax && !sources_.contains(key)) forget_idle(now);
    if (sources_.size() >= kSourcesMax && !sources_.contains(key)) return Answer::TooFast;
    Source& source = sources_[key];
    if (limits_.connections_max != 0 && source.connections >= limits_.connections_max)
        return Answer::TooMany;
    if (limits_.per_second == 0) return Answer::Admitted;
    if (!source.attempts) source.attempts.emplace(limits_.per_second, limits_.per_second);
    return source.attempts->take(now) ? Answer::Admitted : Answer::TooFast;
}

void Admission::entered(SlotHandle connection, const net::Address& address) {
    if (address.is_loopback()) return;
    if (connection.index >= slots_.size()) slots_.resize(connection.index + 1);
    slots_[connection.index] = {connection, address.source()};
    ++sources_[address.source()].connections;
}

void Admission::left(SlotHandle connection) {
    if (connection.index >= slots_.size() || slots_[connection.index].connection != connection)
        return;
    const auto found = sources_.find(slots_[connection.index].key);
    slots_[connection.index] = {};
    ASSERT(found != sources_.end() && found->second.connections > 0);
    --found->second.connections;
    // How fast it comes is remembered a little longer.
    if (found->second.connections == 0 && !found->second.attempts) sources_.erase(found);
}

// Of whom nothing is known that a newcomer would not have.
void Admission::forget_idle(Instant now) {
    std::erase_if(sources_, [now](const auto& item) {
        const Source& source = item.second;
        return source.connections == 0 && (!source.attempts || source.attempts->is_full(now));
    });
}

}  // namespace lotmesh::server
