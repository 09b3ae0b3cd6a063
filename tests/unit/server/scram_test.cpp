#include "runtime/server/scram.h"

#include <doctest/doctest.h>

#include <fmt/core.h>

#include "runtime/net/crypto.h"
#include "runtime/server/scram_users.h"
#include "runtime/server/server_policy.h"
#include "tests/support/temporary_folder.h"

using namespace lotmesh;
using namespace lotmesh::server;
using broker::AuthStep;
using mqtt::ReasonCode;

namespace {

// The example of RFC 7677, section 3.
constexpr const char* kFirst = "n,,n=user,r=rOprNGfwEbeRWgbNEkqO";
constexpr const char* kServerNonce = "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
constexpr const char* kFinal =
    "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
    "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=";

ScramSecret pencil(std::string_view) {
    return make_scram_secret("pencil", *net::from_base64("W22ZaJ0SNY7soEsUEjb6gQ=="), 4096);
}

std::unique_ptr<broker::AuthExchange> begin() { return begin_scram(pencil, kServerNonce); }

ReasonCode reason_after_first(std::string_view message) { return begin()->step(message).reason; }

ReasonCode reason_after_final(std::string_view message) {
    const auto exchange = begin();
    REQUIRE(exchange->step(kFirst).reason == ReasonCode::ContinueAuthentication);
    return exchange->step(message).reason;
}

// Answers as a client that knows that password.
AuthStep log_in(broker::AuthExchange& exchange, std::string_view user, std::string_view password) {
    const std::string bare = fmt::format("n={},r=abc", user);
    const AuthStep first = exchange.step("n,," + bare);
    if (first.reason != ReasonCode::ContinueAuthentication) return first;
    const std::size_t salt_at = first.data.find(",s=") + 3;
    const std::size_t iterations_at = first.data.find(",i=") + 3;
    const std::string nonce = first.data.substr(2, salt_at - 5);
    const std::string salt =
        *net::from_base64(first.data.substr(salt_at, iterations_at - 3 - salt_at));
    const std::string salted = net::pbkdf2_sha256(
        password, salt, static_cast<std::uint32_t>(std::stoul(first.data.substr(iterations_at))));
    const std::string key = net::hmac_sha256(salted, "Client Key");
    const std::string without_proof = "c=biws,r=" + nonce;
    std::string proof =
        net::hmac_sha256(net::sha256(key), bare + "," + first.data + "," + without_proof);
    for (std::size_t i = 0; i < proof.size(); ++i)
        proof[i] = static_cast<char>(proof[i] ^ key[i]);
    return exchange.step(without_proof + ",p=" + net::base64(proof));
}

}  // namespace

