#include "runtime/server/server_policy.h"

#include <algorithm>

#include "base/assert.h"
#include "runtime/net/crypto.h"

namespace lotmesh::server {

namespace {

constexpr std::size_t kNonceBytes = 18;

// Of who has presented the cluster's credentials. No user can be in it otherwise.
constexpr std::string_view kPeerGroup = "$cluster";

// What everybody may where there are no rules but the one about peers.
class Guest final : public broker::Authority {
public:
    Guest(bool is_peer, bool loopback) : is_peer_(is_peer), loopback_(loopback) {}
    bool may(broker::Permission permission, std::string_view) const override {
        switch (permission) {
            case broker::Permission::Cluster: return is_peer_;
            case broker::Permission::Admin: return loopback_;
            case broker::Permission::Connect:
            case broker::Permission::Publish:
            case broker::Permission::Subscribe:
            case broker::Permission::Receive:
            case broker::Permission::Retain:
            case broker::Permission::Will:
            case broker::Permission::Sys: return true;
        }
        UNREACHABLE();
    }

private:
    bool is_peer_;
    bool loopback_;
};

}  // namespace

std::unique_ptr<broker::AuthExchange> ServerPolicy::begin_exchange(std::string_view method,
                                                                   const broker::Origin&, Now) {
    if (!users_ || method != kScramMethod) return nullptr;
    return begin_scram([this](std::string_view user) { return users_->find(user); },
                       net::base64(net::random_bytes(kNonceBytes)));
}

broker::AuthVerdict ServerPolicy::authenticate(const broker::Credentials& credentials, Now) {
    broker::AuthVerdict verdict{.user_name = std::string(credentials.user_name.value_or(""))};
    const std::string_view password =
        credentials.password ? as_text(*credentials.password) : std::string_view();
    if (peers_ && verdict.user_name == peers_->username &&
        net::equal_in_constant_time(password, peers_->password))
        verdict.groups.emplace_back(kPeerGroup);
    return verdict;
}

std::unique_ptr<const broker::Authority> ServerPolicy::authority_of(
    const broker::Principal& principal) {
    if (!peers_) return nullptr;
    const bool is_peer = std::ranges::find(principal.groups, kPeerGroup) != principal.groups.end();
    return std::make_unique<Guest>(is_peer, principal.origin.loopback);
}

}  // namespace lotmesh::server
