#include "runtime/net/tls_session.h"

#include <doctest/doctest.h>

#include <string>
#include <utility>

#include "tests/support/certificates.h"

using namespace lotmesh;
using namespace lotmesh::net;
using namespace lotmesh::test;
using State = TlsSession::State;

namespace {

const CertificateAuthority& authority() {
    static const CertificateAuthority made("Test CA", valid_for_days(10));
    return made;
}

TlsServerSettings a_server() {
    TlsServerSettings settings;
    settings.identities.push_back(issue(authority(), {"a.example", "192.0.2.1"}));
    return settings;
}

TlsServerSettings asking_clients(ClientCertificates wanted = ClientCertificates::Required) {
    TlsServerSettings settings = a_server();
    settings.client_certificates = wanted;
    settings.client_ca = authority().certificate();
    return settings;
}

TlsClientSettings a_client(const std::string& host = "a.example") {
    TlsClientSettings settings;
    settings.host = host;
    settings.ca = authority().certificate();
    return settings;
}

TlsClientSettings known_client(const std::vector<std::string>& names = {"device.example"},
                               const std::string& common_name = "device") {
    TlsClientSettings settings = a_client();
    settings.identity = issue(authority(), names, common_name);
    return settings;
}

TlsContext::Ref made(const Result<TlsContext::Ref, std::string>& result) {
    REQUIRE_MESSAGE(result.has_value(), (result ? "" : result.error()));
    return *result;
}

// Two ends of one connection, with no wire between them.
struct Pair {
    Pair(const TlsServerSettings& server_settings, const TlsClientSettings& client_settings)
        : server(made(TlsContext::server(server_settings))),
          client(made(TlsContext::client(client_settings))) {
        client.start(to_server);
        pump();
    }

    // Until both have nothing more to say.
    void pump() {
        while (!to_server.empty() || !to_client.empty()) {
            give(server, std::exchange(to_server, {}), server_got, to_client);
            give(client, std::exchange(to_client, {}), client_got, to_server);
        }
    }
    static void give(TlsSession& end, const Bytes& bytes, Bytes& plain, Bytes& wire) {
        if (!bytes.empty() && end.state() != State::Ended) end.receive(bytes, plain, wire);
    }
    bool is_open() const { return server.state() == State::Open && client.state() == State::Open; }

    void say(TlsSession& end, std::string_view text, Bytes& wire) {
        const ByteView runs[] = {as_bytes(text)};
        end.send(runs, wire);
        pump();
    }

    TlsSession server;
    TlsSession client;
    Bytes to_server;
    Bytes to_client;
    Bytes server_got;
    Bytes client_got;
};

std::string error_of(const TlsServerSettings& settings) {
    const auto context = TlsContext::server(settings);
    return context ? "" : context.error();
}

}  // namespace

