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

    std::unique_ptr<broker::AuthExchange> begin_exchange(std::string_view method,
                                                         const broker::Origin& origin,
                                                         Now now) override;
    broker::AuthVerdict authenticate(const broker::Credentials& credentials, Now) override {
        return {.user_name = std::string(credentials.user_name.value_or(""))};
    }
    std::unique_ptr<const broker::Authority> authority_of(const broker::Principal&) override {
        return nullptr;
    }

private:
    std::optional<ScramUsers> users_;
};

}  // namespace lotmesh::server
