#include "runtime/server/listen_address.h"

#include <doctest/doctest.h>

using namespace lotmesh;
using namespace lotmesh::server;

namespace {

ListenAddress web(const std::string& host, std::uint16_t port, const std::string& path) {
    return {host, port, Protocol::WebSocket, path};
}

void check_refused(const std::string& text) {
    CAPTURE(text);
    const auto parsed = parse_listen(text);
    REQUIRE_FALSE(parsed.has_value());
    CHECK(parsed.error().starts_with("\"" + text + "\" is not an address"));
    CHECK(parsed.error().find('\n') == std::string::npos);
}

}  // namespace

TEST_CASE("a listen address is a port with or without a host") {
    CHECK(parse_listen("1883") == ListenAddress{"", 1883});
    CHECK(parse_listen("0") == ListenAddress{"", 0});
    CHECK(parse_listen("localhost:1883") == ListenAddress{"localhost", 1883});
    CHECK(parse_listen("0.0.0.0:65535") == ListenAddress{"0.0.0.0", 65535});
    CHECK(parse_listen("[::1]:1883") == ListenAddress{"::1", 1883});
    CHECK(parse_listen("tcp://[::1]:1883") == ListenAddress{"::1", 1883});
    CHECK(parse_listen("tcp://1883") == ListenAddress{"", 1883});
}

TEST_CASE("a listen address for WebSocket may have a path") {
    CHECK(parse_listen("ws://9001") == web("", 9001, ""));
    CHECK(parse_listen("ws://127.0.0.1:9001") == web("127.0.0.1", 9001, ""));
    CHECK(parse_listen("ws://[::1]:9001/mqtt") == web("::1", 9001, "/mqtt"));
    CHECK(parse_listen("ws://host:9001/a/b:c") == web("host", 9001, "/a/b:c"));
    CHECK(parse_listen("ws://9001/") == web("", 9001, "/"));
}

TEST_CASE("a listen address may have TLS") {
    CHECK_FALSE(parse_listen("1883")->tls);
    CHECK(parse_listen("tls://8883")->tls);
    CHECK(parse_listen("tls://8883")->protocol == Protocol::Tcp);
    CHECK(parse_listen("mqtts://8883") == parse_listen("tls://8883"));
    CHECK(parse_listen("mqtt://1883") == parse_listen("1883"));
    CHECK(parse_listen("wss://h:8884/mqtt")->tls);
    CHECK(parse_listen("wss://h:8884/mqtt")->path == "/mqtt");
    CHECK(parse_listen("tls://8883?proxy=v1")->proxy == net::ProxyVersion::V1);
}

TEST_CASE("a listen address may expect a header of PROXY") {
    const auto proxy = [](std::string_view text) { return parse_listen(text)->proxy; };
    CHECK(proxy("1883?proxy=v1") == net::ProxyVersion::V1);
    CHECK(proxy("tcp://0.0.0.0:1883?proxy=v2") == net::ProxyVersion::V2);
    CHECK(proxy("ws://9001/mqtt?proxy=any") == net::ProxyVersion::Either);
    CHECK_FALSE(proxy("1883").has_value());
}

TEST_CASE("a listen address may have a number of connections") {
    CHECK(parse_listen("1883")->connections_max == 0);
    CHECK(parse_listen("1883?connections=1")->connections_max == 1);
    CHECK(parse_listen("1883?connections=1000000000")->connections_max == 1'000'000'000);
    const auto both = parse_listen("ws://9001/mqtt?connections=5&proxy=v2");
    REQUIRE(both.has_value());
    CHECK(both->connections_max == 5);
    CHECK(both->proxy == net::ProxyVersion::V2);
    CHECK(both->path == "/mqtt");
    for (const char* text : {"1883?connections=0", "1883?connections=1000000001",
                             "1883?connections=", "1883?connections=-1", "1883?connections=x",
                             "1883?connections=1&connections=1", "1883?proxy=v1&proxy=v1",
                             "1883?connections=1&", "1883&connections=1"})
        check_refused(text);
}

TEST_CASE("what is no listen address is refused in one line that shows the right form") {
    for (const char* text : {"", ":", ":1883", "host:", "65536", "-1", "1883x", "host:port", "::1",
                             "::1:1883", "[::1]", "[::1]1883", "[]:1883", "[host]:1883", "a:b:1"})
        check_refused(text);
}

TEST_CASE("what is no listen address with a scheme or a header of PROXY is refused too") {
    for (const char* text : {"tcp://", "ws://", "ws:///mqtt", "ws://host/mqtt", "ssl://1883",
                             "http://1883", "WS://9001", "tcp://1883/mqtt", "1883/mqtt"})
        check_refused(text);
    for (const char* text : {"1883?", "1883?proxy", "1883?proxy=", "1883?proxy=v3",
                             "1883?proxy=v1&x", "1883?tls=yes", "ws://9001/a b", "ws://9001/a#b"})
        check_refused(text);
}

TEST_CASE("a listen address is written as it is read") {
    for (const char* text :
         {"localhost:1883", "[::1]:1883", "127.0.0.1:0", "h:1883?proxy=any", "ws://h:9001",
          "ws://[::1]:9001/mqtt?proxy=v2", "tls://h:8883", "tls://h:8883?proxy=v1",
          "wss://h:8884/mqtt", "h:1883?connections=7", "ws://h:9001/mqtt?proxy=v1&connections=7"})
        CHECK(to_string(*parse_listen(text)) == text);
}

TEST_CASE("an origin is a scheme with a host, as browsers write it") {
    CHECK(parse_origin("https://example.org") == "https://example.org");
    CHECK(parse_origin("https://example.org/") == "https://example.org");
    CHECK(parse_origin("https://example.org:443") == "https://example.org");
    CHECK(parse_origin("http://example.org:80") == "http://example.org");
    CHECK(parse_origin("http://example.org:443") == "http://example.org:443");
    CHECK(parse_origin("http://127.0.0.1:8080") == "http://127.0.0.1:8080");
    CHECK(parse_origin("http://[::1]:8080") == "http://[::1]:8080");
    CHECK(parse_origin("http://[::1]") == "http://[::1]");
    for (const char* text :
         {"", "null", "*", "example.org", "https://", "ftp://example.org",
          "https://example.org/page", "https://a b", "https://:80", "http://h:x"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_origin(text).has_value());
    }
}
