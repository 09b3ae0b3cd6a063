#include "runtime/server/password_logins.h"

#include <doctest/doctest.h>

#include <map>
#include <string>

#include "runtime/net/argon2.h"
#include "runtime/net/timer.h"
#include "runtime/server/limits.h"

using namespace lotmesh;
using namespace lotmesh::server;
using broker::AuthTicket;
using broker::AuthVerdict;
using mqtt::ReasonCode;

namespace {

PasswordFile file_of(const std::map<std::string, std::string>& passwords) {
    PasswordFile file;
    for (const auto& [user, password] : passwords) {
        const auto hash = net::argon2id_hash(password, {.memory_kib = 8, .passes = 1});
        REQUIRE(file.add({user, PasswordHash{hash}}));
    }
    return file;
}

struct Fixture {
    net::Loop loop;
    std::map<AuthTicket, AuthVerdict> decided;
    PasswordLogins logins{loop, [this](AuthTicket ticket, AuthVerdict verdict) {
                              decided.emplace(ticket, std::move(verdict));
                          }};

    Fixture() { logins.set_users(file_of({{"ada", "pencil"}, {"bob", "ruler"}})); }

    AuthVerdict begin(std::string_view user, std::string_view password,
                      std::string_view from = "10.0.0.1:5000") {
        return logins.log_in(user, password, from);
    }
    void turn_until(const std::function<bool()>& done) {
        bool expired = false;
        net::Timer limit(loop, [&expired] { expired = true; });
        limit.start_in(Duration::seconds(20));
        while (!done() && !expired)
            loop.run_turn();
        REQUIRE_FALSE(expired);
    }
    AuthVerdict end_of(const AuthVerdict& begun) {
        REQUIRE(begun.ticket != 0);
        REQUIRE(begun.reason != ReasonCode::Success);
        turn_until([&] { return decided.contains(begun.ticket); });
        return decided.at(begun.ticket);
    }
    AuthVerdict log_in(std::string_view user, std::string_view password) {
        return end_of(begin(user, password));
    }
};

const std::string kWrong = "user name or password is wrong";

}  // namespace

TEST_CASE_FIXTURE(Fixture, "who knows the password is who he says, the answer comes later") {
    CHECK(log_in("ada", "pencil") == AuthVerdict{.user_name = "ada"});
    CHECK_FALSE(logins.busy());
}

TEST_CASE_FIXTURE(Fixture, "a wrong password and a stranger look the same") {
    const AuthVerdict expected{.reason = ReasonCode::BadUserNameOrPassword, .why = kWrong};
    CHECK(log_in("ada", "ruler") == expected);
    CHECK(log_in("ada", "") == expected);
    CHECK(log_in("eve", "pencil") == expected);
    CHECK(log_in("", "pencil") == expected);
    CHECK(log_in("ADA", "pencil") == expected);
}

TEST_CASE_FIXTURE(Fixture, "a stranger whose password is that of the user he is checked with") {
    for (int i = 0; i < 8; ++i) {
        const std::string name = "stranger" + std::to_string(i);
        CHECK(end_of(logins.log_in(name, "pencil", name + ":1")).reason ==
              ReasonCode::BadUserNameOrPassword);
        CHECK(end_of(logins.log_in(name, "ruler", name + ":1")).reason ==
              ReasonCode::BadUserNameOrPassword);
    }
}

TEST_CASE_FIXTURE(Fixture, "a password that was right is known at once the next time") {
    log_in("ada", "pencil");
    CHECK(begin("ada", "pencil") == AuthVerdict{.user_name = "ada"});
    CHECK(begin("ada", "pencil", "10.9.9.9:1") == AuthVerdict{.user_name = "ada"});
    CHECK(log_in("ada", "ink").reason == ReasonCode::BadUserNameOrPassword);
}

