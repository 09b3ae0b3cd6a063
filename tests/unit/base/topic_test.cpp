#include "base/topic.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace lotmesh;

namespace {

std::vector<std::string_view> levels_of(std::string_view topic) {
    std::vector<std::string_view> levels;
    for (const std::string_view level : TopicLevels(topic))
        levels.push_back(level);
    return levels;
}

using Levels = std::vector<std::string_view>;

}  // namespace

TEST_CASE("a topic has one level more than slashes") {
    CHECK(levels_of("a") == Levels{"a"});
    CHECK(levels_of("a/b/c") == Levels{"a", "b", "c"});
    CHECK(levels_of("/") == Levels{"", ""});
    CHECK(levels_of("/a//b/") == Levels{"", "a", "", "b", ""});
    CHECK(levels_of("") == Levels{""});
}

TEST_CASE("the iterator of levels knows the rest of the topic") {
    auto it = TopicLevels("a/bb/c").begin();
    CHECK(it.rest() == "a/bb/c");
    it++;
    CHECK(it.rest() == "bb/c");
    CHECK(*++it == "c");
    CHECK(++it == std::default_sentinel);
}

TEST_CASE("names without wildcard are valid") {
    for (const std::string_view name : {"a", "/", "//", "a/b", "a b/c", "$SYS/broker", "\xC3\xA4"})
        CHECK(is_valid_topic_name(name));
}

TEST_CASE("names with wildcards, without characters or ill-formed are not valid") {
    // [MQTT-4.7.0-1] [MQTT-4.7.3-1] [MQTT-4.7.3-2]
    for (const std::string_view name : {"", "+", "#", "a/+", "a/#", "a+b", "a#", "\xFF"})
        CHECK_FALSE(is_valid_topic_name(name));
    CHECK_FALSE(is_valid_topic_name(std::string_view("a\0b", 3)));
}

TEST_CASE("filters have wildcards in whole levels, and # last") {
    for (const std::string_view filter :
         {"a", "/", "#", "+", "+/+", "/+", "+/", "a/#", "/#", "+/#", "a/+/b", "$SYS/#", "$share"})
        CHECK(is_valid_topic_filter(filter));
    // [MQTT-4.7.1-1] [MQTT-4.7.1-2]
    for (const std::string_view filter :
         {"", "a#", "#a", "#/", "#/a", "a/#/b", "a/#/", "##", "a+", "+a", "a/b+/c", "++", "+#"})
        CHECK_FALSE(is_valid_topic_filter(filter));
}

TEST_CASE("names and filters have 65535 bytes at most [MQTT-4.7.3-3]") {
    CHECK(is_valid_topic_name(std::string(kTopicBytesMax, 'a')));
    CHECK(is_valid_topic_filter(std::string(kTopicBytesMax, 'a')));
    CHECK_FALSE(is_valid_topic_name(std::string(kTopicBytesMax + 1, 'a')));
    CHECK_FALSE(is_valid_topic_filter(std::string(kTopicBytesMax + 1, 'a')));
    const std::string share = "$share/g/";
    CHECK(is_valid_topic_filter(share + std::string(kTopicBytesMax - share.size(), 'a')));
    CHECK_FALSE(is_valid_topic_filter(share + std::string(kTopicBytesMax - share.size() + 1, 'a')));
}

TEST_CASE("names and filters have 200 levels at most") {
    const std::string fits(kTopicLevelsMax - 1, '/');
    CHECK(is_valid_topic_name(fits));
    CHECK(is_valid_topic_filter(fits));
    CHECK(is_valid_topic_filter("$share/g/" + fits));
    CHECK_FALSE(is_valid_topic_name(fits + '/'));
    CHECK_FALSE(is_valid_topic_filter(fits + '/'));
    CHECK_FALSE(is_valid_topic_filter("$share/g/" + fits + '/'));
}

