#include "runtime/server/server_policy.h"

#include <doctest/doctest.h>

#include <map>
#include <string>

#include "runtime/access/text.h"
#include "runtime/net/argon2.h"
#include "runtime/net/timer.h"
#include "tests/unit/server/scram_client.h"

using namespace lotmesh;
using namespace lotmesh::server;
using broker::AuthStep;
using broker::AuthTicket;
using broker::AuthVerdict;
using broker::Origin;
using broker::Permission;
using mqtt::ReasonCode;

namespace {

const std::string kSecret = "0123456789abcdef0123456789abcdef";
const Origin kHere{.remote_address = "127.0.0.1:5000", .loopback = true};
const Origin kThere{.remote_address = "10.0.0.9:5000"};
constexpr Now kNow{{0}, {1'700'000'000'000}};

AuthRules users_rules() {
    AuthRules rules;
    rules.users.emplace();
    const auto hash = net::argon2id_hash("pencil", {.memory_kib = 8, .passes = 1});
    REQUIRE(rules.users->add({"ada", PasswordHash{hash}}));
    REQUIRE(rules.users->add({"ada", make_scram_secret("pencil", "salt", kScramIterationsMin)}));
    return rules;
}

AuthRules token_rules() {
    AuthRules rules;
    rules.tokens.emplace();
    rules.tokens->keys.emplace_back(JwtSecret{net::SecretText(kSecret)});
    return rules;
}

std::string token(const std::string& claims = R"({"sub":"ada","exp":1700000060,"groups":["g"]})") {
    const std::string text = net::base64url(R"({"alg":"HS256"})") + "." + net::base64url(claims);
    return text + "." + net::base64url(net::hmac_sha256(kSecret, text));
}

struct Fixture {
    net::Loop loop;
    std::map<AuthTicket, AuthVerdict> decided;
    ServerPolicy policy = with(Anonymous::WhereUnguarded);

    ServerPolicy with(Anonymous anonymous, std::optional<ClusterCredentials> peers = {}) {
        return {loop, anonymous, std::move(peers), [this](AuthTicket ticket, AuthVerdict verdict) {
                    decided.emplace(ticket, std::move(verdict));
                }};
    }
    // To its end, where it takes a while.
    static AuthVerdict ask(Fixture& fixture, ServerPolicy& policy, const Origin& origin,
                           std::optional<std::string_view> user = std::nullopt,
                           std::optional<std::string_view> password = std::nullopt) {
        std::optional<ByteView> bytes;
        if (password) bytes = as_bytes(*password);
        const AuthVerdict verdict = policy.authenticate({"client", user, bytes, origin}, kNow);
        if (verdict.ticket == 0) return verdict;
        bool expired = false;
        net::Timer limit(fixture.loop, [&expired] { expired = true; });
        limit.start_in(Duration::seconds(10));
        while (!fixture.decided.contains(verdict.ticket) && !expired)
            fixture.loop.run_turn();
        REQUIRE_FALSE(expired);
        return fixture.decided.at(verdict.ticket);
    }
    ReasonCode reason(const Origin& origin, std::optional<std::string_view> user = std::nullopt,
                      std::optional<std::string_view> password = std::nullopt) {
        return ask(*this, policy, origin, user, password).reason;
    }
};

AuthVerdict by_password(const std::string& user) {
    return {.user_name = user, .groups = {"$password"}};
}

}  // namespace

TEST_CASE_FIXTURE(Fixture, "with nothing to check credentials with, this machine's clients may") {
    CHECK(reason(kHere) == ReasonCode::Success);
    CHECK(reason(kThere) == ReasonCode::NotAuthorized);
    CHECK(reason(kThere, "ada", "pencil") == ReasonCode::NotAuthorized);
    // A name that nobody has checked is nobody's.
    CHECK(ask(*this, policy, kHere, "ada", "pencil") == AuthVerdict{});
}

