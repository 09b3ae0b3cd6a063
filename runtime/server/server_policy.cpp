#include "runtime/server/server_policy.h"

#include <algorithm>
#include <utility>

#include "base/assert.h"
#include "runtime/net/crypto.h"
#include "runtime/server/acl_authority.h"
#include "runtime/server/limits.h"
#include "runtime/server/scram.h"

namespace lotmesh::server {

using broker::AuthStep;
using broker::AuthVerdict;
using mqtt::ReasonCode;

namespace {

constexpr std::size_t kNonceBytes = 18;
constexpr std::size_t kDecoyKeyBytes = 32;
constexpr std::string_view kJwtMethod = "JWT";

// Of who has presented the cluster's credentials. Nobody is in it otherwise: see verify_jwt().
constexpr std::string_view kPeerGroup = "$cluster";

// Of who has presented a password that is kept here.
constexpr std::string_view kPasswordGroup = "$password";

AuthVerdict by_password(AuthVerdict verdict) {
    if (verdict.reason == ReasonCode::Success && verdict.ticket == 0)
        verdict.groups.emplace_back(kPasswordGroup);
    return verdict;
}

// A user who has been taken out of the file.
class Nobody final : public broker::Authority {
public:
    bool may(broker::Permission, std::string_view) const override { return false; }
};

// What the rules say; and who presented the cluster's credentials may be a peer whatever they say.
class Ruled final : public broker::Authority {
public:
    Ruled(std::shared_ptr<const access::RuleBook> book, const broker::Principal& principal,
          bool is_peer)
        : rules_(std::move(book), principal), is_peer_(is_peer) {}

    bool may(broker::Permission permission, std::string_view topic) const override {
        return (is_peer_ && permission == broker::Permission::Cluster) ||
               rules_.may(permission, topic);
    }

private:
    AclAuthority rules_;
    bool is_peer_;
};

// What somebody may where there are no rules but the one about peers.
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

// Who guesses by SCRAM waits as who guesses by plain passwords does.
class GuardedScram final : public broker::AuthExchange {
public:
    GuardedScram(const PasswordFile& users, const std::string& decoy_key, LoginPenalties& penalties,
                 std::string source, Instant now)
        : penalties_(penalties), source_(std::move(source)), now_(now) {
        scram_ = begin_scram(
            [this, &users, &decoy_key](std::string_view user) {
                user_ = user;
                return scram_secret_of(users, user, decoy_key);
            },
            net::base64(net::random_bytes(kNonceBytes)));
    }

    AuthStep step(std::string_view data) override {
        const bool names_user = user_.empty();
        // Since it named the user others may have failed.
        if (!names_user && !penalties_.may_try(source_, user_, now_)) return too_many();
        AuthStep made = scram_->step(data);
        if (names_user && !user_.empty() && !penalties_.may_try(source_, user_, now_))
            return too_many();
        if (made.reason == ReasonCode::NotAuthorized) penalties_.failed(source_, user_, now_);
        if (made.reason == ReasonCode::Success) {
            made.groups.emplace_back(kPasswordGroup);
            penalties_.succeeded(source_, user_);
        }
        return made;
    }

private:
    static AuthStep too_many() { return {ReasonCode::ConnectionRateExceeded, {}, {}}; }

    LoginPenalties& penalties_;
    std::string source_;
    Instant now_;  // when it began
    std::string user_;
    std::unique_ptr<broker::AuthExchange> scram_;
};

// One message, which is the token.
class JwtExchange final : public broker::AuthExchange {
public:
    JwtExchange(const std::optional<JwtRules>& rules, WallTime now) : rules_(rules), now_(now) {}

