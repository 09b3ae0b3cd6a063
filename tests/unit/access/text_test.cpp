#include "runtime/access/text.h"

#include <doctest/doctest.h>

#include <string>

#include "runtime/access/limits.h"
#include "runtime/access/print.h"

using namespace lotmesh;
using namespace lotmesh::access;

namespace {

// The first mistake, as "LINE:COLUMN: what"; empty where there is none.
std::string mistake(const std::string& text) {
    const auto rules = read_rules(text);
    return rules ? std::string() : to_string(rules.error().front(), "f").substr(2);
}

std::string again(const std::string& text) {
    const auto rules = read_rules(text);
    REQUIRE(rules);
    return to_string(*rules);
}

}  // namespace

TEST_CASE("rules are read as they were written") {
    const auto rules = read_rules(
        "# people\n"
        "group operators = alice, bob\r\n"
        "\n"
        "  allow user alice publish, subscribe,receive plant/%u/#\n"
        "deny anybody publish \"a b/#\"\n"
        "allow anonymous listener 127.0.0.1:1883 read #\n"
        "allow group operators admin");
    REQUIRE(rules);
    REQUIRE(rules->groups.size() == 1);
    CHECK(rules->groups[0] == Group{"operators", {"alice", "bob"}, 2});
    REQUIRE(rules->rules.size() == 4);
    CHECK(rules->rules[0] == Rule{Verdict::Allow,
                                  {{SubjectKind::User, "alice"}},
                                  {Action::Publish, Action::Subscribe, Action::Receive},
                                  "plant/%u/#",
                                  4});
    CHECK(rules->rules[1].topic == "a b/#");
    CHECK(rules->rules[2].who == std::vector<Subject>{{SubjectKind::Anonymous, {}},
                                                      {SubjectKind::Listener, "127.0.0.1:1883"}});
    CHECK(rules->rules[3].actions == ActionSet{Action::Admin});
}

TEST_CASE("S9: a text that says nothing is one without rules") {
    for (const char* const text :
         {"", "\n\n", "  \t \r\n", "# allow anybody read #\n", "\xEF\xBB\xBF"}) {
        const auto rules = read_rules(text);
        REQUIRE(rules);
        CHECK(*rules == Rules{});
    }
}

TEST_CASE("what is printed is read as the same") {
    const std::string good =
        "group \"night shift\" = \"Ada, B.\", bob\n"
        "group empty =\n"
        "allow user \"a \\\"b\\\" \\\\ c\" read,write x/#\n"
        "deny client c1 listener ws://[::1]:80/mqtt publish,will \"sub scribe/#\"\n"
        "allow user user sys $SYS/#\n"
        "allow anybody read,write \",a\"\n"
        "allow anybody connect,admin,cluster\n";
    CHECK(again(good) == good);
    CHECK(again(again(good)) == good);
}

TEST_CASE("S31: a mistake says where it is and what to do") {
    CHECK(mistake("alow anybody read #") ==
          "1:1: alow is not allow, deny or group, which begin a line; did you mean allow?");
    CHECK(mistake("permit all") == "1:1: permit is not allow, deny or group, which begin a line");
    CHECK(mistake("allow usr ada read #").find("1:7: usr is not who is meant: ") == 0);
    CHECK(mistake("allow usr ada read #").ends_with("did you mean user?"));
    CHECK(mistake("allow").find("1:6: here should be who is meant: ") == 0);
    CHECK(mistake("allow user") == "1:11: here should be the name of the user");
    CHECK(mistake("allow user ada").find("1:15: here should be an action: read, write") == 0);
    CHECK(mistake("\nallow user ada publsh a").find("2:16: publsh is not an action: ") == 0);
    CHECK(mistake("\nallow user ada publsh a").ends_with("did you mean publish?"));
    CHECK(mistake("allow user ada publish,,read a").find("1:24: here should be an action") == 0);
    CHECK(mistake("allow user ada publish") ==
          "1:23: here should be a topic filter; # is for all topics");
    CHECK(mistake("allow user ada connect a").find("1:24: this action is about no topic") == 0);
    CHECK(mistake("allow user ada connect # why").find("1:24: this action is about no topic") == 0);
    CHECK(mistake("allow user ada connect,read a").find("1:16: connect, admin and cluster are") ==
          0);
    CHECK(mistake("allow user ada read a # why").find("1:23: a rule ends behind its topic") == 0);
    CHECK(mistake("allow user \xC3\xA4 reed a").find("1:14: reed is not an action") == 0);
    CHECK(mistake("allow \"user\" ada read a").find("1:7: user is not who is meant") == 0);
}

