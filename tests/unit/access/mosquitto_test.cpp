#include "runtime/access/mosquitto.h"

#include <doctest/doctest.h>

#include <memory>
#include <string>

#include "runtime/access/print.h"
#include "runtime/access/rule_book.h"
#include "runtime/access/text.h"

using namespace lotmesh;
using namespace lotmesh::access;

namespace {

std::string imported(const std::string& text) {
    const auto rules = read_mosquitto_acl(text);
    REQUIRE(rules);
    const std::string ours = to_string(*rules);
    CHECK(read_rules(ours));
    return ours;
}

std::string mistake(const std::string& text) {
    const auto rules = read_mosquitto_acl(text);
    return rules ? std::string() : to_string(rules.error().front(), "f").substr(2);
}

const std::string kConnect = "allow anybody connect\n";

}  // namespace

TEST_CASE("of the example that comes with mosquitto all is read but what is for its bridges") {
    const std::string example =
        "# This affects access control for clients with no username.\n"
        "topic read $SYS/#\n"
        "\n"
        "# This only affects clients with username \"roger\".\n"
        "user roger\n"
        "topic foo/bar\n"
        "\n"
        "# This affects all clients.\n";
    CHECK(imported(example) == kConnect +
                                   "allow anonymous sys $SYS/#\n"
                                   "allow user roger read,write foo/bar\n");
    CHECK(
        mistake(example + "pattern write $SYS/broker/connection/%c/state\n") ==
        "9:15: nobody publishes below $SYS here; write `read` before the topic, or leave the line "
        "out");
}

TEST_CASE("each line is said in our words") {
    CHECK(imported("") == kConnect);
    CHECK(imported("topic a/#\ntopic read b\ntopic write c\ntopic readwrite d\ntopic deny e\n") ==
          kConnect +
              "deny anonymous write,receive e\n"
              "allow anonymous read,write a/#\n"
              "allow anonymous read b\n"
              "allow anonymous write c\n"
              "allow anonymous read,write d\n");
    CHECK(imported("topic read $SYS/#\ntopic deny $SYS/broker/#\n") ==
          kConnect + "deny anonymous sys $SYS/broker/#\nallow anonymous sys $SYS/#\n");
}

TEST_CASE("denied comes first, users before patterns, and a user may come again") {
    CHECK(imported("pattern write home/%u/#\n"
                   "user ada\ntopic a/#\n"
                   "user bob\ntopic b\n"
                   "pattern deny %c/secret\n"
                   "user ada\ntopic deny a/secret\n") ==
          kConnect +
              "deny user ada write,receive a/secret\n"
              "allow user ada read,write a/#\n"
              "allow user bob read,write b\n"
              "deny anybody write,receive %c/secret\n"
              "allow anybody write home/%u/#\n");
}

TEST_CASE("names and topics with blanks in them") {
    CHECK(imported("user Ada B.\ntopic read the hall/#\n") ==
          kConnect + "allow user \"Ada B.\" read \"the hall/#\"\n");
    CHECK(imported("user \"x\"\ntopic write \"a\n") ==
          kConnect + "allow user \"\\\"x\\\"\" write \"\\\"a\"\n");
}

TEST_CASE("what it decides is what mosquitto decides") {
    auto rules = read_mosquitto_acl(
        "topic read open/#\n"
        "user ada\ntopic deny plant/secret/#\ntopic plant/#\n"
        "pattern readwrite home/%u/#\n");
    REQUIRE(rules);
    const auto book = std::make_shared<const RuleBook>(std::move(*rules));
    const Rights ada(book, {"c", "ada"});
    const Rights nobody(book, {"c", ""});
    CHECK(ada.may(Action::Connect, ""));
    CHECK(ada.may(Action::Publish, "plant/x"));
    CHECK(ada.may(Action::Retain, "plant/x"));
    CHECK_FALSE(ada.may(Action::Publish, "plant/secret/x"));
    CHECK(ada.may(Action::Subscribe, "plant/#"));
    CHECK_FALSE(ada.may(Action::Receive, "plant/secret/x"));
    CHECK(ada.may(Action::Receive, "home/ada/x"));
    CHECK_FALSE(ada.may(Action::Receive, "open/x"));
    CHECK(nobody.may(Action::Receive, "open/x"));
    CHECK_FALSE(nobody.may(Action::Publish, "open/x"));
    CHECK_FALSE(nobody.may(Action::Receive, "home//x"));
}

TEST_CASE("what cannot be said here is a mistake in its line") {
    CHECK(mistake("user\n").find("1:5: here should be the name of a user") == 0);
    CHECK(mistake("\ntopics a\n") ==
          "2:1: topics is not user, topic or pattern; did you mean topic?");
    CHECK(mistake("acl a\n") == "1:1: acl is not user, topic or pattern");
    CHECK(mistake("topic raed a\n") ==
          "1:7: raed is not read, write, readwrite or deny; did you mean read?");
    CHECK(mistake("topic\n") == "1:6: here should be a topic");
    CHECK(mistake("topic a/#/b\n").find("1:7: this is no topic filter") == 0);
    CHECK(mistake("topic $share/g/a\n").find("1:7: leave $share") == 0);
    CHECK(mistake("topic read a/%u/b\n").find("1:12: %u is taken literally") == 0);
    CHECK(mistake("pattern read a/x%u/b\n").find("1:14: %u is within a level") == 0);
    CHECK(mistake("topic $SYS/#\n").find("1:7: nobody publishes below $SYS") == 0);
    CHECK(mistake("topic write $SYS/#\n").find("1:13: nobody publishes below $SYS") == 0);
    CHECK(mistake("topic read\ta\n") == "1:11: there is a tab here; write a space");
    CHECK(read_mosquitto_acl("topic\nfoo\ntopic a/#/b").error().size() == 3);
}
