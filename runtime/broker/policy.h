// Who may connect, publish and subscribe: a port. The broker asks it and keeps no rule of its own
// but those of the standard. Core thread; answers at once; outlives the Core.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "runtime/mqtt/packet.h"

namespace lotmesh::broker {

// Whom a question is about. Borrowed for the call.
struct Principal {
    std::string_view client_id;
    std::string_view user_name;  // empty where none was given
};

// What one step of an authentication method comes to.
struct AuthStep {
    mqtt::ReasonCode reason;  // ContinueAuthentication, Success, or why not
    std::string data;         // for the client; not where it is refused
    std::string user_name;    // at Success: who it is
};

// One run of an authentication method with one client (section 4.12), which it belongs to.
class AuthExchange {
public:
    virtual ~AuthExchange() = default;
    // What the client said; nothing where it sent no authentication data.
    virtual AuthStep step(std::string_view data) = 0;
};

class Policy {
public:
    virtual ~Policy() = default;

    // A new run; nullptr where there is no such method.
    virtual std::unique_ptr<AuthExchange> begin_exchange(std::string_view) { return nullptr; }

    // Success, or the reason code of the CONNACK.
    virtual mqtt::ReasonCode authenticate(const mqtt::Connect& connect,
                                          std::string_view remote_address) = 0;
    virtual bool may_publish(const Principal& principal, std::string_view topic) = 0;
    // Of a shared subscription the filter is the part that topics are matched against.
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
