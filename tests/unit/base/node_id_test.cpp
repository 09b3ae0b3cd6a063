#include "base/node_id.h"

#include <doctest/doctest.h>

using namespace lotmesh;

TEST_CASE("a node id goes to text and back") {
    NodeId id;
    for (std::size_t i = 0; i < id.bytes.size(); ++i)
        id.bytes[i] = static_cast<std::uint8_t>(i * 17);
    CHECK(id.text() == "00112233-4455-6677-8899-aabbccddeeff");
    CHECK(NodeId::parse(id.text()) == id);
    CHECK(NodeId::parse(NodeId{}.text()) == NodeId{});
}

TEST_CASE("text that is not a node id is refused") {
    for (const std::string_view text :
         {"", "00112233-4455-6677-8899-aabbccddeef", "00112233-4455-6677-8899-aabbccddeeff0",
          "00112233-4455-6677-8899-AABBCCDDEEFF", "0011223344556677-8899-aabbccddeeff--",
          "g0112233-4455-6677-8899-aabbccddeeff", "00112233_4455-6677-8899-aabbccddeeff",
          "{0112233-4455-6677-8899-aabbccddeef}"})
        CHECK_FALSE(NodeId::parse(text).has_value());
}

TEST_CASE("node ids are ordered by their bytes, first byte first") {
    NodeId a;
    NodeId b;
    a.bytes[15] = 0xFF;
    b.bytes[0] = 1;
    CHECK(a < b);
    CHECK(a.text() < b.text());
}
