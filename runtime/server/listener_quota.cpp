#include "runtime/server/listener_quota.h"

#include "base/assert.h"

namespace lotmesh::server {

bool ListenerQuota::has_room(const std::string& listener, std::size_t connections_max) const {
    if (connections_max == 0) return true;
    const auto found = counts_.find(listener);
    return found == counts_.end() || found->second < connections_max;
}

void ListenerQuota::entered(SlotHandle connection, const std::string& listener) {
    if (connection.index >= slots_.size()) slots_.resize(connection.index + 1);
    slots_[connection.index] = {connection, listener};
    ++counts_[listener];
}

void ListenerQuota::left(SlotHandle connection) {
    if (connection.index >= slots_.size() || slots_[connection.index].connection != connection)
        return;
    const auto found = counts_.find(slots_[connection.index].listener);
    ASSERT(found != counts_.end() && found->second > 0);
    --found->second;
    slots_[connection.index] = {};
}

}  // namespace lotmesh::server
