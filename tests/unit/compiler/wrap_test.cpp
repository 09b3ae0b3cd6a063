#include "compiler/diag/wrap.h"

#include <doctest/doctest.h>

#include <string_view>
#include <vector>

using lotmesh::diag::wrap;
using Lines = std::vector<std::string_view>;

TEST_CASE("a text is broken at blanks, and without a width it is one line") {
    CHECK(wrap("one two three", 7) == Lines{"one two", "three"});
    CHECK(wrap("one two three", 8) == Lines{"one two", "three"});
    CHECK(wrap("one two three", 6) == Lines{"one", "two", "three"});
    CHECK(wrap("one two three", 13) == Lines{"one two three"});
    CHECK(wrap("one two three", 0) == Lines{"one two three"});
    CHECK(wrap("", 5) == Lines{""});
}

TEST_CASE("a word that is longer than a line stays whole") {
    CHECK(wrap("a longest b", 3) == Lines{"a", "longest", "b"});
    CHECK(wrap("longest", 3) == Lines{"longest"});
    CHECK(wrap("longest a", 1) == Lines{"longest", "a"});
}

TEST_CASE("blanks that stand in a line stay, and those at its end are left out where it breaks") {
    CHECK(wrap("a  b   c", 4) == Lines{"a  b", "c"});
    CHECK(wrap("  a b", 3) == Lines{"  a", "b"});
    CHECK(wrap("a b  ", 3) == Lines{"a b  "});
    CHECK(wrap("     ", 3) == Lines{"     "});
}

TEST_CASE("wide characters take two cells") {
    CHECK(wrap("\u65e5\u672c \u8a9e", 4) == Lines{"\u65e5\u672c", "\u8a9e"});
    CHECK(wrap("\u65e5\u672c \u8a9e", 7) == Lines{"\u65e5\u672c \u8a9e"});
}
