#include "compiler/source/source.h"

#include <doctest/doctest.h>

using namespace lotmesh::source;

namespace {

Source make(std::string text) { return Source({"a.lot", std::move(text)}); }

bool is_valid(std::string text) { return make(std::move(text)).invalid_utf8().empty(); }

}  // namespace

TEST_CASE("lines and columns count from one, columns in code points") {
    const Source source = make("ab\nc\u00e9d\n\nlast");
    CHECK(source.line_count() == 4);
    CHECK(source.position(0) == Position{1, 1});
    CHECK(source.position(2) == Position{1, 3});
    CHECK(source.position(3) == Position{2, 1});
    CHECK(source.position(6) == Position{2, 3});
    CHECK(source.position(8) == Position{3, 1});
    CHECK(source.position(9) == Position{4, 1});
    CHECK(source.position(1000) == Position{4, 5});
}

TEST_CASE("a byte order mark is dropped and CRLF is a line end") {
    const Source source = make(
        "\xEF\xBB\xBF"
        "a\r\nb\r\n");
    CHECK(source.text() == "a\r\nb\r\n");
    CHECK(source.display_line(1) == "a");
    CHECK(source.display_line(2) == "b");
    CHECK(source.position(3) == Position{2, 1});
}

TEST_CASE("well-formed UTF-8 of every length is taken") {
    CHECK(is_valid("a\u00e9\u20ac\U0001F600"));
    CHECK(is_valid("\xEE\x80\x80\xF4\x8F\xBF\xBF"));
}

TEST_CASE("overlong forms, surrogates, lone and cut sequences are invalid") {
    for (const char* const text :
         {"\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80", "\xF0\x80\x80\x80", "\xF4\x90\x80\x80",
          "\xF5\x80\x80\x80", "\x80", "\xE2\x82", "\xFF"})
        CHECK_FALSE(is_valid(text));
}

TEST_CASE("invalid bytes next to each other are one range and blanks to the parser") {
    const Source source = make(
        "a\xFF\xFE"
        "b\xFF");
    CHECK(source.invalid_utf8() == std::vector<ByteRange>{{1, 3}, {4, 5}});
    CHECK(source.parse_text() == "a  b ");
    CHECK(source.display_line(1) == "a??b?");
}

TEST_CASE("what is redacted is shown as stars, on each of its lines") {
    Source source = make("key secret\nmore x\n");
    source.redact({4, 15});
    CHECK(source.display_line(1) == "key ******");
    CHECK(source.display_line(2) == "**** x");
}
