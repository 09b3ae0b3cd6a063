#include "runtime/broker/session_table.h"

#include <algorithm>

#include "base/assert.h"

namespace lotmesh::broker {

Session& SessionTable::insert(std::string_view client_id) {
    const SessionId id = sessions_.insert(std::make_unique<Session>());
    Session& session = *find(id);
    session.id = id;
    session.client_id = client_id;
    session.publisher = std::max<std::uint64_t>(1, keyed_hash64(as_bytes(client_id), key_));
    const bool inserted = by_client_id_.emplace(session.client_id, &session).second;
    ASSERT(inserted);
    return session;
}

void SessionTable::erase(Session& session) {
    by_client_id_.erase(session.client_id);
    sessions_.erase(session.id);
}

Session* SessionTable::find(std::string_view client_id) const {
    const auto it = by_client_id_.find(client_id);
    return it == by_client_id_.end() ? nullptr : it->second;
}

}  // namespace lotmesh::broker
