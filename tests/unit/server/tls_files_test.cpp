#include "runtime/server/tls_files.h"

#include <doctest/doctest.h>

#include <fstream>

#include "runtime/server/limits.h"
#include "tests/support/certificates.h"
#include "tests/unit/server/temporary_folder.h"

using namespace lotmesh;
using namespace lotmesh::server;
using namespace lotmesh::test;

namespace {

struct Files {
    TemporaryFolder folder;
    net::CertificateAuthority authority{"Test CA", valid_for_days(10)};

    std::filesystem::path write(const std::string& name, const std::string& text) {
        return folder.write(name, text);
    }
    TlsFiles server() {
        const net::TlsIdentity identity = issue(authority, {"a.example"});
        TlsFiles files;
        files.identities.push_back(
            {write("a.pem", identity.certificate), write("a.key", identity.private_key)});
        return files;
    }
};

std::string error_of(const TlsFiles& files) {
    const auto context = server_context(files);
    return context ? "" : context.error();
}

const std::string kKey = "000102030405060708090a0b0c0D0E0F";

std::string psk_error(const std::string& text) {
    const auto keys = parse_psk_keys(text);
    return keys ? "" : keys.error();
}

}  // namespace

TEST_CASE("what listeners need is read from files") {
    Files files;
    TlsFiles tls = files.server();
    CHECK(error_of(tls).empty());
    tls.client_certificates = net::ClientCertificates::Required;
    tls.client_ca = files.write("ca.pem", files.authority.certificate());
    tls.crl = files.write("crl.pem", files.authority.revocation_list({}, valid_for_days(1)));
    tls.psk = files.write("psk", "pump:" + kKey + "\n");
    CHECK(error_of(tls).empty());
    CHECK(tls.all().size() == 5);
}

TEST_CASE("a file that is missing, empty or wrong is named") {
    Files files;
    TlsFiles tls = files.server();
    tls.identities[0].key = files.folder.path / "none.key";
    CHECK(error_of(tls).contains("none.key"));
    tls = files.server();
    tls.identities[0].key = files.write("other.key", issue(files.authority, {}).private_key);
    CHECK(error_of(tls).ends_with("a.pem: the private key is not that of the certificate"));
    tls = files.server();
    tls.client_certificates = net::ClientCertificates::Required;
    tls.client_ca = files.write("ca.pem", files.authority.certificate());
    // An empty list must not be taken for none.
    tls.crl = files.write("crl.pem", "");
    CHECK(error_of(tls).ends_with("crl.pem: the file is empty"));
    tls.crl = files.write("crl.pem", "x");
    CHECK(error_of(tls).ends_with("crl.pem: the revocation list is no PEM file with one"));
    tls = files.server();
    tls.psk = files.write("psk", "pump\n");
    CHECK(error_of(tls).ends_with("psk:1: expected IDENTITY:KEY"));
}

TEST_CASE("a file has a largest size") {
    Files files;
    TlsFiles tls = files.server();
    const std::string certificate = [&] {
        std::ifstream in(tls.identities[0].certificate);
        return std::string(std::istreambuf_iterator<char>(in), {});
    }();
    files.write("a.pem", certificate + std::string(kTlsFileBytesMax - certificate.size(), '\n'));
    CHECK(error_of(tls).empty());
    files.write("a.pem",
                certificate + std::string(kTlsFileBytesMax - certificate.size() + 1, '\n'));
    CHECK(error_of(tls).contains("is larger than"));
}

TEST_CASE("shared keys stand one on a line") {
    const auto keys = parse_psk_keys("# pumps\n\npump:" + kKey + "\r\nvalve:" + kKey + kKey);
    REQUIRE(keys);
    REQUIRE(keys->size() == 2);
    CHECK(keys->at(0).identity == "pump");
    CHECK(keys->at(0).key == std::string("\0\1\2\3\4\5\6\7\x8\x9\xa\xb\xc\xd\xe\xf", 16));
    CHECK(keys->at(1).key.size() == 32);
}

TEST_CASE("a line of shared keys that is wrong is named, and its key is not shown") {
    CHECK(psk_error("a:" + kKey + "\n:" + kKey) == "2: expected IDENTITY:KEY");
    CHECK(psk_error("a") == "1: expected IDENTITY:KEY");
    const std::string wrong_key = "1: the key must be 16 to 64 bytes in hexadecimal";
    for (const std::string& key : {kKey.substr(1), kKey.substr(2), std::string(130, 'a'),
                                   kKey.substr(1) + "g", std::string()})
        CHECK(psk_error("a:" + key) == wrong_key);
    CHECK(psk_error("a:" + kKey + "\na:" + kKey) == "2: this identity has a key already");
    CHECK(psk_error("# nothing\n") == "1: there is no key in it");
}

TEST_CASE("there may be so many shared keys") {
    std::string text;
    for (std::size_t i = 0; i < kPskKeysMax; ++i)
        text += std::to_string(i) + ":" + kKey + "\n";
    CHECK(psk_error(text).empty());
    CHECK(psk_error(text + "more:" + kKey) ==
          std::to_string(kPskKeysMax + 1) + ": more than " + std::to_string(kPskKeysMax) + " keys");
}

TEST_CASE("a route's files are read, and named by their key of the language") {
    Files files;
    const net::TlsIdentity identity = issue(files.authority, {"node"});
    broker::DialTls tls;
    tls.ca_path = files.write("ca.pem", files.authority.certificate()).string();
    tls.certificate_path =
        files.write("node.pem", identity.certificate + identity.private_key).string();
    CHECK(client_context(tls, "a.example"));
    const auto error = [](const broker::DialTls& settings) {
        const auto context = client_context(settings, "a.example");
        return context ? "" : context.error();
    };
    broker::DialTls wrong = tls;
    wrong.ca_path = "/nowhere/ca.pem";
    CHECK(error(wrong).starts_with("SERVER_CA_CERT_PATH: "));
    wrong.ca_path = files.write("empty.pem", "").string();
    CHECK(error(wrong).ends_with("empty.pem: the file is empty"));
    wrong = tls;
    wrong.certificate_path = "/nowhere/node.pem";
    CHECK(error(wrong).starts_with("CLIENT_CERT_PATH: "));
    wrong.certificate_path = files.write("half.pem", identity.certificate).string();
    CHECK(error(wrong) == "the private key cannot be read without a passphrase");
}

TEST_CASE("the first day on which something runs out is known") {
    Files files;
    TlsFiles tls = files.server();
    tls.client_ca = files.write("ca.pem", files.authority.certificate());
    const auto first = first_expiry(tls);
    REQUIRE(first);
    CHECK(first->path == tls.identities[0].certificate);
    CHECK_FALSE(first_expiry(TlsFiles{}));
}