TEST_CASE_FIXTURE(Fixture, "when the file changes, passwords are as it says") {
    log_in("ada", "pencil");
    log_in("bob", "ruler");
    logins.set_users(file_of({{"ada", "ink"}}));
    CHECK(log_in("ada", "pencil").reason == ReasonCode::BadUserNameOrPassword);
    CHECK(log_in("ada", "ink").reason == ReasonCode::Success);
    CHECK(log_in("bob", "ruler").reason == ReasonCode::BadUserNameOrPassword);
    logins.set_users(PasswordFile());
    CHECK(begin("ada", "ink").reason == ReasonCode::BadUserNameOrPassword);
}

TEST_CASE_FIXTURE(Fixture, "a login under way is decided by what holds when it ends") {
    const AuthVerdict of_ada = begin("ada", "pencil");
    const AuthVerdict of_bob = begin("bob", "ruler");
    logins.set_users(file_of({{"ada", "ink"}}));
    CHECK(end_of(of_ada).reason == ReasonCode::ServerBusy);
    CHECK(end_of(of_bob).reason == ReasonCode::ServerBusy);
    CHECK(log_in("ada", "ink").reason == ReasonCode::Success);
}

TEST_CASE_FIXTURE(Fixture, "as many wait as may, and one more is refused") {
    for (std::size_t i = 0; i < kPasswordChecksMax + kPasswordChecksWaitingMax; ++i)
        REQUIRE(begin("ada", "pencil").ticket != 0);
    CHECK(logins.waiting() == kPasswordChecksWaitingMax);
    const AuthVerdict more = begin("ada", "pencil");
    CHECK(more.ticket == 0);
    CHECK(more.reason == ReasonCode::QuotaExceeded);
    turn_until([this] { return logins.waiting() == 0 && !logins.busy(); });
    CHECK(decided.size() == kPasswordChecksMax + kPasswordChecksWaitingMax);
    for (const auto& [ticket, verdict] : decided)
        REQUIRE(verdict.reason == ReasonCode::Success);
}

TEST_CASE_FIXTURE(Fixture, "who does not wait any more is not told") {
    const AuthVerdict first = begin("ada", "pencil");  // two are at work
    begin("ada", "pencil");
    const AuthVerdict third = begin("ada", "pencil");
    logins.abandon(first.ticket);
    logins.abandon(third.ticket);
    logins.abandon(999);
    CHECK(logins.waiting() == 0);
    turn_until([this] { return !logins.busy(); });
    CHECK(decided.size() == 1);
}

TEST_CASE_FIXTURE(Fixture, "who guesses is made to wait, and who waits to be looked at too") {
    for (std::uint32_t i = 0; i < kFreeMistakesOfUser; ++i)
        log_in("ada", "ink");
    // All of them come before one has failed.
    std::vector<AuthVerdict> begun;
    for (int i = 0; i < 10; ++i)
        begun.push_back(begin("ada", "ink"));
    int looked_at = 0;
    for (const AuthVerdict& verdict : begun)
        if (end_of(verdict).reason == ReasonCode::BadUserNameOrPassword) ++looked_at;
    CHECK(looked_at <= static_cast<int>(kPasswordChecksMax));
    CHECK(begin("ada", "pencil").reason == ReasonCode::ConnectionRateExceeded);
    CHECK(begin("bob", "ruler").ticket != 0);
}

TEST_CASE_FIXTURE(Fixture, "the longest password is looked at, a longer one is wrong") {
    CHECK(begin("ada", std::string(kPasswordBytesMax, 'x')).ticket != 0);
    const AuthVerdict longer = begin("ada", std::string(kPasswordBytesMax + 1, 'x'));
    CHECK(longer.ticket == 0);
    CHECK(longer.reason == ReasonCode::BadUserNameOrPassword);
}

TEST_CASE("logins that are on their way when the node ends are nobody's any more") {
    net::Loop loop;
    PasswordLogins logins(loop, [](AuthTicket, const AuthVerdict&) { FAIL("nobody is there"); });
    logins.set_users(file_of({{"ada", "pencil"}}));
    for (int i = 0; i < 10; ++i)
        logins.log_in("ada", "pencil", "10.0.0.1:1");
}