TEST_CASE("what one end sends the other one gets, and nobody between can read it") {
    Pair pair(a_server(), a_client());
    REQUIRE(pair.is_open());
    pair.say(pair.client, "hello", pair.to_server);
    CHECK(as_text(pair.server_got) == "hello");
    const std::string much(100'000, 'x');
    const ByteView runs[] = {as_bytes(much), as_bytes("y")};
    pair.server.send(runs, pair.to_client);
    CHECK_FALSE(as_text(pair.to_client).contains("xxxxxxxx"));
    pair.pump();
    CHECK(as_text(pair.client_got) == much + "y");
}

TEST_CASE("a connection is the same where its bytes come one by one") {
    TlsSession server(made(TlsContext::server(a_server())));
    TlsSession client(made(TlsContext::client(a_client())));
    Bytes to_server;
    Bytes plain;
    client.start(to_server);
    for (int round = 0; round < 4; ++round) {
        Bytes to_client;
        for (const std::uint8_t byte : std::exchange(to_server, {}))
            server.receive(ByteView(&byte, 1), plain, to_client);
        for (const std::uint8_t byte : to_client)
            client.receive(ByteView(&byte, 1), plain, to_server);
    }
    CHECK(server.state() == State::Open);
    CHECK(client.state() == State::Open);
    CHECK(plain.empty());
}

TEST_CASE("who closes says so, and the other side ends") {
    Pair pair(a_server(), a_client());
    pair.client.close(pair.to_server);
    pair.pump();
    CHECK(pair.server.state() == State::Ended);
    CHECK(pair.server.why() == "closed by the other side");
}

TEST_CASE("a client looks whether the certificate is for the host that it wanted") {
    CHECK(Pair(a_server(), a_client("192.0.2.1")).is_open());
    for (const std::string host : {"b.example", "192.0.2.2", "somebody"}) {
        CAPTURE(host);
        const Pair pair(a_server(), a_client(host));
        CHECK(pair.client.state() == State::Ended);
        CHECK(pair.server.state() == State::Ended);
        CHECK(std::string(pair.client.why())
                  .starts_with("TLS handshake failed: certificate refused: "));
    }
}

TEST_CASE("a client trusts nobody else's authority, unless it is told not to look") {
    const CertificateAuthority other("Other CA", valid_for_days(10));
    TlsClientSettings settings = a_client();
    settings.ca = other.certificate();
    CHECK_FALSE(Pair(a_server(), settings).is_open());
    settings.ca.clear();  // those of this system
    CHECK_FALSE(Pair(a_server(), settings).is_open());
    settings.allow_untrusted = true;
    settings.host = "whatever.example";
    CHECK(Pair(a_server(), settings).is_open());
}

TEST_CASE("of several certificates the one is shown that the client asks for") {
    TlsServerSettings settings = a_server();
    settings.identities.push_back(issue(authority(), {"b.example"}));
    CHECK(Pair(settings, a_client("a.example")).is_open());
    CHECK(Pair(settings, a_client("b.example")).is_open());
    CHECK_FALSE(Pair(settings, a_client("c.example")).is_open());
}

TEST_CASE("a certificate says who the client is") {
    Pair alternative(asking_clients(), known_client({"a.b.example", "lotmesh://device"}, "common"));
    REQUIRE(alternative.is_open());
    CHECK(alternative.server.peer().name == "lotmesh://device");
    CHECK(alternative.server.peer().fingerprint.size() == 64);
    CHECK(Pair(asking_clients(), known_client({"a.b.example"})).server.peer().name ==
          "a.b.example");
    CHECK(Pair(asking_clients(), known_client({}, "common")).server.peer().name.empty());
    TlsServerSettings by_common_name = asking_clients();
    by_common_name.name_from = NameFrom::CommonName;
    CHECK(Pair(by_common_name, known_client({"a.b.example"}, "common")).server.peer().name ==
          "common");
}

TEST_CASE("a name with control characters is no name") {
    TlsServerSettings by_common_name = asking_clients();
    by_common_name.name_from = NameFrom::CommonName;
    const Pair pair(by_common_name, known_client({}, "root\nadmin"));
    CHECK(pair.is_open());
    CHECK(pair.server.peer().name.empty());
}

TEST_CASE("a client without a certificate is refused only where one is required") {
    CHECK_FALSE(Pair(asking_clients(), a_client()).is_open());
    const Pair optional(asking_clients(ClientCertificates::Optional), a_client());
    CHECK(optional.is_open());
    CHECK(optional.server.peer() == TlsPeer{});
    const Pair ignored(a_server(), known_client());
    CHECK(ignored.is_open());
    CHECK(ignored.server.peer() == TlsPeer{});
}

TEST_CASE("a client with a certificate of a strange authority, or of another time, is refused") {
    const CertificateAuthority other("Other CA", valid_for_days(10));
    TlsClientSettings stranger = a_client();
    stranger.identity = issue(other, {"device.example"});
    for (const auto wanted : {ClientCertificates::Optional, ClientCertificates::Required})
        CHECK(Pair(asking_clients(wanted), stranger).server.state() == State::Ended);
}

TEST_CASE("who is on the revocation list is refused, and everybody where the list is missing") {
    const TlsClientSettings good = known_client();
    const TlsClientSettings bad = known_client();
    TlsServerSettings settings = asking_clients();
    const std::string revoked[] = {bad.identity.certificate};
    settings.crl = authority().revocation_list(revoked, valid_for_days(1));
    CHECK(Pair(settings, good).is_open());
    const Pair refused(settings, bad);
    CHECK(refused.server.state() == State::Ended);
    CHECK(refused.server.why() == "TLS handshake failed: certificate refused: certificate revoked");
    // One that has run out, and one of somebody else.
    settings.crl = authority().revocation_list({}, valid_for_days(-1, -2));
    CHECK_FALSE(Pair(settings, good).is_open());
    const CertificateAuthority other("Other CA", valid_for_days(10));
    settings.crl = other.revocation_list({}, valid_for_days(1));
    CHECK_FALSE(Pair(settings, good).is_open());
}

TEST_CASE("new rules are held against who is there already") {
    const TlsClientSettings client = known_client();
    const Pair pair(asking_clients(), client);
    REQUIRE(pair.is_open());
    CHECK(pair.server.would_be_accepted_by(*made(TlsContext::server(asking_clients()))));
    TlsServerSettings with_list = asking_clients();
    const std::string revoked[] = {client.identity.certificate};
    with_list.crl = authority().revocation_list(revoked, valid_for_days(1));
    CHECK_FALSE(pair.server.would_be_accepted_by(*made(TlsContext::server(with_list))));
    const CertificateAuthority other("Other CA", valid_for_days(10));
    TlsServerSettings other_ca = asking_clients();
    other_ca.client_ca = other.certificate();
    CHECK_FALSE(pair.server.would_be_accepted_by(*made(TlsContext::server(other_ca))));
    // A client looks at its server in the same way.
    TlsClientSettings strict = client;
    CHECK(pair.client.would_be_accepted_by(*made(TlsContext::client(strict))));
    strict.ca = other.certificate();
    CHECK_FALSE(pair.client.would_be_accepted_by(*made(TlsContext::client(strict))));
    const Pair nameless(asking_clients(ClientCertificates::Optional), a_client());
    CHECK_FALSE(nameless.server.would_be_accepted_by(*made(TlsContext::server(asking_clients()))));
}

TEST_CASE("a session stays what it is when its context has been replaced") {
    auto context = made(TlsContext::server(a_server()));
    TlsSession server(context);
    context.reset();
    TlsSession client(made(TlsContext::client(a_client())));
    Bytes to_server;
    Bytes to_client;
    Bytes plain;
    client.start(to_server);
    server.receive(to_server, plain, to_client);
    CHECK_FALSE(to_client.empty());
}

TEST_CASE("what is no TLS ends the connection with its reason") {
    using namespace std::string_literals;
    for (const std::string& text :
         {"GET / HTTP/1.1\r\n\r\n"s, "\x10\x0d\x00\x04MQTT\x05\x02\x00\x3c\x00\x00\x00"s}) {
        TlsSession server(made(TlsContext::server(a_server())));
        Bytes plain;
        Bytes wire;
        CHECK(server.receive(as_bytes(text), plain, wire) == State::Ended);
        CHECK(std::string(server.why()).starts_with("TLS handshake failed: "));
        CHECK(plain.empty());
    }
}

TEST_CASE("a byte that was changed on the way ends the connection") {
    Pair pair(a_server(), a_client());
    const ByteView runs[] = {as_bytes("secret")};
    Bytes wire;
    pair.client.send(runs, wire);
    wire.back() ^= 1;
    CHECK(pair.server.receive(wire, pair.server_got, pair.to_client) == State::Ended);
    CHECK(pair.server_got.empty());
}

TEST_CASE("settings that cannot work are refused with what is wrong") {
    CHECK(error_of({}) == "there is no certificate");
    TlsServerSettings settings = a_server();
    settings.identities[0].certificate = "nonsense";
    CHECK(error_of(settings) == "the certificate is no PEM file with a certificate");
    settings = a_server();
    settings.identities[0].private_key = "nonsense";
    CHECK(error_of(settings) == "the private key cannot be read without a passphrase");
    settings.identities[0].passphrase = "guess";
    CHECK(error_of(settings) == "the private key does not open with this passphrase");
    settings = a_server();
    settings.identities[0].private_key = issue(authority(), {}).private_key;
    CHECK(error_of(settings) == "the private key is not that of the certificate");
    settings = a_server();
    settings.identities[0] = issue(authority(), {}, "late", valid_for_days(-1, -2));
    CHECK(error_of(settings) == "the certificate has expired");
    settings.identities[0] = issue(authority(), {}, "early", valid_for_days(2, 1));
    CHECK(error_of(settings) == "the certificate is not valid yet");
    settings = asking_clients();
    settings.client_ca.clear();
    CHECK(error_of(settings) == "the CA is no PEM file with a certificate");
    settings = asking_clients();
    settings.crl = "nonsense";
    CHECK(error_of(settings) == "the revocation list is no PEM file with one");
}

TEST_CASE("a shared key has between 16 and 64 bytes") {
    for (const std::size_t size : {kPskBytesMin - 1, kPskBytesMax + 1}) {
        TlsServerSettings settings;
        settings.psk_keys.push_back({"pump", std::string(size, 'k')});
        CHECK(error_of(settings) == "the key of pump has " + std::to_string(size) +
                                        " bytes: between 16 and 64 are allowed");
    }
    for (const std::size_t size : {kPskBytesMin, kPskBytesMax}) {
        TlsServerSettings settings;
        settings.psk_keys.push_back({"pump", std::string(size, 'k')});
        CHECK(error_of(settings).empty());
    }
}

TEST_CASE("an authority goes on where it was written down") {
    const auto read =
        CertificateAuthority::read(authority().certificate(), authority().private_key());
    REQUIRE(read);
    TlsServerSettings settings;
    settings.identities.push_back(issue(*read, {"a.example"}));
    CHECK(Pair(settings, a_client()).is_open());
    const CertificateAuthority other("Other CA", valid_for_days(10));
    const auto error = [](std::string_view certificate, std::string_view key) {
        const auto result = CertificateAuthority::read(certificate, key);
        return result ? "" : result.error();
    };
    CHECK(error("x", other.private_key()) == "its certificate cannot be read");
    CHECK(error(other.certificate(), "x") == "its private key cannot be read");
    CHECK(error(authority().certificate(), other.private_key()) ==
          "its private key is not that of its certificate");
}
