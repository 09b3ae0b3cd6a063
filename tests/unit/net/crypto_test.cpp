#include "runtime/net/crypto.h"

#include <doctest/doctest.h>

#include <fmt/core.h>

#include "base/bytes.h"

using namespace lotmesh;

namespace {

std::string hex(std::string_view bytes) {
    std::string text;
    for (const std::uint8_t byte : as_bytes(bytes))
        text += fmt::format("{:02x}", byte);
    return text;
}

}  // namespace

TEST_CASE("the hash of the handshake is that of RFC 6455") {
    CHECK(net::base64(net::sha1("dGhlIHNhbXBsZSBub25jZQ==258EAFA5-E914-47DA-95CA-C5AB0DC85B11")) ==
          "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    CHECK(net::base64(net::sha1("")) == "2jmj7l5rSw0yVb/vlWAYkK/YBwk=");
}

TEST_CASE("SHA-256 of what FIPS 180-4 shows") {
    CHECK(hex(net::sha256("abc")) ==
          "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(hex(net::sha256("")) ==
          "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST_CASE("HMAC-SHA-256 of RFC 4231, cases 1 and 2") {
    CHECK(hex(net::hmac_sha256(std::string(20, '\x0b'), "Hi There")) ==
          "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    CHECK(hex(net::hmac_sha256("Jefe", "what do ya want for nothing?")) ==
          "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST_CASE("PBKDF2 with SHA-256 of RFC 7914, section 11") {
    CHECK(hex(net::pbkdf2_sha256("passwd", "salt", 1)) ==
          "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc");
}

TEST_CASE("Base64 of RFC 4648, section 10, both ways") {
    for (const auto& [bytes, text] : {std::pair<std::string, std::string>{"", ""},
                                      {"f", "Zg=="},
                                      {"fo", "Zm8="},
                                      {"foo", "Zm9v"},
                                      {"foob", "Zm9vYg=="},
                                      {"fooba", "Zm9vYmE="},
                                      {"foobar", "Zm9vYmFy"}}) {
        CHECK(net::base64(bytes) == text);
        CHECK(net::from_base64(text) == bytes);
    }
}

TEST_CASE("what is not the one spelling of Base64 is refused") {
    for (const char* const text : {"Z", "Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "Z g=", "Zm9v\n",
                                   " Zm9v", "====", "Zm=v", "Zm9*"}) {
        CAPTURE(text);
        CHECK_FALSE(net::from_base64(text));
    }
}

TEST_CASE("comparison in constant time is comparison") {
    CHECK(net::equal_in_constant_time("abc", "abc"));
    CHECK_FALSE(net::equal_in_constant_time("abc", "abd"));
    CHECK_FALSE(net::equal_in_constant_time("abc", "ab"));
    CHECK(net::equal_in_constant_time("", ""));
}

TEST_CASE("random bytes are as many as asked for, and others each time") {
    CHECK(net::random_bytes(0).empty());
    CHECK(net::random_bytes(16).size() == 16);
    CHECK(net::random_bytes(16) != net::random_bytes(16));
}