TEST_CASE_FIXTURE(Fixture, "with users nobody may without a password, wherever he is") {
    policy.set_rules(users_rules());
    for (const Origin& origin : {kHere, kThere}) {
        CHECK(reason(origin) == ReasonCode::NotAuthorized);
        CHECK(reason(origin, "ada", "pencil") == ReasonCode::Success);
        CHECK(reason(origin, "ada", "ink") == ReasonCode::BadUserNameOrPassword);
        CHECK(reason(origin, "ada") == ReasonCode::BadUserNameOrPassword);
        CHECK(reason(origin, std::nullopt, "pencil") == ReasonCode::BadUserNameOrPassword);
    }
    policy.set_rules({PasswordFile(), {}, {}});  // an empty file: nobody
    CHECK(reason(kHere) == ReasonCode::NotAuthorized);
    CHECK(reason(kHere, "ada", "pencil") == ReasonCode::BadUserNameOrPassword);
}

TEST_CASE_FIXTURE(Fixture, "where anybody is allowed, credentials are checked all the same") {
    ServerPolicy open = with(Anonymous::Everywhere);
    CHECK(ask(*this, open, kThere).reason == ReasonCode::Success);
    CHECK(ask(*this, open, kThere, "ada", "pencil") == AuthVerdict{});
    open.set_rules(users_rules());
    CHECK(ask(*this, open, kThere) == AuthVerdict{});
    CHECK(ask(*this, open, kThere, "ada", "pencil") == by_password("ada"));
    CHECK(ask(*this, open, kThere, "ada", "ink").reason == ReasonCode::BadUserNameOrPassword);
    CHECK(ask(*this, open, kThere, "ada").reason == ReasonCode::BadUserNameOrPassword);
}

TEST_CASE_FIXTURE(Fixture, "a certificate comes before everything else") {
    Origin shown = kThere;
    shown.certificate_name = "device 7";
    CHECK(ask(*this, policy, shown) == AuthVerdict{.user_name = "device 7"});
    policy.set_rules(users_rules());
    CHECK(ask(*this, policy, shown, "ada", "ink") == AuthVerdict{.user_name = "device 7"});
}

TEST_CASE_FIXTURE(Fixture, "a token is a password, of its user or of no name") {
    policy.set_rules(token_rules());
    const AuthVerdict ada{
        .user_name = "ada", .groups = {"g"}, .ends_at = WallTime{1'700'000'090'000}};
    CHECK(ask(*this, policy, kThere, "ada", token()) == ada);
    CHECK(ask(*this, policy, kThere, "", token()) == ada);
    CHECK(ask(*this, policy, kThere, std::nullopt, token()) == ada);
    const AuthVerdict other = ask(*this, policy, kThere, "bob", token());
    CHECK(other.reason == ReasonCode::BadUserNameOrPassword);
    CHECK(other.why == "the token is of another user");
    CHECK(ask(*this, policy, kThere, "ada", token(R"({"sub":"ada","exp":1})")).why ==
          "the token has ended");
    CHECK(reason(kThere, "ada", "pencil") == ReasonCode::BadUserNameOrPassword);
    CHECK(reason(kHere) == ReasonCode::NotAuthorized);
}

TEST_CASE_FIXTURE(Fixture, "tokens and passwords stand beside each other") {
    AuthRules both = users_rules();
    both.tokens = token_rules().tokens;
    policy.set_rules(std::move(both));
    CHECK(reason(kThere, "ada", token()) == ReasonCode::Success);
    CHECK(reason(kThere, "ada", "pencil") == ReasonCode::Success);
    CHECK(reason(kThere, "ada", "ink") == ReasonCode::BadUserNameOrPassword);
}

TEST_CASE_FIXTURE(Fixture, "a node offers the methods that it has something for") {
    const auto begin = [this](std::string_view method) {
        return policy.begin_exchange(method, kThere, kNow);
    };
    CHECK(begin("SCRAM-SHA-256") == nullptr);
    CHECK(begin("JWT") == nullptr);
    policy.set_rules(users_rules());
    CHECK(begin("SCRAM-SHA-256") != nullptr);
    CHECK(begin("SCRAM-SHA-1") == nullptr);
    CHECK(begin("JWT") == nullptr);
    policy.set_rules(token_rules());
    CHECK(begin("SCRAM-SHA-256") == nullptr);
    CHECK(begin("JWT") != nullptr);
    CHECK(begin("") == nullptr);
}

