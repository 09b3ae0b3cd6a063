// A node behind listeners that are more than plain TCP.
#include <doctest/doctest.h>

#include "runtime/server/core_thread.h"
#include "tests/support/frame_bytes.h"
#include "tests/unit/server/node_fixture.h"
#include "tests/unit/server/websocket_request.h"

using namespace lotmesh;
using namespace lotmesh::server;

namespace {

std::shared_ptr<TransportRules> websocket() {
    auto rules = std::make_shared<TransportRules>();
    rules->websocket = ws::UpgradeRules{"/mqtt", {}};
    return rules;
}

std::shared_ptr<TransportRules> proxied() {
    auto rules = std::make_shared<TransportRules>();
    rules->proxy = net::ProxyVersion::Either;
    return rules;
}

std::string from_client(const std::string& mqtt) {
    return ws::client_frame(ws::kFin | ws::kBinary, mqtt);
}
std::string from_broker(const std::string& mqtt) {
    return ws::server_frame(ws::kFin | ws::kBinary, mqtt);
}
std::string closing(int code) {
    return ws::server_frame(ws::kFin | ws::kClose, ws::close_payload(code));
}

void expect(Fixture& f, const net::FileDescriptor& client, const std::string& bytes) {
    CHECK(f.receive(client, bytes.size()) == bytes);
}

// All of it, although the other end reads only while the loop turns.
void send_while_turning(Fixture& f, const net::FileDescriptor& client, std::string_view bytes) {
    f.turn_until([&] {
        const ssize_t sent = ::send(client.get(), bytes.data(), bytes.size(), MSG_DONTWAIT);
        if (sent > 0) bytes.remove_prefix(static_cast<std::size_t>(sent));
        return bytes.empty();
    });
}

std::string receive_up_to(Fixture& f, const net::FileDescriptor& client, std::string_view last) {
    std::string bytes;
    f.turn_until([&] {
        char buffer[64 * 1024];
        ssize_t got = 0;
        while ((got = ::recv(client.get(), buffer, sizeof(buffer), MSG_DONTWAIT)) > 0)
            bytes.append(buffer, static_cast<std::size_t>(got));
        return bytes.ends_with(last);
    });
    return bytes;
}

net::FileDescriptor connected(Fixture& f, const std::string& id) {
    auto client = f.client();
    send(client, upgrade_request());
    expect(f, client, kUpgradeAnswer);
    send(client, from_client(connect_packet(id, 4)));
    expect(f, client, from_broker(kConnAck));
    return client;
}

}  // namespace

TEST_CASE("a client on a WebSocket is answered by the node in frames") {
    Fixture f(websocket());
    const auto client = connected(f, "c");
    send(client, from_client(kPing + kPing.substr(0, 1)) + from_client(kPing.substr(1)));
    expect(f, client, from_broker(kPong + kPong));
    send(client, ws::client_frame(ws::kFin | ws::kPing, "p"));
    expect(f, client, ws::server_frame(ws::kFin | ws::kPong, "p"));
}

TEST_CASE("all output of a turn is one frame, with large payloads by reference") {
    Fixture f(websocket());
    const auto subscriber = connected(f, "s");
    send(subscriber, from_client(subscribe_packet("a")));
    expect(f, subscriber, from_broker("\x90\x03\x00\x01\x00"s));
    const auto publisher = connected(f, "p");
    // Their remaining length is that of two bytes.
    const std::string body = "\0\1a"s + std::string(3000, 'x');
    const std::string message = "\x30\xBB\x17" + body;
    send(publisher, from_client(message + message));
    expect(f, subscriber, from_broker(message + message));
}

TEST_CASE("what MQTT has to say comes before the answer to a close frame") {
    Fixture f(websocket());
    const auto client = f.client();
    send(client, upgrade_request() + from_client(connect_packet("c", 4) + kPing) +
                     ws::client_frame(ws::kFin | ws::kClose, ws::close_payload(1000)));
    expect(f, client, kUpgradeAnswer + from_broker(kConnAck + kPong) + closing(1000));
    f.turn_until([&] { return ended(client); });
}