TEST_CASE("mistakes in topics") {
    for (const char* const topic : {"a/#/b", "a+", "a/b#", "\"\"x", "\"a"})
        CHECK_FALSE(mistake("allow anybody read " + std::string(topic)).empty());
    CHECK(mistake("allow anybody read a+").find("1:20: this is no topic filter; ") == 0);
    CHECK(mistake("allow anybody read \"a b").find("1:20: this \" is not closed") == 0);
    CHECK(mistake("allow anybody read a/%u-x") ==
          "1:20: %u must be a level of its own, as in plant/%u/#");
    CHECK(mistake("allow anybody read a/x%c").find("1:20: %c must be") == 0);
    CHECK(mistake("allow anybody read a/100%").empty());
    CHECK(mistake("allow anybody read $SYS/#").find("1:20: what is below $SYS is for") == 0);
    CHECK(mistake("allow anybody sys,read $SYS/#").find("1:24: what is below $SYS is for") == 0);
    CHECK(mistake("allow anybody sys a/#").find("1:19: sys is about topics below $SYS") == 0);
    CHECK(mistake("allow anybody sys $SYSTEM/#").find("1:19: sys is about topics") == 0);
}

TEST_CASE("S25: a rule is about the filter behind the group, and says none of its own") {
    for (const char* const filter : {"$share/g/a", "$share/+/a", "$share//a", "$share/g"})
        CHECK(mistake("allow anybody read " + std::string(filter))
                  .find("1:20: leave $share and the name of the group out") == 0);
}

TEST_CASE("mistakes about who is meant") {
    CHECK(mistake("allow user a user b read x").find("1:14: nobody is both") == 0);
    CHECK(mistake("allow anybody anybody read x").find("1:15: nobody is both") == 0);
    CHECK(mistake("group g = a\nallow group g group g client c listener l anybody read x")
              .find("2:43: a rule has at most 4 words") == 0);
    CHECK(mistake("group g = a\nallow group g group g client c listener l read x").empty());
    CHECK(mistake("group staff = a\n allow group staf read x") ==
          "2:2: there is no group staf; did you mean staff?");
    CHECK(mistake("allow group staff read x") ==
          "1:1: there is no group staff; say who is in it with `group staff = ...`");
    CHECK(mistake("group g = a\n\ngroup g = b") ==
          "3:1: group g is there already, in line 1: put all its members there");
    CHECK(mistake("group =").find("1:7: here should be the name of the group") == 0);
    CHECK(mistake("group g a").find("1:9: here should be = and who") == 0);
    CHECK(mistake("group g = a b") == "1:13: here should be a comma");
    CHECK(mistake("group g = a,") == "1:13: here should be the name of a user");
    CHECK(mistake("group g = a,,b") == "1:13: here should be the name of a user");
}

TEST_CASE("what is no text is refused with its place") {
    CHECK(mistake("# \xFF\nallow anybody read #").find("1:3: this is not UTF-8") == 0);
    CHECK(mistake(std::string("# a\0", 4)).find("1:4: there is a control character") == 0);
    CHECK(mistake("allow user a\x1B[2J read x").find("1:13: there is a control character") == 0);
    const auto rules = read_rules("allow user a\x1B[2J\xFF read x");
    REQUIRE_FALSE(rules);
    CHECK(rules.error().front().text == "allow user a?[2J? read x");
}

TEST_CASE("all mistakes are told, in the order of the text, and each with its line") {
    const auto rules = read_rules("allow x\n\xFF\nallow user ada reed a\n");
    REQUIRE_FALSE(rules);
    REQUIRE(rules.error().size() == 3);
    CHECK(rules.error()[0].line == 1);
    CHECK(rules.error()[1].line == 2);
    CHECK(with_line(rules.error()[2], "acl")
              .ends_with("did you mean read?\n"
                         "    allow user ada reed a\n"
                         "                   ^\n"));
}

TEST_CASE("a text has its bounds") {
    const std::string line = "# " + std::string(kLineBytesMax - 2, 'x');
    CHECK(mistake(line).empty());
    CHECK(mistake(line + "x").find("the line has more than 4096 bytes") != std::string::npos);
    std::string text;
    while (text.size() + kLineBytesMax + 1 <= kTextBytesMax)
        text += line + "\n";
    text += "#" + std::string(kTextBytesMax - text.size() - 1, 'x');
    REQUIRE(text.size() == kTextBytesMax);
    CHECK(mistake(text).empty());
    CHECK(mistake(text + "x") == "1:1: the file has more than 4194304 bytes");
    std::string wrong;
    for (std::size_t i = 0; i <= kMistakesMax; ++i)
        wrong += "x\n";
    CHECK(read_rules(wrong).error().size() == kMistakesMax);
    std::string members = "group g = a";
    for (std::size_t i = 0; i < kGroupsOfPrincipalMax - 1; ++i)
        members += "\ngroup g" + std::to_string(i) + " = a";
    CHECK(mistake(members).empty());
    CHECK(mistake(members + "\ngroup h = a") == "17:1: a is in more than 16 groups");
}
