// Who may connect to this node, as far as it was told: the methods of enhanced authentication, and
// what peers must present. Who names no method may connect as before. Core thread.
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "runtime/broker/policy.h"
#include "runtime/server/config.h"
#include "runtime/server/scram_users.h"

namespace lotmesh::server {

class ServerPolicy final : public broker::Policy {
public:
    // No users: there is no SCRAM. No credentials: everybody may be a peer.
    explicit ServerPolicy(std::optional<ScramUsers> users,
                          std::optional<ClusterCredentials> peers = std::nullopt)
        : users_(std::move(users)), peers_(std::move(peers)) {}

    std::unique_ptr<broker::AuthExchange> begin_exchange(std::string_view method,
                                                         const broker::Origin& origin,
                                                         Now now) override;
    broker::AuthVerdict authenticate(const broker::Credentials& credentials, Now now) override;
    std::unique_ptr<const broker::Authority> authority_of(
        const broker::Principal& principal) override;

private:
    std::optional<ScramUsers> users_;
    std::optional<ClusterCredentials> peers_;
};

}  // namespace lotmesh::server
