#include "base/wiped_bytes.h"

#include <doctest/doctest.h>

#include <string>

using namespace lotmesh;

TEST_CASE("what is wiped is zero, and as long as it was") {
    Bytes bytes{1, 2, 3};
    wipe(bytes);
    CHECK(bytes == Bytes{0, 0, 0});
    std::string text = "secret";
    wipe(text);
    CHECK(text == std::string(6, '\0'));
    wipe(std::span<std::uint8_t>());
    wipe(std::span<char>());
}

TEST_CASE("bytes are held as they came, moved without a copy, and given away whole") {
    WipedBytes first(as_bytes("ab"));
    CHECK_FALSE(first.empty());
    const std::uint8_t* const place = first.view().data();
    WipedBytes second = std::move(first);
    CHECK(second.view().data() == place);
    first = WipedBytes(as_bytes("other"));
    CHECK(as_text(first.view()) == "other");
    second = std::move(first);
    CHECK(as_text(second.view()) == "other");
    const Bytes released = second.release();
    CHECK(as_text(released) == "other");
    CHECK(second.empty());
}

TEST_CASE("what grows is appended in order, however often") {
    WipedBytes held;
    std::string expected;
    for (int i = 0; i < 300; ++i) {
        const std::string part(static_cast<std::size_t>(i % 7), static_cast<char>('a' + i % 26));
        held.append(as_bytes(part));
        expected += part;
    }
    CHECK(as_text(held.view()) == expected);
}
