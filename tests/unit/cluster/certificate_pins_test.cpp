#include "runtime/cluster/certificate_pins.h"

#include <doctest/doctest.h>

#include "runtime/cluster/limits.h"

using namespace lotmesh;
using namespace lotmesh::cluster;

namespace {

NodeId id_of(std::uint8_t number) {
    NodeId id;
    id.bytes.back() = number;
    id.bytes.front() = 1;
    return id;
}

std::string fingerprint(char digit) { return std::string(64, digit); }

std::string complaint(std::string_view text) {
    const auto pins = CertificatePins::parse(text);
    return pins ? std::string() : pins.error();
}

}  // namespace

TEST_CASE("what is pinned is found, and the last certificate counts") {
    CertificatePins pins;
    CHECK(pins.find(id_of(1)).empty());
    pins.pin(id_of(1), fingerprint('a'));
    pins.pin(id_of(2), fingerprint('b'));
    CHECK(pins.find(id_of(1)) == fingerprint('a'));
    pins.pin(id_of(1), fingerprint('c'));
    CHECK(pins.find(id_of(1)) == fingerprint('c'));
    CHECK(pins.size() == 2);
}

TEST_CASE("pins are read as they were written") {
    CertificatePins pins;
    CHECK(CertificatePins::parse("") == pins);
    pins.pin(id_of(2), fingerprint('0'));
    pins.pin(id_of(1), fingerprint('f'));
    CHECK(pins.text() == "01000000-0000-0000-0000-000000000002 " + fingerprint('0') +
                             "\n01000000-0000-0000-0000-000000000001 " + fingerprint('f') + "\n");
    CHECK(CertificatePins::parse(pins.text()) == pins);
    // An editor may have taken the last end of line away.
    std::string text = pins.text();
    text.pop_back();
    CHECK(CertificatePins::parse(text) == pins);
}

TEST_CASE("what is no pin is a complaint with its line, and never a pin") {
    const std::string good = id_of(1).text() + " " + fingerprint('a') + "\n";
    CHECK(complaint(good).empty());
    for (const std::string& bad :
         {std::string("\n"), std::string("x\n"), id_of(1).text() + "\n", id_of(1).text() + " \n",
          id_of(1).text() + " " + fingerprint('g') + "\n",
          id_of(1).text() + " " + fingerprint('A') + "\n",
          id_of(1).text() + "\t" + fingerprint('a') + "\n",
          id_of(1).text() + " " + fingerprint('a') + "a\n",
          id_of(1).text() + " " + fingerprint('a') + "\r\n", fingerprint('a') + "\n"}) {
        CAPTURE(bad);
        CHECK(complaint(good + bad) == "line 2 is not a uuid and the SHA-256 of a certificate");
    }
}

TEST_CASE("as many are kept as may be; with one more the first is forgotten") {
    CertificatePins pins;
    NodeId id;
    const auto numbered = [&id](std::size_t number) {
        id.bytes[0] = static_cast<std::uint8_t>(number >> 8);
        id.bytes[1] = static_cast<std::uint8_t>(number);
        return id;
    };
    for (std::size_t i = 0; i < kPinsMax; ++i)
        pins.pin(numbered(i), fingerprint('a'));
    CHECK(pins.find(numbered(0)) == fingerprint('a'));
    pins.pin(numbered(kPinsMax), fingerprint('b'));
    CHECK(pins.size() == kPinsMax);
    CHECK(pins.find(numbered(0)).empty());
    CHECK(pins.find(numbered(1)) == fingerprint('a'));
    CHECK(pins.find(numbered(kPinsMax)) == fingerprint('b'));
}
