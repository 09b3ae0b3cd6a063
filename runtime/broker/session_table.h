// All sessions, by id and by client id [MQTT-3.1.3-2]. Core thread; owned by State; owns the
// sessions. Bounded by Limits::sessions_max, which the CONNECT handler asks for.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/hash.h"
#include "base/keyed_hash.h"
#include "base/slot_map.h"
#include "runtime/broker/session.h"

namespace lotmesh::broker {

class SessionTable {
public:
    explicit SessionTable(const HashKey& key) : key_(key), by_client_id_(0, Hash{key.first}) {}

    // The client id must be free.
    Session& insert(std::string_view client_id);
    void erase(Session& session);

    Session* find(SessionId id) {
        std::unique_ptr<Session>* session = sessions_.find(id);
        return session == nullptr ? nullptr : session->get();
    }
    Session* find(std::string_view client_id) const;

    std::size_t size() const { return sessions_.size(); }

    // visit(Session&) must neither insert nor erase.
    template <typename Visit>
    void for_each(Visit&& visit) {
        sessions_.for_each([&](SessionId, std::unique_ptr<Session>& s) { visit(*s); });
    }

private:
    struct Hash {
        std::uint64_t key;
        std::size_t operator()(std::string_view id) const { return hash64(id, key); }
    };

    HashKey key_;
    SlotMap<std::unique_ptr<Session>> sessions_;
    // The key is the session's own copy.
    std::unordered_map<std::string_view, Session*, Hash> by_client_id_;
};

}  // namespace lotmesh::broker
