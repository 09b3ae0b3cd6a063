#include "runtime/broker/connection.h"

#include "base/assert.h"
#include "base/wiped_bytes.h"

namespace lotmesh::broker {

Connection& ConnectionTable::insert(ConnId id) {
    if (id.index >= connections_.size()) connections_.resize(id.index + 1);
    auto& connection = connections_[id.index];
    ASSERT(connection == nullptr);  // Closed comes before the slot is used again
    connection = std::make_unique<Connection>();
    connection->id = id;
    ++size_;
    return *connection;
}

void ConnectionTable::erase(ConnId id) {
    ASSERT(find(id) != nullptr);
    wipe(connections_[id.index]->held);
    connections_[id.index].reset();
    --size_;
}

}  // namespace lotmesh::broker
