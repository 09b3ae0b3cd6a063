#include "runtime/net/pem_file.h"

#include <doctest/doctest.h>

#include <fstream>
#include <iterator>

using namespace lotmesh;

namespace {

std::string golden(const std::string& name) {
    std::ifstream in(
        std::string(LOTMESH_SOURCE_DIR) + "/tests/golden/cluster/10-bad-certificate/" + name,
        std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

std::string error_of(const std::string& text, const std::string& passphrase = {}) {
    const auto file = net::read_pem(text, passphrase);
    return file ? "" : file.error();
}

constexpr std::int64_t k2026 = 1'767'225'600;  // January 1
constexpr std::int64_t k2126 = 4'922'899'200;

}  // namespace

TEST_CASE("a certificate says from when to when it holds, and for whom") {
    const auto file = net::read_pem(golden("pass/node-a/server.pem"), "");
    REQUIRE(file);
    REQUIRE(file->certificates.size() == 1);
    const Certificate& certificate = file->certificates.front();
    CHECK(certificate.not_before_s == k2026);
    CHECK(certificate.not_after_s == k2126);
    CHECK(certificate.names == std::vector<std::string>{"10.0.0.1", "a.example"});
    CHECK_FALSE(file->private_key);
}

TEST_CASE("a key belongs to the certificate with the same public half") {
    const auto certificate = net::read_pem(golden("pass/node-a/server.pem"), "");
    const auto key = net::read_pem(golden("pass/node-a/server.key"), "");
    const auto other = net::read_pem(golden("pass/node-b/server.key"), "");
    REQUIRE(certificate);
    REQUIRE(key);
    REQUIRE(other);
    CHECK(key->certificates.empty());
    CHECK(key->private_key == certificate->certificates.front().public_key);
    CHECK(other->private_key != key->private_key);
}

TEST_CASE("certificate and key may stand in one file, the key encrypted") {
    const std::string text = golden("pass/node-b/to-a.pem");
    const auto file = net::read_pem(text, "client_password");
    REQUIRE(file);
    REQUIRE(file->certificates.size() == 1);
    CHECK(file->private_key == file->certificates.front().public_key);
    CHECK(error_of(text) == "its private key cannot be read without a passphrase");
    CHECK(error_of(text, "guess") == "its private key does not open with this passphrase");
    CHECK(error_of(text, std::string(5000, 'x')) ==
          "its private key does not open with this passphrase");
}

TEST_CASE("what is no PEM file is told") {
    CHECK(error_of("") == "it holds neither a certificate nor a private key");
    CHECK(error_of("hello\n") == "it holds neither a certificate nor a private key");
    const std::string text = golden("pass/node-a/ca.pem");
    CHECK(error_of(text).empty());
    CHECK(error_of(text.substr(0, text.size() - 30)) == "it is no whole PEM file");
    CHECK(error_of("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n") ==
          "its certificate 1 cannot be read");
    const std::string key = golden("pass/node-a/server.key");
    CHECK(error_of(key + key) == "it has more than one private key");
}

TEST_CASE("a file cut anywhere never reads as more than it has") {
    const std::string text = golden("pass/node-a/to-b.pem");
    for (std::size_t size = 0; size < text.size(); ++size) {
        const auto file = net::read_pem(std::string_view(text).substr(0, size), "");
        if (file) CHECK(file->certificates.size() + (file->private_key ? 1 : 0) <= 2);
    }
}

TEST_CASE("objects are bounded") {
    const std::string one = golden("pass/node-a/ca.pem");
    std::string text;
    for (std::size_t i = 0; i < net::kPemObjectsMax; ++i)
        text += one;
    CHECK(error_of(text).empty());
    CHECK(error_of(text + one) == "it holds more than 1000 certificates");
}

TEST_CASE("names and addresses that a certificate covers") {
    const std::string text = golden("pass/node-a/server.pem");
    CHECK(net::certificate_covers(text, "10.0.0.1"));
    CHECK(net::certificate_covers(text, "a.example"));
    CHECK(net::certificate_covers(text, "A.EXAMPLE"));
    CHECK_FALSE(net::certificate_covers(text, "10.0.0.2"));
    CHECK_FALSE(net::certificate_covers(text, "a"));  // only its common name
    CHECK_FALSE(net::certificate_covers(text, ""));
    CHECK_FALSE(net::certificate_covers("no certificate", "a.example"));
}
