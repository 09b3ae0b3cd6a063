#include "runtime/net/public_key.h"

#include <doctest/doctest.h>

#include <string>

#include "base/wiped_bytes.h"
#include "runtime/net/crypto.h"
#include "runtime/net/secret_text.h"
#include "tests/support/signing_key.h"

using namespace lotmesh;
using net::PublicKey;
using test::SigningKey;

TEST_CASE("who has the private key has signed, and nobody else") {
    for (const SigningKey& key : {SigningKey::rsa(2048), SigningKey::p256()}) {
        const auto known = PublicKey::from_pem(key.public_pem());
        REQUIRE(known);
        std::string signature = key.sign("a text");
        CHECK(known->has_signed("a text", signature));
        CHECK_FALSE(known->has_signed("another text", signature));
        CHECK_FALSE(known->has_signed("a text", signature.substr(1)));
        CHECK_FALSE(known->has_signed("a text", signature + "x"));
        CHECK_FALSE(known->has_signed("a text", ""));
        CHECK_FALSE(known->has_signed("a text", std::string(64, '\0')));
        signature.back() = static_cast<char>(signature.back() ^ 1);
        CHECK_FALSE(known->has_signed("a text", signature));
    }
}

TEST_CASE("the kind of a key is known, and no other kind is taken") {
    CHECK(PublicKey::from_pem(SigningKey::rsa(2048).public_pem())->kind() == PublicKey::Kind::Rsa);
    CHECK(PublicKey::from_pem(SigningKey::p256().public_pem())->kind() == PublicKey::Kind::EcP256);
    const auto complaint = [](const std::string& pem) {
        const auto key = PublicKey::from_pem(pem);
        return key ? std::string() : key.error();
    };
    const std::string of_no_kind =
        "is neither an RSA key of 2048 to 16384 bits nor one of the curve P-256";
    CHECK(complaint(SigningKey::rsa(1024).public_pem()) == of_no_kind);
    CHECK(complaint(SigningKey::p384().public_pem()) == of_no_kind);
    CHECK(complaint(SigningKey::p256().private_pem()) == "is no public key in PEM");
    CHECK(complaint("") == "is no public key in PEM");
    CHECK(complaint("-----BEGIN PUBLIC KEY-----\nAAAA\n") == "is no public key in PEM");
}

TEST_CASE("Base64 of addresses has one spelling") {
    CHECK(net::base64url("\xFB\xFF\xFE?") == "-__-Pw");
    CHECK(net::from_base64url("-__-Pw") == "\xFB\xFF\xFE?");
    CHECK(net::from_base64url("") == "");
    for (const char* const text : {"-__-Pw==", "+//+Pw", "-__-Px", "A", "a b", "AA\n"}) {
        CAPTURE(text);
        CHECK_FALSE(net::from_base64url(text));
    }
}

TEST_CASE("a secret is overwritten when it goes, and moves without a copy") {
    std::string text = "pencil";
    wipe(text);
    CHECK(text == std::string(6, '\0'));
    net::SecretText secret("pencil");
    const char* const where = secret.view().data();
    net::SecretText moved(std::move(secret));
    CHECK(moved.view().data() == where);
    net::SecretText other("ink");
    other = std::move(moved);
    CHECK(other.view() == "pencil");
}
