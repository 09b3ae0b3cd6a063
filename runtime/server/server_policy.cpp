#include "runtime/server/server_policy.h"

#include "runtime/net/crypto.h"

namespace lotmesh::server {

namespace {

constexpr std::size_t kNonceBytes = 18;

}  // namespace

std::unique_ptr<broker::AuthExchange> ServerPolicy::begin_exchange(std::string_view method,
                                                                   const broker::Origin&, Now) {
    if (!users_ || method != kScramMethod) return nullptr;
    return begin_scram([this](std::string_view user) { return users_->find(user); },
                       net::base64(net::random_bytes(kNonceBytes)));
}

}  // namespace lotmesh::server