TEST_CASE("a shared filter falls into group and filter") {
    CHECK(parse_shared_filter("$share/g/a/+/#") == SharedFilter{"g", "a/+/#"});
    CHECK(parse_shared_filter("$share/g//") == SharedFilter{"g", "/"});
    CHECK(parse_shared_filter("$share/$g/$share/x") == SharedFilter{"$g", "$share/x"});
}

TEST_CASE("a shared filter without a proper group or filter is none") {
    // [MQTT-4.8.2-1] [MQTT-4.8.2-2]
    for (const std::string_view filter :
         {"$share/", "$share/g", "$share/g/", "$share//a", "$share/+/a", "$share/#/a",
          "$share/g+/a", "$share/g/a#", "$share/\xFF/a", "$share/g/\xFF"}) {
        CHECK(is_shared_filter(filter));
        CHECK_FALSE(parse_shared_filter(filter).has_value());
        CHECK_FALSE(is_valid_topic_filter(filter));
    }
}

TEST_CASE("a plain filter is not shared") {
    for (const std::string_view filter :
         {"a", "$share", "$shared/g/a", "share/g/a", "$SHARE/g/a"}) {
        CHECK_FALSE(is_shared_filter(filter));
        CHECK_FALSE(parse_shared_filter(filter).has_value());
    }
}

TEST_CASE("filters match names level by level") {
    struct Case {
        std::string_view filter;
        std::string_view name;
    };
    for (const Case c : std::vector<Case>{{"a", "a"},
                                          {"a/b", "a/b"},
                                          {"+", "a"},
                                          {"+", " "},
                                          {"+/+", "/a"},
                                          {"/+", "/a"},
                                          {"+/b", "a/b"},
                                          {"a/+", "a/"},
                                          {"a/+/c", "a/b/c"},
                                          {"#", "a/b/c"},
                                          {"#", "/"},
                                          {"a/#", "a"},
                                          {"a/#", "a/b/c"},
                                          {"a/#", "a/"},
                                          {"a/+/#", "a/b"},
                                          {"+/#", "a"},
                                          {"/#", "/"},
                                          {"$SYS/#", "$SYS/a"},
                                          {"$SYS/+", "$SYS/a"}}) {
        CAPTURE(std::string(c.filter));
        CAPTURE(std::string(c.name));
        CHECK(topic_matches(c.filter, c.name));
    }
}

TEST_CASE("filters do not match names of other levels") {
    struct Case {
        std::string_view filter;
        std::string_view name;
    };
    for (const Case c : std::vector<Case>{{"a", "b"},
                                          {"a", "A"},  // [MQTT-4.7.3-4]
                                          {"a", "a/"},
                                          {"a/", "a"},
                                          {"a", "/a"},
                                          {"a", "aa"},
                                          {"+", "a/b"},
                                          {"+", "/a"},
                                          {"a/+", "a"},
                                          {"a/+", "a/b/c"},
                                          {"a/+/#", "a"},
                                          {"a/b/#", "a"},
                                          {"/#", "a"},
                                          {"a/#", "ab"},
                                          {"+/+/+", "a/b"}}) {
        CAPTURE(std::string(c.filter));
        CAPTURE(std::string(c.name));
        CHECK_FALSE(topic_matches(c.filter, c.name));
    }
}

TEST_CASE("a leading wildcard does not match a name with a leading dollar [MQTT-4.7.2-1]") {
    for (const std::string_view filter : {"#", "+", "+/#", "+/broker", "+/+"})
        CHECK_FALSE(topic_matches(filter, "$SYS/broker"));
    CHECK(topic_matches("a/+", "a/$b"));
    CHECK(topic_matches("#", "a/$b"));
}

TEST_CASE("a filter without wildcards matches its own text and nothing else") {
    const std::vector<std::string_view> names{"a", "b", "/", "a/", "/a", "a/b", "a/b/c", "$a"};
    for (const std::string_view filter : names)
        for (const std::string_view name : names)
            CHECK(topic_matches(filter, name) == (filter == name));
}
