#include "runtime/server/jwt.h"

#include <doctest/doctest.h>

#include <string>

#include "runtime/net/crypto.h"
#include "runtime/server/limits.h"
#include "tests/support/signing_key.h"
#include "tests/support/temporary_folder.h"

using namespace lotmesh;
using namespace lotmesh::server;
using test::SigningKey;

namespace {

const std::string kSecret = "0123456789abcdef0123456789abcdef";
constexpr WallTime kNow{1'700'000'000'000};
const std::string kClaims = R"({"sub":"ada","exp":1700000060})";

std::string unsigned_token(const std::string& header, const std::string& claims) {
    return net::base64url(header) + "." + net::base64url(claims);
}
std::string hs256(const std::string& claims, const std::string& header = R"({"alg":"HS256"})",
                  const std::string& secret = kSecret) {
    const std::string text = unsigned_token(header, claims);
    return text + "." + net::base64url(net::hmac_sha256(secret, text));
}
std::string signed_by(const SigningKey& key, const std::string& algorithm,
                      const std::string& claims = kClaims) {
    const std::string text = unsigned_token(R"({"alg":")" + algorithm + R"("})", claims);
    return text + "." + net::base64url(key.sign(text));
}

JwtKey secret_key(const std::string& secret = kSecret) {
    return JwtSecret{net::SecretText(secret)};
}
JwtKey public_key(const SigningKey& key) { return *net::PublicKey::from_pem(key.public_pem()); }

JwtRules rules_with(JwtKey key) {
    JwtRules rules;
    rules.keys.push_back(std::move(key));
    return rules;
}

// Empty: believed.
std::string complaint(const std::string& token, const JwtRules& rules = rules_with(secret_key())) {
    const auto identity = verify_jwt(token, rules, kNow);
    return identity ? std::string() : identity.error();
}
std::string complaint_about(const std::string& claims) { return complaint(hs256(claims)); }

const std::string kNoKey = "there is no key for the algorithm of the token";
const std::string kNotSigned = "nobody whose key is here has signed the token";
const std::string kMalformed = "the token is malformed";

}  // namespace

TEST_CASE("a token says who somebody is, and of which groups") {
    const auto identity =
        verify_jwt(hs256(R"({"sub":"ada","exp":1700000060,"groups":["a","b"],"more":{"x":[1]}})"),
                   rules_with(secret_key()), kNow);
    REQUIRE(identity);
    CHECK(*identity == JwtIdentity{"ada", {"a", "b"}, {1'700'000'090'000}});
}

TEST_CASE("tokens are signed with a secret, RSA or P-256, and each key of the algorithm is tried") {
    const SigningKey rsa = SigningKey::rsa(2048);
    const SigningKey curve = SigningKey::p256();
    const SigningKey other = SigningKey::p256();
    JwtRules rules = rules_with(secret_key());
    rules.keys.push_back(public_key(rsa));
    rules.keys.push_back(public_key(other));
    rules.keys.push_back(public_key(curve));
    CHECK(complaint(hs256(kClaims), rules).empty());
    CHECK(complaint(signed_by(rsa, "RS256"), rules).empty());
    CHECK(complaint(signed_by(curve, "ES256"), rules).empty());
    CHECK(complaint(signed_by(SigningKey::p256(), "ES256"), rules) == kNotSigned);
    CHECK(complaint(signed_by(SigningKey::rsa(2048), "RS256"), rules) == kNotSigned);
    CHECK(complaint(hs256(kClaims, R"({"alg":"HS256"})", std::string(32, 'x')), rules) ==
          kNotSigned);
}

