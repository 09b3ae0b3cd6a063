#include "runtime/ws/upgrade.h"

#include <doctest/doctest.h>

using namespace lotmesh;
using namespace lotmesh::ws;

namespace {

constexpr std::string_view kKey = "dGhlIHNhbXBsZSBub25jZQ==";  // of RFC 6455, section 1.3

// A request that is granted; set() makes it another one.
struct Asking {
    Asking() {
        request.method = "GET";
        request.target = "/mqtt";
        request.version_major = 1;
        request.version_minor = 1;
        request.headers = {{"Host", "broker:9001"},
                           {"Upgrade", "websocket"},
                           {"Connection", "keep-alive, Upgrade"},
                           {"Sec-WebSocket-Key", std::string(kKey)},
                           {"Sec-WebSocket-Version", "13"},
                           {"Sec-WebSocket-Protocol", "mqtt"}};
    }
    Asking& set(const std::string& name, const std::string& value) {
        without(name);
        return add(name, value);
    }
    Asking& add(const std::string& name, const std::string& value) {
        request.headers.push_back({name, value});
        return *this;
    }
    Asking& without(const std::string& name) {
        std::erase_if(request.headers, [&](const Header& header) { return header.name == name; });
        return *this;
    }
    Status refused(const UpgradeRules& rules = {}) const {
        const auto judged = judge(request, rules);
        REQUIRE_FALSE(judged.has_value());
        return judged.error().status;
    }
    Upgrade granted(const UpgradeRules& rules = {}) const {
        const auto judged = judge(request, rules);
        REQUIRE(judged.has_value());
        return *judged;
    }

    Request request;
};

}  // namespace

