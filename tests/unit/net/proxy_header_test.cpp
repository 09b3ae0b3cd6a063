#include "runtime/net/proxy_header.h"

#include <doctest/doctest.h>

#include <string>

#include "runtime/net/limits.h"

using namespace lotmesh;
using namespace lotmesh::net;

namespace {

using namespace std::string_literals;

const std::string kSignature = "\r\n\r\n\0\r\nQUIT\n"s;
const std::string kIpv4 = "\xCB\x00\x71\x09\x0A\x00\x00\x01\xC8\x22\x07\x5B"s;  // 203.0.113.9:51234

std::string binary(const std::string& command_and_family, const std::string& rest) {
    return kSignature + command_and_family + static_cast<char>(rest.size() >> 8) +
           static_cast<char>(rest.size()) + rest;
}

ProxyHeader::Step read(const std::string& bytes, ProxyVersion version = ProxyVersion::Either) {
    return ProxyHeader(version).receive(as_bytes(bytes));
}

// The client that a whole header names, "-" where it names none.
std::string client_of(const std::string& header) {
    ProxyHeader reader(ProxyVersion::Either);
    const auto step = reader.receive(as_bytes(header + "MQTT"));
    REQUIRE(step.state == ProxyState::Complete);
    CHECK(step.used == header.size());
    return reader.client() ? reader.client()->text() : "-";
}

void check_wrong(const std::string& header) { CHECK(read(header).state == ProxyState::Wrong); }

}  // namespace

TEST_CASE("a line of PROXY v1 names the client") {
    CHECK(client_of("PROXY TCP4 203.0.113.9 10.0.0.1 51234 1883\r\n") == "203.0.113.9:51234");
    CHECK(client_of("PROXY TCP6 2001:db8::9 ::1 51234 1883\r\n") == "[2001:db8::9]:51234");
    CHECK(client_of("PROXY UNKNOWN\r\n") == "-");
    CHECK(client_of("PROXY UNKNOWN ff::ff ff::ff 65535 65535\r\n") == "-");
}

TEST_CASE("a header of PROXY v2 names the client") {
    CHECK(client_of(binary("\x21\x11", kIpv4)) == "203.0.113.9:51234");
    const std::string ipv6 = "\x20\x01\x0D\xB8"s + std::string(11, '\0') + "\x09"s +
                             std::string(15, '\0') + "\x01"s + "\xC8\x22\x07\x5B"s;
    CHECK(client_of(binary("\x21\x21", ipv6)) == "[2001:db8::9]:51234");
    CHECK(client_of(binary("\x21\x11", kIpv4 + "\x04\x00\x01x"s)) == "203.0.113.9:51234");
    CHECK(client_of(binary("\x20\x00"s, "")) == "-");     // LOCAL: a health check
    CHECK(client_of(binary("\x20\x11"s, kIpv4)) == "-");  // the same, whatever it says
    CHECK(client_of(binary("\x21\x00"s, "")) == "-");     // unspecified
    CHECK(client_of(binary("\x21\x31"s, std::string(216, 'x'))) == "-");  // a socket of Unix
}

TEST_CASE("a header is the same however it is cut") {
    for (const std::string& header : {"PROXY TCP4 203.0.113.9 10.0.0.1 51234 1883\r\n"s,
                                      binary("\x21\x11", kIpv4 + "\x04\x00\x00"s)}) {
        for (std::size_t cut = 0; cut < header.size(); ++cut) {
            ProxyHeader reader(ProxyVersion::Either);
            const ByteView bytes = as_bytes(header);
            CHECK(reader.receive(bytes.first(cut)).state == ProxyState::Incomplete);
            const auto step = reader.receive(bytes.subspan(cut));
            CHECK(step.state == ProxyState::Complete);
            CHECK(step.used == header.size() - cut);
            CHECK(reader.client()->text() == "203.0.113.9:51234");
        }
    }
}

TEST_CASE("only the version that is expected is taken") {
    const std::string v1 = "PROXY UNKNOWN\r\n";
    const std::string v2 = binary("\x20\x00"s, "");
    CHECK(read(v1, ProxyVersion::V1).state == ProxyState::Complete);
    CHECK(read(v2, ProxyVersion::V2).state == ProxyState::Complete);
    CHECK(read(v1.substr(0, 1), ProxyVersion::V2).state == ProxyState::Wrong);
    CHECK(read(v2.substr(0, 1), ProxyVersion::V1).state == ProxyState::Wrong);
}

TEST_CASE("what is no line of PROXY v1 is wrong") {
    check_wrong("\x10\x0C\x00\x04MQTT");
    check_wrong("GET / HTTP/1.1\r\n");
    check_wrong("PROXY\r\n");
    check_wrong("PROXY TCP4\r\n");
    check_wrong("PROXY TCP5 203.0.113.9 10.0.0.1 51234 1883\r\n");
    check_wrong("PROXY TCP4 203.0.113.9 10.0.0.1 51234\r\n");
    check_wrong("PROXY TCP4 203.0.113.9 10.0.0.1 51234 1883 \r\n");
    check_wrong("PROXY TCP4  203.0.113.9 10.0.0.1 51234 1883\r\n");
    check_wrong("PROXY TCP4 203.0.113.9 10.0.0.1 65536 1883\r\n");
    check_wrong("PROXY TCP4 203.0.113.9 10.0.0.1 051 1883\r\n");
    check_wrong("PROXY TCP4 203.0.113.256 10.0.0.1 51234 1883\r\n");
    check_wrong("PROXY TCP4 name 10.0.0.1 51234 1883\r\n");
    check_wrong("PROXY TCP4 2001:db8::9 ::1 51234 1883\r\n");
    check_wrong("PROXY TCP6 203.0.113.9 10.0.0.1 51234 1883\r\n");
    check_wrong("PROXY TCP6 fe80::1%lo ::1 51234 1883\r\n");
}

TEST_CASE("what is no header of PROXY v2 is wrong") {
    check_wrong(binary("\x11\x11", kIpv4));            // version 1, in version 2's form
    check_wrong(binary("\x22\x11", kIpv4));            // no command
    check_wrong(binary("\x21\x12", kIpv4));            // UDP
    check_wrong(binary("\x21\x11", kIpv4.substr(1)));  // too short
    check_wrong(binary("\x21\x21", kIpv4));
    check_wrong("\r\n\r\n\0\r\nQUIT!"s);
}

TEST_CASE("a line of PROXY v1 has at most 107 bytes") {
    const auto line = [](std::size_t size) {
        return "PROXY UNKNOWN " + std::string(size - 16, 'x') + "\r\n";
    };
    CHECK(read(line(kProxyLineBytesMax)).state == ProxyState::Complete);
    CHECK(read(line(kProxyLineBytesMax + 1)).state == ProxyState::Wrong);
    CHECK(read(std::string(line(200), 0, kProxyLineBytesMax - 1)).state == ProxyState::Incomplete);
    CHECK(read(std::string(line(200), 0, kProxyLineBytesMax)).state == ProxyState::Wrong);
}

TEST_CASE("a header of PROXY v2 has at most so many bytes, and more is not waited for") {
    const std::string most(kProxyHeaderBytesMax - 16, 'x');
    CHECK(read(binary("\x20\x00"s, most)).state == ProxyState::Complete);
    CHECK(read(binary("\x20\x00"s, most).substr(0, 17)).state == ProxyState::Incomplete);
    CHECK(read(binary("\x20\x00"s, most + "x").substr(0, 17)).state == ProxyState::Wrong);
}