TEST_CASE("the example of RFC 7677") {
    const auto exchange = begin();
    const AuthStep first = exchange->step(kFirst);
    CHECK(first.reason == ReasonCode::ContinueAuthentication);
    CHECK(first.data ==
          "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
          "s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096");
    const AuthStep last = exchange->step(kFinal);
    CHECK(last.reason == ReasonCode::Success);
    CHECK(last.data == "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
    CHECK(last.user_name == "user");
    CHECK(exchange->step(kFinal).reason == ReasonCode::ProtocolError);  // it is over
}

TEST_CASE("who does not know the password is refused") {
    CHECK(log_in(*begin(), "user", "pencil").reason == ReasonCode::Success);
    CHECK(log_in(*begin(), "user", "pen").reason == ReasonCode::NotAuthorized);
    std::string other_nonce = kFinal;
    other_nonce.replace(other_nonce.find("rOp"), 3, "xOp");
    CHECK(reason_after_final(other_nonce) == ReasonCode::NotAuthorized);
    std::string other_binding = kFinal;
    other_binding.replace(other_binding.find("biws"), 4, "eSws");  // "y,,"
    CHECK(reason_after_final(other_binding) == ReasonCode::NotAuthorized);
    std::string short_proof(kFinal, std::string_view(kFinal).find("p=") + 2);
    CHECK(reason_after_final(short_proof + "AAAA") == ReasonCode::NotAuthorized);
}

TEST_CASE("a first message that is none is refused") {
    for (const char* const message :
         {"", "n", "n,", "n,,", "n,,n=user", "n,,r=abc", "n,,n=,r=abc",
          "n,,n=user,r=", "n,,n=us=er,r=abc", "n,,m=x,n=user,r=abc", "p=tls-unique,,n=user,r=abc",
          "n,a=other,n=user,r=abc", "x,,n=user,r=abc"}) {
        CAPTURE(message);
        CHECK(reason_after_first(message) == ReasonCode::ProtocolError);
    }
    CHECK(reason_after_first("y,,n=user,r=abc") == ReasonCode::ContinueAuthentication);
}

TEST_CASE("a last message that is none is refused") {
    for (const char* const message : {"", "c=biws", "c=biws,r=abc", "c=biws,p=AAAA", "r=a,c=b,p=A",
                                      "c=biws,r=abc,p=*", "c=biws,r=abc,p="}) {
        CAPTURE(message);
        CHECK(reason_after_final(message) != ReasonCode::Success);
    }
}

TEST_CASE("a message of the largest size is read, a longer one is not") {
    const std::string head = "n,,n=user,r=";
    const std::string longest = head + std::string(kScramMessageBytesMax - head.size(), 'x');
    CHECK(reason_after_first(longest) == ReasonCode::ContinueAuthentication);
    CHECK(reason_after_first(longest + "x") == ReasonCode::ProtocolError);
}

TEST_CASE("names with commas and equals signs come as they are meant") {
    std::string asked;
    const auto exchange = begin_scram(
        [&asked](std::string_view user) {
            asked = user;
            return pencil(user);
        },
        kServerNonce);
    CHECK(log_in(*exchange, "a=2Cb=3Dc", "pencil").user_name == "a,b=c");
    CHECK(asked == "a,b=c");
}

TEST_CASE("what is kept of a password can be written down and read again") {
    const ScramSecret secret = make_scram_secret("pencil", "0123456789abcdef", 4096);
    const std::string text = to_string(secret);
    CHECK(text.starts_with("SCRAM-SHA-256$4096:"));
    CHECK(parse_scram_secret(text) == secret);
    CHECK(text.find("pencil") == std::string::npos);
    const auto with = [&text](std::string_view from, std::string_view to) {
        std::string other = text;
        other.replace(other.find(from), from.size(), to);
        return parse_scram_secret(other).has_value();
    };
    CHECK(with("4096", "4096"));
    CHECK_FALSE(with("4096", "4095"));
    CHECK(with("4096", "10000000"));
    CHECK_FALSE(with("4096", "10000001"));
    CHECK_FALSE(with("4096", "x"));
    CHECK_FALSE(with("256", "1"));
    for (std::size_t size = 0; size < text.size(); ++size)
        CHECK_FALSE(parse_scram_secret(text.substr(0, size)));
}

TEST_CASE("a file of users is read whole or not at all, with the place of a mistake") {
    const test::TemporaryFolder folder;
    const std::string line = to_string(ScramUser{"ada", pencil("")});
    folder.write("users", "# people\n\n" + line + "\r\n");
    const auto users = ScramUsers::read(folder.path("users"), "key");
    REQUIRE(users);
    CHECK(users->size() == 1);
    CHECK(users->find("ada") == pencil(""));
    const auto complaint = [&folder](const std::string& text) {
        folder.write("users", text);
        const auto read = ScramUsers::read(folder.path("users"), "key");
        return read ? std::string() : read.error().substr(folder.path("users").size());
    };
    CHECK(complaint(line + "\nbob\n") == ":2: expected user:SCRAM-SHA-256$...");
    CHECK(complaint(":x\n") == ":1: expected user:SCRAM-SHA-256$...");
    CHECK(complaint("bob:secret\n") == ":1: expected SCRAM-SHA-256$...");
    CHECK(complaint(line + "\n" + line + "\n") == ":2: user ada is there twice");
    const std::string longest(kUserNameBytesMax, 'x');
    CHECK(complaint(longest + line.substr(3) + "\n").empty());
    CHECK(complaint("x" + longest + line.substr(3) + "\n") ==
          ":1: a user name has at most 256 bytes");
    CHECK_FALSE(ScramUsers::read(folder.path("nowhere"), "key"));
}

TEST_CASE("nobody learns by trying who is known") {
    ScramUsers users("key");
    REQUIRE(users.add({"ada", make_scram_secret("pencil", "0123456789abcdef", 5000)}));
    const ScramSecret stranger = users.find("bob");
    CHECK(stranger == users.find("bob"));
    CHECK(stranger.salt != users.find("eve").salt);
    CHECK(stranger.iterations == 5000);
    CHECK(stranger.salt.size() == 16);
}

TEST_CASE("a node with users offers SCRAM-SHA-256 and nothing else") {
    ScramUsers users("key");
    REQUIRE(users.add({"ada", pencil("")}));
    ServerPolicy policy(std::move(users));
    CHECK(policy.begin_exchange("SCRAM-SHA-1", {}, {}) == nullptr);
    const auto first = policy.begin_exchange(kScramMethod, {}, {});
    REQUIRE(first != nullptr);
    CHECK(log_in(*first, "ada", "pencil").reason == ReasonCode::Success);
    const auto second = policy.begin_exchange(kScramMethod, {}, {});
    CHECK(log_in(*second, "bob", "pencil").reason == ReasonCode::NotAuthorized);
    // A nonce of its own each time.
    CHECK(policy.begin_exchange(kScramMethod, {}, {})->step(kFirst).data !=
          policy.begin_exchange(kScramMethod, {}, {})->step(kFirst).data);
    ServerPolicy nobody(std::nullopt);
    CHECK(nobody.begin_exchange(kScramMethod, {}, {}) == nullptr);
}
