#include "runtime/server/transport.h"

#include <doctest/doctest.h>

#include <string>

#include "tests/support/frame_bytes.h"
#include "tests/unit/server/websocket_request.h"

using namespace lotmesh;
using namespace lotmesh::server;

namespace {

const std::string kProxyLine = "PROXY TCP4 203.0.113.9 10.0.0.1 51234 1883\r\n";
const std::string kProxyLineOfLoopback = "PROXY TCP4 127.0.0.1 127.0.0.1 51234 1883\r\n";

net::Address address(const std::string& host) { return *net::Address::parse(host, 1000); }

struct Seen {
    std::string answer;
    std::string client;  // empty: not arrived
    bool loopback = false;
    std::string received;
    std::string reply;
    bool ends = false;
    bool operator==(const Seen&) const = default;
};

TransportRules websocket() {
    TransportRules rules;
    rules.websocket = ws::UpgradeRules{"/mqtt", {}};
    return rules;
}

TransportRules proxied() {
    TransportRules rules;
    rules.proxy = net::ProxyVersion::Either;
    return rules;
}

Seen feed(const TransportRules& rules, const std::string& peer,
          const std::vector<std::string>& pieces) {
    Transport transport(std::make_shared<const TransportRules>(rules), address(peer));
    Seen seen;
    for (const std::string& piece : pieces) {
        if (seen.ends) break;
        Transport::Output output;
        transport.receive(as_bytes(piece), Instant{0}, output);
        seen.answer += as_text(output.answer);
        if (output.arrival) {
            CHECK(seen.client.empty());
            seen.client = output.arrival->client.text();
            seen.loopback = output.arrival->loopback;
        }
        seen.received += as_text(output.stream.received);
        seen.reply += as_text(output.stream.reply);
        seen.ends = output.ends;
        CHECK(output.ends == !output.why.empty());
    }
    return seen;
}

bool is_loopback(const TransportRules& rules, const std::string& bytes,
                 const std::string& peer = "127.0.0.1") {
    const Seen seen = feed(rules, peer, {bytes});
    REQUIRE_FALSE(seen.client.empty());
    return seen.loopback;
}

}  // namespace

TEST_CASE("after the upgrade frames are MQTT, from the same read too") {
    const std::string frame = ws::client_frame(ws::kFin | ws::kBinary, "mqtt");
    CHECK(feed(websocket(), "192.0.2.1", {upgrade_request() + frame}) ==
          Seen{kUpgradeAnswer, "192.0.2.1:1000", false, "mqtt", "", false});
}

TEST_CASE("a connection is the same however its bytes are cut") {
    TransportRules rules = websocket();
    rules.proxy = net::ProxyVersion::V1;
    const std::string close = ws::close_payload(1000);
    const std::string stream = kProxyLine + upgrade_request() +
                               ws::client_frame(ws::kFin | ws::kBinary, "mqtt") +
                               ws::client_frame(ws::kFin | ws::kClose, close);
    const Seen whole = feed(rules, "10.0.0.1", {stream});
    CHECK(whole == Seen{kUpgradeAnswer, "203.0.113.9:51234", false, "mqtt",
                        ws::server_frame(ws::kFin | ws::kClose, close), true});
    for (std::size_t cut = 0; cut <= stream.size(); ++cut)
        CHECK(feed(rules, "10.0.0.1", {stream.substr(0, cut), stream.substr(cut)}) == whole);
    std::vector<std::string> bytes;
    for (const char c : stream)
        bytes.emplace_back(1, c);
    CHECK(feed(rules, "10.0.0.1", bytes) == whole);
}

TEST_CASE("a PROXY header comes before MQTT on TCP, and what is behind it is MQTT") {
    CHECK(feed(proxied(), "10.0.0.1", {kProxyLine + "mqtt"}) ==
          Seen{"", "203.0.113.9:51234", false, "mqtt", "", false});
    CHECK(feed(proxied(), "10.0.0.1", {"PROXY UNKNOWN\r\n"}).client == "10.0.0.1:1000");
    CHECK(feed(proxied(), "10.0.0.1", {"\x10\x0C\x00\x04MQTT"}) ==
          Seen{"", "", false, "", "", true});
}

