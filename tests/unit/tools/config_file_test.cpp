#include "tools/lotmesh/config_file.h"

#include <doctest/doctest.h>

using namespace lotmesh;
using namespace lotmesh::tool;

namespace {

std::string error_of(std::string_view text) {
    const auto parsed = parse_config(text);
    REQUIRE_FALSE(parsed.has_value());
    CHECK(parsed.error().find('\n') == std::string::npos);
    return parsed.error();
}

}  // namespace

TEST_CASE("keys have strings, numbers or arrays of them, with comments and empty lines between") {
    const auto parsed = parse_config(
        "# all of it\n"
        "\n"
        "name = \"a # \\\"b\\\" \\\\ \\t\"  # a comment\r\n"
        "data='c:\\d'\n"
        "listen = [ 1883, # the usual\n"
        "  \"[::1]:1884\",\n"
        "]\n"
        "log-level = \"debug\"");
    REQUIRE(parsed.has_value());
    CHECK(*parsed == std::vector<ConfigEntry>{{"name", {"a # \"b\" \\ \t"}, false, 3},
                                              {"data", {"c:\\d"}, false, 4},
                                              {"listen", {"1883", "[::1]:1884"}, true, 5},
                                              {"log-level", {"debug"}, false, 8}});
    CHECK(parse_config("")->empty());
    CHECK(parse_config("empty = []")->at(0).values.empty());
}

TEST_CASE("what is no configuration is refused with its line") {
    CHECK(error_of("\nname = \"abc\n") == "2: a string has no end on its line");
    CHECK(error_of("name = \"abc\\").starts_with("1: a backslash"));
    CHECK(error_of("name = 'abc") == "1: a string has no end on its line");
    CHECK(error_of("name = \"\\x\"").starts_with("1: a backslash"));
    CHECK(error_of("\nlisten = [1883,\n1884\n") == "2: an array has no end");
    CHECK(error_of("listen = [1883 1884]") == "1: expected , or ] in an array");
    CHECK(error_of("listen = [,]").starts_with("1: expected a string"));
    CHECK(error_of("[serve]\n") == "1: there are no sections: write the keys by themselves");
    CHECK(error_of("name = abc").starts_with("1: expected a string in quotes"));
    CHECK(error_of("name =").starts_with("1: expected a string in quotes"));
    CHECK(error_of("listen = 127.0.0.1").starts_with("1: there is more"));
    CHECK(error_of("listen = 12ab").starts_with("1: expected a string in quotes"));
    CHECK(error_of("name = \"a\" \"b\"") == "1: there is more behind the value");
    for (const char* text : {"name", "name\n= 1", "= 1", "a.b = 1", "\"name\" = 1"})
        CHECK(error_of(text) == "1: expected key = value");
    CHECK(error_of("a = 1\n# x\na = 2") == "3: a is given a second time, first in line 1");
    CHECK(error_of("a = 1\nb = \"\xFF\"") == "2: not valid UTF-8");
}

TEST_CASE("a configuration is bounded") {
    const std::string most(kConfigBytesMax, '\n');
    CHECK(parse_config(most).has_value());
    CHECK(error_of(most + "\n").starts_with("1: larger than"));
}
