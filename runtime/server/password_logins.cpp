#include "runtime/server/password_logins.h"

#include <cstring>
#include <optional>
#include <utility>

#include "base/assert.h"
#include "runtime/net/crypto.h"
#include "runtime/server/limits.h"

namespace lotmesh::server {

using broker::AuthTicket;
using broker::AuthVerdict;
using mqtt::ReasonCode;

namespace {

constexpr std::size_t kKeyBytes = 32;

AuthVerdict refused(ReasonCode reason, std::string why) {
    return {.reason = reason, .why = std::move(why)};
}

AuthVerdict wrong() {
    return refused(ReasonCode::BadUserNameOrPassword, "user name or password is wrong");
}

AuthVerdict too_many() {
    return refused(ReasonCode::ConnectionRateExceeded, "too many wrong passwords lately");
}

HashKey random_hash_key() {
    HashKey key;
    const std::string bytes = net::random_bytes(sizeof key);
    std::memcpy(&key, bytes.data(), sizeof key);
    return key;
}

}  // namespace

PasswordLogins::PasswordLogins(net::Loop& loop, Decided decided)
    : loop_(loop),
      decided_(std::move(decided)),
      decoy_key_(random_hash_key()),
      penalties_(random_hash_key()),
      verified_(net::random_bytes(kKeyBytes)) {
    workers_.reserve(kPasswordChecksMax);
    for (std::size_t i = 0; i < kPasswordChecksMax; ++i)
        workers_.push_back(std::make_unique<net::BackgroundWork>(loop));
}

void PasswordLogins::set_users(PasswordFile users) {
    users_ = std::move(users);
    verified_.keep_only(users_);
}

AuthVerdict PasswordLogins::log_in(std::string_view user, std::string_view password,
                                   std::string_view remote_address) {
    const UserSecrets* secrets = secrets_for(user);
    if (secrets == nullptr || password.size() > kPasswordBytesMax) return wrong();
    const std::string source = login_source(remote_address);
    if (!penalties_.may_try(source, user, loop_.now().instant)) return too_many();
    if (users_.find(user) != nullptr && verified_.knows(user, password, *secrets))
        return {.user_name = std::string(user)};
    if (waiting_.size() >= kPasswordChecksWaitingMax)
        return refused(ReasonCode::QuotaExceeded, "too many passwords wait to be checked");
    const AuthTicket ticket = ++last_ticket_;
    waiting_.push_back({ticket, std::string(user), source, net::SecretText(password), *secrets});
    start_waiting();
    // Not believed, whoever overlooks the ticket.
    return {.reason = ReasonCode::ServerBusy, .ticket = ticket};
}

void PasswordLogins::abandon(AuthTicket ticket) {
    if (const auto running = running_.find(ticket); running != running_.end())
        running->second = false;
    std::erase_if(waiting_, [ticket](const Login& login) { return login.ticket == ticket; });
}

bool PasswordLogins::busy() const { return !running_.empty(); }

// A stranger is always checked with the same user's, as if he had a secret of his own.
const UserSecrets* PasswordLogins::secrets_for(std::string_view user) const {
    const UserSecrets* known = users_.find(user);
    return known != nullptr ? known : users_.any(keyed_hash64(as_bytes(user), decoy_key_));
}

void PasswordLogins::start_waiting() {
    for (const auto& worker : workers_) {
        if (waiting_.empty()) return;
        if (worker->busy()) continue;
        Login login = std::move(waiting_.front());
        waiting_.pop_front();
        start(*worker, std::move(login));
    }
}

// What the thread needs belongs to the work, which may outlive us.
void PasswordLogins::start(net::BackgroundWork& worker, Login login) {
    running_.emplace(login.ticket, true);
    // Since it began to wait others may have failed.
    const bool may_try = penalties_.may_try(login.source, login.user, loop_.now().instant);
    const auto shared = std::make_shared<const Login>(std::move(login));
    worker.start<std::optional<bool>>(
        [shared, may_try]() -> std::optional<bool> {
            if (!may_try) return std::nullopt;
            return matches(shared->secrets, shared->password.view());
        },
        [this, shared](std::optional<bool> right) { take(*shared, right); });
}

void PasswordLogins::take(const Login& login, std::optional<bool> right) {
    const auto running = running_.extract(login.ticket);
    ASSERT(!running.empty());
    AuthVerdict made = right ? verdict(login, *right) : too_many();
    start_waiting();
    if (running.mapped()) decided_(login.ticket, std::move(made));
}

AuthVerdict PasswordLogins::verdict(const Login& login, bool right) {
    const UserSecrets* known = users_.find(login.user);
    // The file was read again meanwhile.
    if (secrets_for(login.user) == nullptr || *secrets_for(login.user) != login.secrets)
        return refused(ReasonCode::ServerBusy, "the users have changed meanwhile");
    if (known == nullptr || !right) {
        penalties_.failed(login.source, login.user, loop_.now().instant);
        return wrong();
    }
    penalties_.succeeded(login.source, login.user);
    verified_.remember(login.user, login.password.view(), *known);
    return {.user_name = login.user};
}

}  // namespace lotmesh::server