    AuthStep step(std::string_view data) override {
        if (!rules_) return {ReasonCode::NotAuthorized, {}, {}};
        auto identity = verify_jwt(data, *rules_, now_);
        if (!identity) return {ReasonCode::NotAuthorized, {}, {}};
        return {ReasonCode::Success,
                {},
                std::move(identity->user_name),
                std::move(identity->groups),
                identity->ends_at};
    }

private:
    const std::optional<JwtRules>& rules_;  // of the policy, whatever they are by then
    WallTime now_;
};

AuthVerdict refused(ReasonCode reason, std::string why) {
    return {.reason = reason, .why = std::move(why)};
}

}  // namespace

ServerPolicy::ServerPolicy(net::Loop& loop, Anonymous anonymous,
                           std::optional<ClusterCredentials> peers, PasswordLogins::Decided decided)
    : anonymous_(anonymous),
      peers_(std::move(peers)),
      logins_(loop,
              [decided = std::move(decided)](broker::AuthTicket ticket, AuthVerdict verdict) {
                  decided(ticket, by_password(std::move(verdict)));
              }),
      scram_decoy_key_(net::random_bytes(kDecoyKeyBytes)) {}

void ServerPolicy::set_rules(AuthRules rules) {
    has_users_ = rules.users.has_value();
    logins_.set_users(has_users_ ? std::move(*rules.users) : PasswordFile());
    tokens_ = std::move(rules.tokens);
    acl_ = std::move(rules.acl);
}

std::unique_ptr<broker::AuthExchange> ServerPolicy::begin_exchange(std::string_view method,
                                                                   const broker::Origin& origin,
                                                                   Now now) {
    if (has_users_ && method == kScramMethod)
        return std::make_unique<GuardedScram>(logins_.users(), scram_decoy_key_,
                                              logins_.penalties(),
                                              login_source(origin.remote_address), now.instant);
    if (tokens_ && method == kJwtMethod) return std::make_unique<JwtExchange>(tokens_, now.wall);
    return nullptr;
}

AuthVerdict ServerPolicy::authenticate(const broker::Credentials& credentials, Now now) {
    // Peers show both, where links have certificates.
    if (auto verdict = check_peer(credentials, now)) return std::move(*verdict);
    if (!credentials.origin.certificate_name.empty())
        return {.user_name = credentials.origin.certificate_name};
    const bool anybody = !credentials.user_name && !credentials.password;
    if (anybody || !is_guarded()) {
        if (admits_anybody(credentials.origin)) return {};
        return refused(ReasonCode::NotAuthorized, "who it is must be shown here");
    }
    const std::string_view user = credentials.user_name.value_or("");
    const std::string_view password = as_text(credentials.password.value_or(ByteView()));
    if (tokens_ && looks_like_jwt(password)) return check_token(password, user, now);
    if (has_users_)
        return by_password(logins_.log_in(user, password, credentials.origin.remote_address));
    return refused(ReasonCode::BadUserNameOrPassword, "the password is no token");
}

std::unique_ptr<const broker::Authority> ServerPolicy::authority_of(
    const broker::Principal& principal) {
    const auto is_in = [&principal](std::string_view group) {
        return std::ranges::find(principal.groups, group) != principal.groups.end();
    };
    const bool is_gone =
        is_in(kPasswordGroup) && logins_.users().find(principal.user_name) == nullptr;
    if (is_gone) return std::make_unique<Nobody>();
    if (acl_) return std::make_unique<Ruled>(acl_, principal, is_in(kPeerGroup));
    if (!peers_) return nullptr;
    return std::make_unique<Guest>(is_in(kPeerGroup), principal.origin.loopback);
}

// Who guesses the cluster's password waits as well. A user may have the same name.
std::optional<AuthVerdict> ServerPolicy::check_peer(const broker::Credentials& credentials,
                                                    Now now) {
    const std::string user(credentials.user_name.value_or(""));
    if (!peers_ || user != peers_->username) return std::nullopt;
    LoginPenalties& penalties = logins_.penalties();
    const std::string source = login_source(credentials.origin.remote_address);
    if (!penalties.may_try(source, user, now.instant))
        return refused(ReasonCode::ConnectionRateExceeded, "too many wrong passwords lately");
    const std::string_view password = as_text(credentials.password.value_or(ByteView()));
    if (net::equal_in_constant_time(password, peers_->password)) {
        penalties.succeeded(source, user);
        return AuthVerdict{.user_name = user, .groups = {std::string(kPeerGroup)}};
    }
    if (has_users_) return std::nullopt;  // he is checked with them, and a mistake is counted there
    penalties.failed(source, user, now.instant);
    return refused(ReasonCode::BadUserNameOrPassword, "user name or password is wrong");
}

bool ServerPolicy::admits_anybody(const broker::Origin& origin) const {
    switch (anonymous_) {
        case Anonymous::Everywhere: return true;
        case Anonymous::WhereUnguarded: return origin.loopback && !is_guarded();
    }
    return false;
}

AuthVerdict ServerPolicy::check_token(std::string_view token, std::string_view user,
                                      Now now) const {
    auto identity = verify_jwt(token, *tokens_, now.wall);
    if (!identity) return refused(ReasonCode::BadUserNameOrPassword, identity.error());
    if (!user.empty() && user != identity->user_name)
        return refused(ReasonCode::BadUserNameOrPassword, "the token is of another user");
    return {.user_name = std::move(identity->user_name),
            .groups = std::move(identity->groups),
            .ends_at = identity->ends_at};
}

}  // namespace lotmesh::server