TEST_CASE("a token does not choose how it is checked") {
    const SigningKey rsa = SigningKey::rsa(2048);
    const SigningKey curve = SigningKey::p256();
    for (const char* const algorithm : {"none", "None", "NONE", "", "HS256", "RS256", "PS256"}) {
        CAPTURE(algorithm);
        const std::string text =
            unsigned_token(std::string(R"({"alg":")") + algorithm + R"("})", kClaims);
        const bool is_none = std::string_view(algorithm) != "HS256";
        CHECK(complaint(text + ".") == (is_none ? kNoKey : kNotSigned));
    }
    // The public key, which everybody knows, taken for the secret.
    for (const std::string& known : {rsa.public_pem(), rsa.public_pem().substr(1)})
        CHECK(complaint(hs256(kClaims, R"({"alg":"HS256"})", known), rules_with(public_key(rsa))) ==
              kNoKey);
    CHECK(complaint(signed_by(curve, "RS256"), rules_with(public_key(curve))) == kNoKey);
    CHECK(complaint(signed_by(rsa, "ES256"), rules_with(public_key(curve))) == kNotSigned);
    CHECK(complaint(signed_by(rsa, "HS256")) == kNotSigned);
    // Keys that it brings along, or names.
    CHECK(complaint(hs256(kClaims, R"({"alg":"HS256","jwk":{"kty":"oct","k":"eHh4"}})", "xxx")) ==
          kNotSigned);
    CHECK(complaint(hs256(kClaims, R"({"alg":"HS256","kid":"../../dev/null"})", "")) == kNotSigned);
    CHECK(complaint(hs256(kClaims, R"({"alg":"HS256","kid":"any"})")).empty());
    CHECK(complaint(hs256(kClaims, R"({"alg":"HS256","crit":["exp"]})")) ==
          "the token has critical extensions");
    CHECK(complaint(hs256(kClaims, R"({"alg":["HS256"]})")) == kNoKey);
    CHECK(complaint(hs256(kClaims, R"({"alg":"none","alg":"HS256"})")) == kMalformed);
}

TEST_CASE("the all-zero signature of ECDSA is none") {
    const SigningKey curve = SigningKey::p256();
    const std::string text = unsigned_token(R"({"alg":"ES256"})", kClaims);
    for (const std::size_t size : {0, 63, 64, 65, 72})
        CHECK(complaint(text + "." + net::base64url(std::string(size, '\0')),
                        rules_with(public_key(curve))) == kNotSigned);
}

TEST_CASE("a changed token is not signed") {
    std::string token = hs256(kClaims);
    const std::string other = net::base64url(R"({"sub":"bob","exp":1700000060})");
    const std::size_t first = token.find('.');
    const std::size_t last = token.rfind('.');
    CHECK(complaint(token.substr(0, first + 1) + other + token.substr(last)) == kNotSigned);
    CHECK(complaint(token.substr(0, last + 1)) == kNotSigned);
    for (std::size_t size = 0; size < token.size(); ++size)
        CHECK_FALSE(complaint(token.substr(0, size)).empty());
}

TEST_CASE("what is no token is told") {
    for (const char* const text : {"", ".", "..", "...", "a.b", "a.b.c", "e30.e30.", "eyJ.eyJ.x"})
        CHECK_FALSE(complaint(text).empty());
    CHECK(complaint(hs256(kClaims) + ".x") == kMalformed);
    CHECK(complaint(hs256(kClaims) + "=") == kMalformed);
    CHECK(complaint(hs256(kClaims) + "\n") == kMalformed);
    CHECK(complaint(" " + hs256(kClaims)) == kMalformed);
    for (const char* const claims : {"", "[]", "1", "null", "{", R"({"sub":"ada",})",
                                     R"({"sub":"ada","exp":1700000060,"sub":"bob"})",
                                     "{\"sub\":\"\xFF\",\"exp\":1700000060}"}) {
        CAPTURE(claims);
        CHECK(complaint_about(claims) == kMalformed);
    }
    CHECK(complaint_about(std::string(4000, '[')) == kMalformed);
}

TEST_CASE("a token must end, has not ended, and has begun, but for what clocks differ by") {
    const auto ends = [](const std::string& at) {
        return complaint_about(R"({"sub":"ada","exp":)" + at + "}");
    };
    CHECK(ends("1699999971").empty());
    CHECK(ends("1699999970") == "the token has ended");
    CHECK(ends("1700000000.5").empty());
    CHECK(ends("-1") == "the token has ended");
    for (const char* const at : {"\"1700000060\"", "null", "true", "1e300", "{}", "[1700000060]"})
        CHECK(ends(at) == "the token says not when it ends");
    CHECK(complaint_about(R"({"sub":"ada"})") == "the token says not when it ends");
    const auto begins = [](const std::string& at) {
        return complaint_about(R"({"sub":"ada","exp":1700000060,"nbf":)" + at + "}");
    };
    CHECK(begins("1700000030").empty());
    CHECK(begins("1700000031") == "the token does not hold yet");
    CHECK(begins("\"0\"") == "the token does not hold yet");
}

TEST_CASE("a token is for us, and from whom it must be") {
    const auto with = [](const std::string& claim) {
        return hs256(R"({"sub":"ada","exp":1700000060,)" + claim + "}");
    };
    const std::string not_for_us = "the token is not for us";
    JwtRules rules = rules_with(secret_key());
    CHECK(complaint(with(R"("aud":"us")"), rules) == not_for_us);
    rules.audience = "us";
    CHECK(complaint(with(R"("aud":"us")"), rules).empty());
    CHECK(complaint(with(R"("aud":["them","us"])"), rules).empty());
    CHECK(complaint(with(R"("aud":[])"), rules) == not_for_us);
    CHECK(complaint(with(R"("aud":{"us":1})"), rules) == not_for_us);
    CHECK(complaint(with(R"("aud":"USA")"), rules) == not_for_us);
    CHECK(complaint(hs256(kClaims), rules) == not_for_us);
    rules.audience = "";
    rules.issuer = "them";
    CHECK(complaint(with(R"("iss":"them")"), rules).empty());
    CHECK(complaint(with(R"("iss":["them"])"), rules) == "the token is from somebody else");
    CHECK(complaint(hs256(kClaims), rules) == "the token is from somebody else");
}

TEST_CASE("a token names a user who could be one") {
    const auto names = [](const std::string& subject) {
        return complaint_about(R"({"exp":1700000060,"sub":)" + subject + "}");
    };
    for (const char* const subject : {"\"\"", "1", "null", "[\"ada\"]", "\"a\\u0000\"", "\"a\\n\"",
                                      "\"a:b\"", "\" \"", "\"#a\""}) {
        CAPTURE(subject);
        CHECK(names(subject) == "the token names no user");
    }
    CHECK(complaint_about(R"({"exp":1700000060})") == "the token names no user");
    CHECK(names("\"" + std::string(kUserNameBytesMax, 'x') + "\"").empty());
    CHECK_FALSE(names("\"" + std::string(kUserNameBytesMax + 1, 'x') + "\"").empty());
}

TEST_CASE("groups are names, and so many") {
    const auto groups = [](const std::string& list) {
        return complaint_about(R"({"sub":"ada","exp":1700000060,"groups":)" + list + "}");
    };
    const auto many = [](std::size_t count) {
        std::string list = "[\"g\"";
        for (std::size_t i = 1; i < count; ++i)
            list += ",\"g\"";
        return list + "]";
    };
    const auto long_name = [](std::size_t size) { return "[\"" + std::string(size, 'g') + "\"]"; };
    CHECK(groups("[]").empty());
    CHECK(groups(many(kJwtGroupsMax)).empty());
    CHECK(groups(many(kJwtGroupsMax + 1)) == "the token's groups are no list, or a too long one");
    CHECK(groups("\"g\"") == "the token's groups are no list, or a too long one");
    CHECK(groups(long_name(kGroupNameBytesMax)).empty());
    CHECK(groups(long_name(kGroupNameBytesMax + 1)) == "the token has a group that is no name");
    CHECK(groups("[1]") == "the token has a group that is no name");
    CHECK(groups("[\"\"]") == "the token has a group that is no name");
    CHECK(groups("[\"$cluster\"]") == "the token has a group that is no name");
}

TEST_CASE("the longest token is read, a longer one is not") {
    const std::string base = R"({"sub":"ada","exp":1700000060,"pad":")";
    const auto of_size = [&base](std::size_t pad) {
        return hs256(base + std::string(pad, 'x') + "\"}");
    };
    std::size_t pad = 0;
    while (of_size(pad + 1).size() <= kJwtBytesMax)
        ++pad;
    CHECK(complaint(of_size(pad)).empty());
    CHECK(complaint(of_size(pad + 1)) == "the token is too long");
}