TEST_CASE("a refused upgrade is answered and ends, and is never MQTT") {
    const auto status = [](const std::string& request) {
        const Seen seen = feed(websocket(), "192.0.2.1", {request + "rest"});
        CHECK(seen.ends);
        CHECK(seen.client.empty());
        CHECK(seen.received.empty());
        return seen.answer.substr(0, 12);
    };
    CHECK(status(upgrade_request("", "/other")) == "HTTP/1.1 404");
    CHECK(status("\x10\x0C\x00\x04MQTT\r\n\r\n") == "HTTP/1.1 400");
    CHECK(status(upgrade_request("A: " + std::string(9000, 'x') + "\r\n")) == "HTTP/1.1 431");
}

TEST_CASE("what a trusted proxy says of the client is taken, and of nobody else") {
    TransportRules rules = websocket();
    rules.trusted_proxies = {*net::Network::parse("10.0.0.0/8")};
    const std::string request = upgrade_request("X-Forwarded-For: 203.0.113.9\r\n");
    CHECK(feed(rules, "10.0.0.1", {request}).client == "203.0.113.9:0");
    CHECK(feed(rules, "192.0.2.1", {request}).client == "192.0.2.1:1000");
    rules.proxy = net::ProxyVersion::V1;  // the PROXY header's client is a trusted proxy itself
    const std::string line = "PROXY TCP4 10.0.0.2 10.0.0.1 1 2\r\n";
    CHECK(feed(rules, "10.0.0.1", {line + request}).client == "203.0.113.9:0");
    CHECK(feed(rules, "10.0.0.1", {kProxyLine + request}).client == "203.0.113.9:51234");
}

TEST_CASE("what comes through a proxy is never of this machine") {
    CHECK(is_loopback(websocket(), upgrade_request()));
    CHECK_FALSE(is_loopback(websocket(), upgrade_request(), "192.0.2.1"));
    CHECK_FALSE(is_loopback(proxied(), kProxyLineOfLoopback));
    CHECK_FALSE(is_loopback(proxied(), "PROXY UNKNOWN\r\n"));
    for (const char* header : {"X-Forwarded-For: 127.0.0.1\r\n", "Forwarded: for=127.0.0.1\r\n",
                               "Via: 1.1 proxy\r\n", "X-Real-IP: 127.0.0.1\r\n"})
        CHECK_FALSE(is_loopback(websocket(), upgrade_request(header)));
    TransportRules rules = websocket();
    rules.trusted_proxies = {*net::Network::parse("127.0.0.1")};
    CHECK_FALSE(is_loopback(rules, upgrade_request()));  // the proxy itself, whoever is behind it
    CHECK_FALSE(is_loopback(rules, upgrade_request("X-Forwarded-For: 127.0.0.1\r\n")));
}

TEST_CASE("a page in a browser of this machine is of this machine only where it was named") {
    const std::string request = upgrade_request("Origin: https://example.org\r\n");
    CHECK_FALSE(is_loopback(websocket(), request));
    TransportRules rules = websocket();
    rules.websocket->origins = {"https://example.org"};
    CHECK(is_loopback(rules, request));
}

TEST_CASE("where proxies are named, nobody else may bring a PROXY header") {
    TransportRules rules = proxied();
    CHECK(rules.may_connect(address("192.0.2.1")));
    rules.trusted_proxies = {*net::Network::parse("10.0.0.0/8")};
    CHECK(rules.may_connect(address("10.0.0.1")));
    CHECK_FALSE(rules.may_connect(address("192.0.2.1")));
    rules.proxy.reset();
    CHECK(rules.may_connect(address("192.0.2.1")));
}