TEST_CASE("an end by MQTT is an end by WebSocket too") {
    Fixture f(websocket());
    const auto client = connected(f, "c");
    send(client, from_client("\xE0\x00"s));
    expect(f, client, closing(1000));
    f.turn_until([&] { return ended(client); });
}

TEST_CASE("who breaks the rules of frames is told so and closed") {
    Fixture f(websocket());
    const auto client = connected(f, "c");
    send(client, ws::client_frame(ws::kFin | ws::kText, "hello"));
    expect(f, client, closing(1003));
    f.turn_until([&] { return ended(client); });
}

TEST_CASE("a refused upgrade is answered and closed") {
    Fixture f(websocket());
    const auto client = f.client();
    send(client, upgrade_request("", "/other"));
    expect(f, client, "HTTP/1.1 404 Not Found\r\n");
    const auto mqtt = f.client();
    send(mqtt, connect_packet("c", 4));
    expect(f, mqtt, "HTTP/1.1 400 Bad Request\r\n");
}

TEST_CASE("half an upgrade, or half a PROXY header, is closed after a while") {
    for (const bool by_proxy : {false, true}) {
        auto rules = by_proxy ? proxied() : websocket();
        rules->arrival_max = Duration::milliseconds(20);
        Fixture f(rules);
        const auto silent = f.client();
        const auto slow = f.client();
        send(slow, by_proxy ? "PROXY TCP4" : "GET /mqtt HT");
        f.turn_until([&] { return ended(silent) && ended(slow); });
    }
}

TEST_CASE("shutting down closes WebSockets as going away, and who has not arrived at once") {
    Fixture f(websocket());
    const auto client = connected(f, "c");
    const auto slow = f.client();
    f.turn_until([&] { return f.core_.connection_count() == 2; });
    f.core_.shut_down();
    expect(f, client, closing(1001));
    f.turn_until([&] { return ended(slow); });
}

TEST_CASE("MQTT on TCP begins behind the header of a proxy") {
    Fixture f(proxied());
    const auto client = f.client();
    send(client, "PROXY TCP4 203.0.113.9 10.0.0.1 51234 1883\r\n" + connect_packet("c", 4));
    expect(f, client, kConnAck);
    send(client, kPing);
    expect(f, client, kPong);
    const auto bare = f.client();
    send(bare, connect_packet("c", 4));
    f.turn_until([&] { return ended(bare); });
}

TEST_CASE("a PROXY header of one who is not a proxy that was named is not read") {
    auto rules = proxied();
    rules->trusted_proxies = {*net::Network::parse("10.0.0.0/8")};
    Fixture f(rules);
    const auto client = f.client();
    f.turn_until([&] { return ended(client); });
    CHECK(f.core_.connection_count() == 0);
}

// After CONNECT it is not even read from (see the broker's backpressure).
TEST_CASE("a client that takes nothing gets no pongs when much waits for it already") {
    constexpr std::size_t kPings = 190'000;  // much more than the kernel holds
    const std::string ping = ws::client_frame(ws::kFin | ws::kPing, std::string(125, 'p'));
    const std::size_t pong_bytes = ping.size() - 4;  // without the mask
    auto rules = websocket();
    rules->limits.idle_frames_max = kPings + 1;
    Fixture f(rules);
    const auto client = f.client();
    const int small = 200 * 1024;
    REQUIRE(::setsockopt(client.get(), SOL_SOCKET, SO_RCVBUF, &small, sizeof(small)) == 0);
    std::string flood = upgrade_request();
    for (std::size_t i = 0; i < kPings; ++i)
        flood += ping;
    flood += ws::client_frame(ws::kFin | ws::kClose, ws::close_payload(1000));
    send_while_turning(f, client, flood);
    const std::string answers = receive_up_to(f, client, closing(1000));
    CHECK(answers.size() < kPings * pong_bytes);
    CHECK(answers.size() > net::Connections::kUnsentHigh);
}

TEST_CASE("a client that has gone is gone from the node, arrived or not") {
    Fixture f(websocket());
    {
        const auto client = connected(f, "c");
        const auto slow = f.client();
        f.turn_until([&] { return f.core_.connection_count() == 2; });
    }
    f.turn_until([&] { return f.core_.connection_count() == 0; });
}