TEST_CASE("a password that begins as a token and has three parts is one") {
    CHECK(looks_like_jwt(hs256(kClaims)));
    for (const char* const text : {"", "pencil", "eyJ", "eyJ.a", "eyJ.a.b.c", "x.y.z"})
        CHECK_FALSE(looks_like_jwt(text));
}

TEST_CASE("a key is read from its file, by what it is") {
    const test::TemporaryFolder folder;
    const auto read = [&folder](const std::string& text) {
        return read_jwt_key(folder.write("key", text));
    };
    const auto secret = read(kSecret + "\n");
    REQUIRE(secret);
    CHECK(std::get<JwtSecret>(*secret).bytes.view() == kSecret);
    CHECK(std::holds_alternative<net::PublicKey>(*read(SigningKey::p256().public_pem())));
    const auto complaint_of = [&](const std::string& text) {
        const auto key = read(text);
        return key ? std::string() : key.error().substr(folder.path("key").size());
    };
    CHECK(complaint_of(kSecret.substr(1)) ==
          " has a secret of less than 32 bytes, which can be guessed");
    CHECK(complaint_of(SigningKey::p256().private_pem()) == " is no public key in PEM");
    CHECK(complaint_of("-----BEGIN CERTIFICATE-----\n") == " is no public key in PEM");
    CHECK(complaint_of(std::string(kJwtKeyBytesMax, 'x')).empty());
    CHECK_FALSE(read(std::string(kJwtKeyBytesMax + 1, 'x')));
    CHECK_FALSE(read_jwt_key(folder.path("nowhere")));
}
