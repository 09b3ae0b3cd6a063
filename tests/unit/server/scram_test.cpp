#include "runtime/server/scram.h"

#include <doctest/doctest.h>

#include <fmt/core.h>

#include "runtime/net/crypto.h"
#include "tests/unit/server/scram_client.h"

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
