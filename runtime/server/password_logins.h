// Logins by user name and password. What costs nothing is decided at once: penalties, and passwords
// that have been right before. The rest is hashed on libuv's pool, kPasswordChecksMax at a time,
// while kPasswordChecksWaitingMax wait; for one more there is no room.
//
// A stranger's password is hashed too, with a user's secret: an attempt does not tell who is known.
// What is not used any more of a password is wiped. Core thread.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/keyed_hash.h"
#include "runtime/broker/policy.h"
#include "runtime/net/background_work.h"
#include "runtime/net/secret_text.h"
#include "runtime/server/login_penalties.h"
#include "runtime/server/password_file.h"
#include "runtime/server/verified_passwords.h"

namespace lotmesh::server {

class PasswordLogins {
public:
    using Decided = std::function<void(broker::AuthTicket ticket, broker::AuthVerdict verdict)>;

    // `decided` is called later, never inside a call of ours.
    PasswordLogins(net::Loop& loop, Decided decided);

    // Logins that are on their way are decided by what holds when they end.
    void set_users(PasswordFile users);
    const PasswordFile& users() const { return users_; }

    // A verdict with a ticket is followed by decided(), unless it is abandoned.
    broker::AuthVerdict log_in(std::string_view user, std::string_view password,
                               std::string_view remote_address);
    void abandon(broker::AuthTicket ticket);

    // For other ways to prove a password, which share the penalties.
    LoginPenalties& penalties() { return penalties_; }

    std::size_t waiting() const { return waiting_.size(); }
    // The process cannot end at once while a thread is at work for us.
    bool busy() const;

private:
    struct Login {
        broker::AuthTicket ticket;
        std::string user;
        std::string source;
        net::SecretText password;
        UserSecrets secrets;  // that it is checked with
    };

    const UserSecrets* secrets_for(std::string_view user) const;
    void start_waiting();
    void start(net::BackgroundWork& worker, Login login);
    // Nothing: it was not looked at.
    void take(const Login& login, std::optional<bool> right);
    broker::AuthVerdict verdict(const Login& login, bool right);

    net::Loop& loop_;
    Decided decided_;
    PasswordFile users_;
    HashKey decoy_key_;
    LoginPenalties penalties_;
    VerifiedPasswords verified_;
    std::deque<Login> waiting_;
    std::unordered_map<broker::AuthTicket, bool> running_;  // and whether anybody waits for it
    broker::AuthTicket last_ticket_ = 0;
    std::vector<std::unique_ptr<net::BackgroundWork>> workers_;
};

}  // namespace lotmesh::server
