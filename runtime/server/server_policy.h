// Who may connect to this node, as far as it was told: the methods of enhanced authentication.
// Who names none of them may connect as before. Core thread.
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "runtime/broker/policy.h"
#include "runtime/server/scram_users.h"

namespace lotmesh::server {

class ServerPolicy final : public broker::Policy {
public:
    // No users: there is no SCRAM.
    explicit ServerPolicy(std::optional<ScramUsers> users) : users_(std::move(users)) {}

    std::unique_ptr<broker::AuthExchange> begin_exchange(std::string_view method) override;
    mqtt::ReasonCode authenticate(const mqtt::Connect&, std::string_view) override {
        return mqtt::ReasonCode::Success;
    }
    bool may_publish(const broker::Principal&, std::string_view) override { return true; }
    bool may_subscribe(const broker::Principal&, std::string_view) override { return true; }

private:
    std::optional<ScramUsers> users_;
};

}  // namespace lotmesh::server
