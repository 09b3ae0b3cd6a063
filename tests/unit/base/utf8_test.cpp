#include "base/utf8.h"

#include <doctest/doctest.h>

#include <string>

using namespace lotmesh;

TEST_CASE("well-formed text of every length of character is valid") {
    for (const std::string_view text :
         {"", "a", "plain ascii", "\x7F", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF",
          "\xEE\x80\x80", "\xEF\xBF\xBF", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF",
          "mixed \xC3\xA4 and \xE2\x82\xAC and \xF0\x9F\x98\x80."}) {
        CAPTURE(std::string(text));
        CHECK(is_utf8(text));
        CHECK(is_mqtt_utf8(text));
    }
}

TEST_CASE("surrogates are ill-formed [MQTT-1.5.4-1]") {
    for (const std::string_view text : {"\xED\xA0\x80", "\xED\xAF\xBF", "\xED\xB0\x80",
                                        "\xED\xBF\xBF", "\xED\xA0\xBD\xED\xB8\x80"})
        CHECK_FALSE(is_utf8(text));
}

TEST_CASE("overlong forms, stray bytes and what lies above U+10FFFF are ill-formed") {
    for (const std::string_view text :
         {"\x80", "\xBF", "\xC0\x80", "\xC1\xBF", "\xE0\x80\x80", "\xE0\x9F\xBF",
          "\xF0\x80\x80\x80", "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80",
          "\xF8\x88\x80\x80\x80", "\xFE", "\xFF", "\xC3(", "\xE2(\xAC", "\xE2\x82(",
          "\xF0\x9F\x98("})
        CHECK_FALSE(is_utf8(text));
}

TEST_CASE("a character that is cut is ill-formed at each length") {
    for (const std::string_view text : {"\xC3\xA4", "\xE2\x82\xAC", "\xF0\x9F\x98\x80"})
        for (std::size_t size = 1; size < text.size(); ++size)
            CHECK_FALSE(is_utf8(text.substr(0, size)));
}

TEST_CASE("U+0000 is well-formed but not for MQTT [MQTT-1.5.4-2]") {
    const std::string_view text("a\0b", 3);
    CHECK(is_utf8(text));
    CHECK_FALSE(is_mqtt_utf8(text));
}

TEST_CASE("U+FEFF is a character like any other [MQTT-1.5.4-3]") {
    CHECK(is_mqtt_utf8("\xEF\xBB\xBF"));
    CHECK(count_characters("\xEF\xBB\xBFx") == 2);
}

TEST_CASE("the first ill-formed byte is found wherever it stands") {
    for (std::size_t before = 0; before < 40; ++before) {
        for (const std::string_view good : {"a", "\xC3\xA4", "\xE2\x82\xAC"}) {
            std::string text;
            for (std::size_t i = 0; i < before; ++i)
                text += good;
            const std::size_t size = text.size();
            text += "\xFFtail that is longer than eight bytes";
            CHECK(valid_utf8_prefix(text) == size);
        }
    }
}

TEST_CASE("characters are counted, not bytes") {
    CHECK(count_characters("") == 0);
    CHECK(count_characters("abc") == 3);
    CHECK(count_characters("\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80") == 3);
}