TEST_CASE_FIXTURE(Fixture, "SCRAM believes who knows the password, with a nonce of its own") {
    policy.set_rules(users_rules());
    const auto log_in_as = [this](std::string_view user, std::string_view password) {
        return log_in(*policy.begin_exchange(kScramMethod, kThere, kNow), user, password);
    };
    CHECK(log_in_as("ada", "pencil").user_name == "ada");
    CHECK(log_in_as("ada", "ink").reason == ReasonCode::NotAuthorized);
    CHECK(log_in_as("bob", "pencil").reason == ReasonCode::NotAuthorized);
    const auto first_answer = [this] {
        return policy.begin_exchange(kScramMethod, kThere, kNow)->step("n,,n=ada,r=abc").data;
    };
    CHECK(first_answer() != first_answer());
}

TEST_CASE_FIXTURE(Fixture, "who guesses by SCRAM waits as who guesses by passwords does") {
    policy.set_rules(users_rules());
    const auto begun = policy.begin_exchange(kScramMethod, kThere, kNow);
    CHECK(begun->step("n,,n=ada,r=abc").reason == ReasonCode::ContinueAuthentication);
    for (std::uint32_t i = 0; i <= kFreeMistakesOfUser; ++i)
        CHECK(log_in(*policy.begin_exchange(kScramMethod, kThere, kNow), "ada", "ink").reason ==
              ReasonCode::NotAuthorized);
    CHECK(log_in(*policy.begin_exchange(kScramMethod, kThere, kNow), "ada", "pencil").reason ==
          ReasonCode::ConnectionRateExceeded);
    // It began before.
    CHECK(begun->step("c=biws,r=abc,p=AAAA").reason == ReasonCode::ConnectionRateExceeded);
    CHECK(log_in(*policy.begin_exchange(kScramMethod, kHere, kNow), "ada", "pencil").reason ==
          ReasonCode::Success);
}

TEST_CASE_FIXTURE(Fixture, "the method JWT takes one message, which is the token") {
    policy.set_rules(token_rules());
    const auto exchange = policy.begin_exchange("JWT", kThere, kNow);
    const AuthStep made = exchange->step(token());
    CHECK(made.reason == ReasonCode::Success);
    CHECK(made.user_name == "ada");
    CHECK(made.groups == std::vector<std::string>{"g"});
    CHECK(made.ends_at == WallTime{1'700'000'090'000});
    CHECK(exchange->step("").reason == ReasonCode::NotAuthorized);
    policy.set_rules(users_rules());
    CHECK(exchange->step(token()).reason == ReasonCode::NotAuthorized);  // no keys any more
}

TEST_CASE_FIXTURE(Fixture,
                  "who presents the credentials of the cluster may be a peer, nobody else") {
    ServerPolicy guarded = with(Anonymous::WhereUnguarded, ClusterCredentials{"mesh", "secret"});
    const AuthVerdict peer = ask(*this, guarded, kThere, "mesh", "secret");
    CHECK(peer == AuthVerdict{.user_name = "mesh", .groups = {"$cluster"}});
    Origin shown = kThere;
    shown.certificate_name = "node 2";
    CHECK(ask(*this, guarded, shown, "mesh", "secret") == peer);
    CHECK(ask(*this, guarded, shown) == AuthVerdict{.user_name = "node 2"});
    CHECK(ask(*this, guarded, kThere, "mesh", "guess").reason == ReasonCode::BadUserNameOrPassword);
    CHECK(ask(*this, guarded, kThere, "mesh").reason == ReasonCode::BadUserNameOrPassword);
    CHECK(ask(*this, guarded, kThere).reason == ReasonCode::NotAuthorized);
    const auto may = [&](const std::vector<std::string>& groups, broker::Permission permission,
                         const Origin& origin) {
        return guarded.authority_of({"client", "user", groups, origin})->may(permission, "");
    };
    CHECK(may(peer.groups, broker::Permission::Cluster, kThere));
    CHECK_FALSE(may({"cluster"}, broker::Permission::Cluster, kHere));
    CHECK(may({}, broker::Permission::Admin, kHere));
    CHECK_FALSE(may(peer.groups, broker::Permission::Admin, kThere));
    CHECK(may({}, broker::Permission::Publish, kThere));
    CHECK(policy.authority_of({"client", "user", {}, kThere}) == nullptr);
}

