#include "runtime/net/network.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace lotmesh;
using namespace lotmesh::net;

namespace {

Address address(const std::string& host) { return *Address::parse(host, 1000); }

bool contains(std::string_view network, const std::string& host) {
    return Network::parse(network)->contains(address(host));
}

std::string client(const std::string& peer, const std::vector<std::string>& forwarded_for) {
    const std::vector<Network> trusted = {*Network::parse("10.0.0.0/8"),
                                          *Network::parse("fd00::/8")};
    return client_behind(address(peer), forwarded_for, trusted).text();
}

}  // namespace

TEST_CASE("a network contains what its prefix says, to the bit") {
    CHECK(contains("10.0.0.0/8", "10.255.0.1"));
    CHECK_FALSE(contains("10.0.0.0/8", "11.0.0.1"));
    CHECK(contains("192.168.4.0/22", "192.168.7.255"));
    CHECK_FALSE(contains("192.168.4.0/22", "192.168.8.0"));
    CHECK(contains("192.168.5.1/22", "192.168.4.1"));  // bits behind the prefix do not matter
    CHECK(contains("192.0.2.1", "192.0.2.1"));
    CHECK_FALSE(contains("192.0.2.1", "192.0.2.2"));
    CHECK(contains("0.0.0.0/0", "203.0.113.9"));
    CHECK_FALSE(contains("0.0.0.0/0", "2001:db8::1"));
    CHECK(contains("fd00::/8", "fdff::1"));
    CHECK_FALSE(contains("fd00::/8", "fe00::1"));
    CHECK(contains("::/0", "2001:db8::1"));
    CHECK(contains("10.0.0.0/8", "::ffff:10.0.0.1"));
    CHECK(contains("::1/128", "::1"));
}

TEST_CASE("what is no network is refused") {
    for (const char* text : {"", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8/8", "/8",
                             "proxy.example", "::1/129", "10.0.0/8", "10.0.0.0/08x"})
        CHECK_FALSE(Network::parse(text).has_value());
}

TEST_CASE("the client is the last one that a trusted proxy names") {
    CHECK(client("203.0.113.1", {"198.51.100.1"}) == "203.0.113.1:1000");  // nobody we trust
    CHECK(client("10.0.0.1", {}) == "10.0.0.1:1000");
    CHECK(client("10.0.0.1", {"203.0.113.9"}) == "203.0.113.9:0");
    CHECK(client("10.0.0.1", {"127.0.0.1", "203.0.113.9"}) == "203.0.113.9:0");
    CHECK(client("10.0.0.1", {"203.0.113.9", "10.0.0.2", "fd00::1"}) == "203.0.113.9:0");
    CHECK(client("10.0.0.1", {"10.0.0.3", "10.0.0.2"}) == "10.0.0.3:0");
    CHECK(client("10.0.0.1", {"203.0.113.9", "unknown"}) == "10.0.0.1:1000");
    CHECK(client("10.0.0.1", {"203.0.113.9:4711"}) == "203.0.113.9:0");
    CHECK(client("10.0.0.1", {"[2001:db8::9]:4711"}) == "[2001:db8::9]:0");
    CHECK(client("10.0.0.1", {"2001:db8::9"}) == "[2001:db8::9]:0");
    CHECK(client("10.0.0.1", {"[2001:db8::9"}) == "10.0.0.1:1000");
}
