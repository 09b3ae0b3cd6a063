// Who may connect, publish and subscribe: a port. The broker asks it and keeps no rule of its own
// but those of the standard. Core thread; answers at once; outlives the Core.
#pragma once

#include <string_view>

#include "runtime/mqtt/packet.h"

namespace lotmesh::broker {

// Whom a question is about. Borrowed for the call.
struct Principal {
    std::string_view client_id;
    std::string_view user_name;  // empty where none was given
};

class Policy {
public:
    virtual ~Policy() = default;

    // Success, or the reason code of the CONNACK.
    virtual mqtt::ReasonCode authenticate(const mqtt::Connect& connect,
                                          std::string_view remote_address) = 0;
    virtual bool may_publish(const Principal& principal, std::string_view topic) = 0;
    virtual bool may_subscribe(const Principal& principal, std::string_view filter) = 0;
};

class AllowAll final : public Policy {
public:
    mqtt::ReasonCode authenticate(const mqtt::Connect&, std::string_view) override {
        return mqtt::ReasonCode::Success;
    }
    bool may_publish(const Principal&, std::string_view) override { return true; }
    bool may_subscribe(const Principal&, std::string_view) override { return true; }
};

}  // namespace lotmesh::broker
