// TLS as one layer of a Transport: behind a proxy's header, in front of WebSocket.
#include <doctest/doctest.h>

#include <string>
#include <utility>

#include "runtime/server/transport.h"
#include "tests/support/certificates.h"
#include "tests/support/frame_bytes.h"
#include "tests/unit/server/websocket_request.h"

using namespace lotmesh;
using namespace lotmesh::server;
using namespace lotmesh::test;
using State = net::TlsSession::State;

namespace {

const net::CertificateAuthority& authority() {
    static const net::CertificateAuthority made("Test CA", valid_for_days(10));
    return made;
}

TransportRules with_tls(net::ClientCertificates wanted = net::ClientCertificates::Optional) {
    net::TlsServerSettings settings;
    settings.identities.push_back(issue(authority(), {"a.example"}));
    settings.client_certificates = wanted;
    settings.client_ca = authority().certificate();
    TransportRules rules;
    rules.listener = "tls://8883";
    rules.tls = *net::TlsContext::server(settings);
    return rules;
}

net::TlsContext::Ref client_context(const std::string& name = "") {
    net::TlsClientSettings settings;
    settings.host = "a.example";
    settings.ca = authority().certificate();
    if (!name.empty()) settings.identity = issue(authority(), {name});
    return *net::TlsContext::client(settings);
}

// A listener's end of a connection, and a client that speaks TLS to it.
struct Line {
    explicit Line(const TransportRules& rules, net::TlsContext::Ref context = client_context())
        : transport(std::make_shared<const TransportRules>(rules),
                    *net::Address::parse("192.0.2.1", 1000)),
          client(std::move(context)) {}

    void feed(ByteView bytes) {
        if (ends) return;
        Transport::Output output;
        transport.receive(bytes, Instant{0}, output);
        to_client.insert(to_client.end(), output.wire.begin(), output.wire.end());
        transport.seal(output.answer, to_client);
        if (output.arrival) arrival = output.arrival;
        received += as_text(output.stream.received);
        transport.seal(output.stream.reply, to_client);
        ends = output.ends;
        why = output.why;
    }
    // Until both have nothing more to say.
    void pump(Bytes to_server) {
        while (!to_server.empty() || !to_client.empty()) {
            if (!to_server.empty()) feed(std::exchange(to_server, {}));
            const Bytes bytes = std::exchange(to_client, {});
            if (!bytes.empty() && client.state() != State::Ended)
                client.receive(bytes, client_got, to_server);
        }
    }
    void shake_hands() {
        Bytes hello;
        client.start(hello);
        pump(std::move(hello));
    }
    void say(std::string_view text) {
        Bytes wire;
        const ByteView runs[] = {as_bytes(text)};
        client.send(runs, wire);
        pump(std::move(wire));
    }
    // What the node writes.
    std::string got_of(const std::string& text) {
        std::vector<ByteView> runs = {{}, as_bytes(text).first(1), as_bytes(text).subspan(1)};
        Bytes scratch;
        transport.pack(runs, scratch);
        client_got.clear();
        Bytes wire;
        for (const ByteView run : runs)
            if (!run.empty()) client.receive(run, client_got, wire);
        return std::string(as_text(client_got));
    }

    Transport transport;
    net::TlsSession client;
    std::optional<Transport::Arrival> arrival;
    std::string received;
    bool ends = false;
    std::string why;
    Bytes to_client;
    Bytes client_got;
};

}  // namespace

TEST_CASE("behind TLS a client is there when the handshake is over, and known by its certificate") {
    Line line(with_tls(), client_context("device.example"));
    CHECK(line.transport.awaits_handshake());
    line.shake_hands();
    CHECK_FALSE(line.transport.awaits_handshake());
    REQUIRE(line.arrival);
    CHECK(line.arrival->client.text() == "192.0.2.1:1000");
    CHECK(line.arrival->tls.name == "device.example");
    line.say("mqtt");
    CHECK(line.received == "mqtt");
    CHECK(line.got_of("answer") == "answer");
    CHECK(line.transport.is_needed());
}

