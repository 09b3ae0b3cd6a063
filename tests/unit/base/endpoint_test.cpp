#include "base/endpoint.h"

#include <doctest/doctest.h>

using namespace lotmesh;

TEST_CASE("hosts are names, IPv4 and IPv6 addresses") {
    for (const char* const host : {"a", "node-1.example", "my_node", "a.b.", "1.2.3.4", "::", "::1",
                                   "fe80::1%eth0", "2001:db8:0:0:0:0:0:1", "::ffff:10.0.0.1"}) {
        CAPTURE(host);
        CHECK(is_host(host));
    }
}

TEST_CASE("what is not a host is refused") {
    for (const char* const host : {"", "a b", "-a", "a-", "a..b", ".", "1.2.3", "1.2.3.256",
                                   "01.2.3.4", "mqtt://a", "a:1883", ":::", "1::2::3", "12345::",
                                   "1:2:3:4:5:6:7", "::1%", "1.2.3.4::", "caf\xC3\xA9"}) {
        CAPTURE(host);
        CHECK_FALSE(is_host(host));
    }
    CHECK(is_host(std::string(63, 'a')));
    CHECK_FALSE(is_host(std::string(64, 'a')));
}

TEST_CASE("endpoints are ports with or without a host") {
    CHECK(parse_endpoint("1883") == Endpoint{"", 1883});
    CHECK(parse_endpoint(":0") == Endpoint{"", 0});
    CHECK(parse_endpoint("localhost:1883") == Endpoint{"localhost", 1883});
    CHECK(parse_endpoint("0.0.0.0:65535") == Endpoint{"0.0.0.0", 65535});
    CHECK(parse_endpoint("[::1]:1883") == Endpoint{"::1", 1883});
}

TEST_CASE("what is not an endpoint is refused") {
    for (const char* const text : {"", ":", "a", "a:", "a:65536", "a:-1", "a:1x", "::1", "[::1]",
                                   "[a]:1", "[]:1", "a b:1", "::1:1883"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_endpoint(text));
    }
}

TEST_CASE("endpoints print as they are parsed") {
    for (const char* const text : {"localhost:1883", "[::1]:1883", "1.2.3.4:1", ":1883"})
        CHECK(to_string(*parse_endpoint(text)) == text);
}