TEST_CASE_FIXTURE(Fixture, "who guesses the password of the cluster waits") {
    ServerPolicy guarded = with(Anonymous::WhereUnguarded, ClusterCredentials{"mesh", "secret"});
    for (std::uint32_t i = 0; i <= kFreeMistakesOfUser; ++i)
        CHECK(ask(*this, guarded, kThere, "mesh", "guess").reason ==
              ReasonCode::BadUserNameOrPassword);
    CHECK(ask(*this, guarded, kThere, "mesh", "secret").reason ==
          ReasonCode::ConnectionRateExceeded);
    CHECK(ask(*this, guarded, kHere, "mesh", "secret").reason == ReasonCode::Success);
}

TEST_CASE_FIXTURE(Fixture, "a user may have the name of the cluster's") {
    ServerPolicy guarded = with(Anonymous::WhereUnguarded, ClusterCredentials{"ada", "secret"});
    guarded.set_rules(users_rules());
    CHECK(ask(*this, guarded, kThere, "ada", "pencil") == by_password("ada"));
    CHECK(ask(*this, guarded, kThere, "ada", "secret").groups ==
          std::vector<std::string>{"$cluster"});
    CHECK(ask(*this, guarded, kThere, "ada", "guess").reason == ReasonCode::BadUserNameOrPassword);
}

TEST_CASE_FIXTURE(Fixture,
                  "a user who is taken out of the file may do nothing any more, others go on") {
    policy.set_rules(users_rules());
    const broker::Principal by_word{"c", "ada", {"$password"}, kThere};
    const broker::Principal by_certificate{"c", "gone", {}, kThere};
    CHECK(policy.authority_of(by_word) == nullptr);
    const broker::Principal gone{"c", "gone", {"$password"}, kThere};
    for (const Permission permission : {Permission::Connect, Permission::Publish})
        CHECK_FALSE(policy.authority_of(gone)->may(permission, "a"));
    CHECK(policy.authority_of(by_certificate) == nullptr);
}

TEST_CASE_FIXTURE(Fixture, "rules say what everybody may, and cluster credentials make a peer") {
    ServerPolicy ruled = with(Anonymous::Everywhere, ClusterCredentials{"mesh", "secret"});
    AuthRules rules;
    auto read = access::read_rules("allow anybody connect\nallow user ada publish a/%u\n");
    REQUIRE(read);
    rules.acl = std::make_shared<const access::RuleBook>(std::move(*read));
    ruled.set_rules(std::move(rules));
    const auto may = [&ruled](const broker::Principal& who, Permission permission,
                              std::string_view topic) {
        return ruled.authority_of(who)->may(permission, topic);
    };
    const broker::Principal ada{"c", "ada", {}, kThere};
    CHECK(may(ada, Permission::Connect, {}));
    CHECK(may(ada, Permission::Publish, "a/ada"));
    CHECK_FALSE(may(ada, Permission::Publish, "a/bob"));
    CHECK_FALSE(may(ada, Permission::Cluster, {}));
    const broker::Principal peer{"c", "mesh", {"$cluster"}, kThere};
    CHECK(may(peer, Permission::Cluster, {}));
    CHECK_FALSE(may(peer, Permission::Publish, "a/mesh"));
}