TEST_CASE("a proxy's header comes before TLS") {
    TransportRules rules = with_tls();
    rules.proxy = net::ProxyVersion::V1;
    Line line(rules);
    line.feed(as_bytes("PROXY TCP4 203.0.113.9 10.0.0.1 51234 1883\r\n"));
    CHECK_FALSE(line.arrival);
    line.shake_hands();
    REQUIRE(line.arrival);
    CHECK(line.arrival->client.text() == "203.0.113.9:51234");
}

TEST_CASE("WebSocket comes in TLS: the upgrade, its frames, its end") {
    TransportRules rules = with_tls();
    rules.websocket = ws::UpgradeRules{"/mqtt", {}};
    Line line(rules);
    line.shake_hands();
    CHECK_FALSE(line.arrival);
    line.say(upgrade_request() + ws::client_frame(ws::kFin | ws::kBinary, "mqtt"));
    REQUIRE(line.arrival);
    CHECK(as_text(line.client_got) == kUpgradeAnswer);
    CHECK(line.received == "mqtt");
    CHECK(line.got_of("answer") ==
          "\x82\x06"
          "answer");
    Bytes goodbye;
    line.transport.close(ws::CloseCode::Normal, goodbye);
    line.client_got.clear();
    Bytes wire;
    CHECK(line.client.receive(goodbye, line.client_got, wire) == State::Ended);
    CHECK(as_text(line.client_got).substr(0, 1) == "\x88");
}

TEST_CASE("an upgrade that is refused in TLS is answered in TLS") {
    TransportRules rules = with_tls();
    rules.websocket = ws::UpgradeRules{"/mqtt", {}};
    Line line(rules);
    line.shake_hands();
    line.say("GET /elsewhere HTTP/1.1\r\nHost: a\r\n\r\n");
    CHECK(line.ends);
    CHECK_FALSE(line.arrival);
    CHECK(line.received.empty());
    CHECK(as_text(line.client_got).starts_with("HTTP/1.1 4"));
}

TEST_CASE("a handshake that fails ends the connection, and nobody arrives") {
    Line line(with_tls(net::ClientCertificates::Required));
    line.shake_hands();
    CHECK(line.ends);
    CHECK(line.why.starts_with("TLS handshake failed: "));
    CHECK_FALSE(line.arrival);
    Line plain(with_tls());
    plain.feed(as_bytes("GET / HTTP/1.1\r\n\r\n"));
    CHECK(plain.ends);
    CHECK_FALSE(plain.arrival);
}

TEST_CASE("what a client says with its goodbye is heard") {
    Line line(with_tls());
    line.shake_hands();
    Bytes wire;
    const ByteView runs[] = {as_bytes("last words")};
    line.client.send(runs, wire);
    line.client.close(wire);
    line.feed(wire);
    CHECK(line.received == "last words");
    CHECK(line.ends);
    CHECK(line.why == "closed by the other side");
    Bytes nothing;
    line.transport.close(ws::CloseCode::Normal, nothing);
    CHECK(nothing.empty());
}

TEST_CASE("this node's side of TLS speaks first, and arrives when the server has been checked") {
    TransportRules to_server;
    to_server.tls = client_context();
    Transport transport(std::make_shared<const TransportRules>(to_server),
                        *net::Address::parse("192.0.2.2", 8883));
    net::TlsSession server(with_tls().tls);
    Transport::Output output;
    transport.begin(output);
    CHECK_FALSE(transport.awaits_handshake());
    Bytes plain;
    while (!output.wire.empty()) {
        Bytes answer;
        server.receive(std::exchange(output.wire, {}), plain, answer);
        if (!answer.empty()) transport.receive(answer, Instant{0}, output);
    }
    REQUIRE(output.arrival);
    CHECK(output.arrival->tls.fingerprint.size() == 64);
    CHECK(server.state() == State::Open);
}

TEST_CASE("other rules may not let in who is there") {
    Line line(with_tls());
    line.shake_hands();
    CHECK(line.transport.would_be_accepted_by(with_tls()));
    CHECK_FALSE(line.transport.would_be_accepted_by(with_tls(net::ClientCertificates::Required)));
}
