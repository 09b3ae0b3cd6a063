// Who a client of this node is. In this order: a peer by the credentials of the cluster, whom
// its certificate names, who its token or its password says, nobody in particular. Who shows
// credentials is believed or refused, never taken for nobody instead, unless there is nothing to
// check them with. Core thread.
//
// Nobody in particular may come from this machine as long as there is nothing to check credentials
// with, and from everywhere where that is allowed.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "runtime/broker/policy.h"
#include "runtime/server/auth_rules.h"
#include "runtime/server/config.h"
#include "runtime/server/password_logins.h"

namespace lotmesh::server {

enum class Anonymous : std::uint8_t { WhereUnguarded, Everywhere };

class ServerPolicy final : public broker::Policy {
public:
    // Without credentials of peers everybody who is let in may be one. `decided`: see
    // PasswordLogins.
    ServerPolicy(net::Loop& loop, Anonymous anonymous, std::optional<ClusterCredentials> peers,
                 PasswordLogins::Decided decided);

    // From now on. Who is connected with a password and is no user any more may not be so; what
    // others may is asked anew.
    void set_rules(AuthRules rules);
    // The same of what clients may do alone. None: there are no rules.
    void set_access(std::shared_ptr<const access::RuleBook> acl) { acl_ = std::move(acl); }

    std::unique_ptr<broker::AuthExchange> begin_exchange(std::string_view method,
                                                         const broker::Origin& origin,
                                                         Now now) override;
    broker::AuthVerdict authenticate(const broker::Credentials& credentials, Now now) override;
    void abandon(broker::AuthTicket ticket) override { logins_.abandon(ticket); }
    std::unique_ptr<const broker::Authority> authority_of(
        const broker::Principal& principal) override;

    // The process cannot end at once while a thread is at work for us.
    bool busy() const { return logins_.busy(); }

private:
    bool is_guarded() const { return has_users_ || tokens_.has_value(); }
    // Nothing: it says it is somebody else.
    std::optional<broker::AuthVerdict> check_peer(const broker::Credentials& credentials, Now now);
    bool admits_anybody(const broker::Origin& origin) const;
    broker::AuthVerdict check_token(std::string_view token, std::string_view user, Now now) const;

    Anonymous anonymous_;
    std::optional<ClusterCredentials> peers_;
    PasswordLogins logins_;
    bool has_users_ = false;
    std::optional<JwtRules> tokens_;
    std::shared_ptr<const access::RuleBook> acl_;  // none: there are no rules
    std::string scram_decoy_key_;
};

}  // namespace lotmesh::server