TEST_CASE(
    "an upgrade is granted with the accept value and the subprotocol [MQTT-6.0.0-4] "
    "[MQTT311-6.0.0-4]") {
    const Upgrade upgrade = Asking().granted();
    CHECK(upgrade.key == kKey);
    CHECK(accept_input(upgrade) == std::string(kKey) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11");
    CHECK(response(upgrade, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=") ==
          "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
          "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"
          "Sec-WebSocket-Protocol: mqtt\r\n\r\n");
    CHECK(Asking().set("Upgrade", "WebSocket").set("Connection", "upgrade").granted() == upgrade);
}

TEST_CASE("the first subprotocol that is known is taken, and none is refused [MQTT-6.0.0-3]") {
    const auto with = [](const std::string& offered) {
        return Asking().set("Sec-WebSocket-Protocol", offered);
    };
    CHECK(with("mqtt").granted().protocol == "mqtt");
    CHECK(with("mqttv3.1").granted().protocol == "mqttv3.1");
    CHECK(with("chat, mqttv3.1, mqtt").granted().protocol == "mqttv3.1");
    CHECK(with("chat").add("Sec-WebSocket-Protocol", "mqtt").granted().protocol == "mqtt");
    CHECK(with("chat").refused() == Status::BadRequest);
    CHECK(with("MQTT").refused() == Status::BadRequest);
    CHECK(Asking().without("Sec-WebSocket-Protocol").refused() == Status::BadRequest);
}

TEST_CASE("only the path of the listener is there, whatever its query") {
    const UpgradeRules rules{"/mqtt", {}};
    Asking asking;
    CHECK(asking.granted(rules).protocol == "mqtt");
    asking.request.target = "/mqtt?token=1";
    CHECK(asking.granted(rules).protocol == "mqtt");
    for (const char* other : {"/", "/mqtt/", "/mqttx", "mqtt", "/MQTT"}) {
        asking.request.target = other;
        CHECK(asking.refused(rules) == Status::NotFound);
        CHECK(asking.granted().protocol == "mqtt");  // no path given: any
    }
}

TEST_CASE("pages of other origins are refused where origins are listed") {
    const UpgradeRules rules{"", {"https://a.example", "http://b.example:8080"}};
    CHECK(Asking().add("Origin", "https://a.example").granted(rules).origin == "https://a.example");
    CHECK(Asking().add("Origin", "HTTP://B.example:8080").granted(rules).protocol == "mqtt");
    CHECK(Asking().add("Origin", "http://a.example").refused(rules) == Status::Forbidden);
    CHECK(Asking().add("Origin", "https://a.example.evil").refused(rules) == Status::Forbidden);
    CHECK(Asking().add("Origin", "null").refused(rules) == Status::Forbidden);
    CHECK(Asking().add("Origin", "").refused(rules) == Status::Forbidden);
    CHECK(Asking().granted(rules).origin.empty());  // no browser
    CHECK(Asking().add("Origin", "https://evil").granted().origin == "https://evil");
    Asking two;
    two.add("Origin", "https://a.example").add("Origin", "https://evil");
    CHECK(two.refused(rules) == Status::BadRequest);
}

TEST_CASE("what is no upgrade to WebSocket 13 is told what is expected") {
    CHECK(Asking().without("Upgrade").refused() == Status::UpgradeRequired);
    CHECK(Asking().set("Upgrade", "h2c").refused() == Status::UpgradeRequired);
    CHECK(Asking().set("Connection", "close").refused() == Status::UpgradeRequired);
    CHECK(Asking().set("Sec-WebSocket-Version", "8").refused() == Status::UpgradeRequired);
    CHECK(Asking().without("Sec-WebSocket-Version").refused() == Status::UpgradeRequired);
    Asking post;
    post.request.method = "POST";
    CHECK(post.refused() == Status::MethodNotAllowed);
}

TEST_CASE("a request that breaks the handshake is a bad one") {
    Asking old;
    old.request.version_minor = 0;
    CHECK(old.refused() == Status::BadRequest);
    Asking body;
    body.request.has_body = true;
    CHECK(body.refused() == Status::BadRequest);
    CHECK(Asking().without("Host").refused() == Status::BadRequest);
    CHECK(Asking().add("Host", "other").refused() == Status::BadRequest);
    CHECK(Asking().without("Sec-WebSocket-Key").refused() == Status::BadRequest);
    CHECK(Asking().add("Sec-WebSocket-Key", std::string(kKey)).refused() == Status::BadRequest);
    for (const char* key :
         {"", "dGhlIHNhbXBsZSBub25jZQ", "dGhlIHNhbXBsZSBub25jZQ=", "dGhlIHNhbXBsZSBub25jZR==",
          "dGhlIHNhbXBsZSBub25j*Q==", "dGhlIHNhbXBsZSBub25jZQ===="})
        CHECK(Asking().set("Sec-WebSocket-Key", key).refused() == Status::BadRequest);
}

TEST_CASE("what proxies say of the client is handed on, the nearest last") {
    const Upgrade upgrade = Asking()
                                .add("X-Forwarded-For", "203.0.113.9, 10.0.0.1")
                                .add("x-forwarded-for", "10.0.0.2")
                                .granted();
    CHECK(upgrade.forwarded_for == std::vector<std::string>{"203.0.113.9", "10.0.0.1", "10.0.0.2"});
    CHECK(upgrade.forwarded);
    CHECK_FALSE(Asking().granted().forwarded);
    for (const char* header : {"Forwarded", "X-Real-IP", "Via", "X-Forwarded-For"})
        CHECK(Asking().add(header, "x").granted().forwarded);
}

TEST_CASE("a refusal says why, and what would be right") {
    CHECK(
        response(Refusal{Status::UpgradeRequired, "why"}) ==
        "HTTP/1.1 426 Upgrade Required\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        "Connection: Upgrade, close\r\nContent-Type: text/plain\r\nContent-Length: 4\r\n\r\nwhy\n");
    CHECK(
        response(Refusal{Status::MethodNotAllowed, "why"})
            .starts_with("HTTP/1.1 405 Method Not Allowed\r\nAllow: GET\r\nConnection: close\r\n"));
    CHECK(
        response(Refusal{Status::BadRequest, ""}).starts_with("HTTP/1.1 400 Bad Request\r\nConn"));
    CHECK(response(Refusal{Status::Forbidden, ""}).starts_with("HTTP/1.1 403 Forbidden\r\n"));
    CHECK(response(Refusal{Status::NotFound, ""}).starts_with("HTTP/1.1 404 Not Found\r\n"));
    CHECK(refusal_of(RequestState::Malformed).status == Status::BadRequest);
    CHECK(response(refusal_of(RequestState::TooLarge))
              .starts_with("HTTP/1.1 431 Request Header Fields Too Large\r\n"));
}
