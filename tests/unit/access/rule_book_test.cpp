#include "runtime/access/rule_book.h"

#include <doctest/doctest.h>

#include <string>

#include "base/rng.h"
#include "runtime/access/limits.h"
#include "runtime/access/print.h"
#include "runtime/access/text.h"

using namespace lotmesh;
using namespace lotmesh::access;

namespace {

const Principal kAda = {"c1", "ada", {}, "public"};
const Principal kNobody = {"c2", "", {}, "inside"};

Rights rights(const std::string& text, const Principal& principal = kAda) {
    auto rules = read_rules(text);
    REQUIRE(rules);
    return {std::make_shared<const RuleBook>(std::move(*rules)), principal};
}

Rules many(std::size_t count, const Subject& subject) {
    Rules rules;
    for (std::size_t i = 0; i < count; ++i)
        rules.rules.push_back({Verdict::Allow, {subject}, {Action::Connect}});
    return rules;
}

}  // namespace

TEST_CASE("S9: without rules everything is denied") {
    const Rights nothing = rights("");
    for (const Action action : kActions)
        CHECK_FALSE(nothing.may(action, has_topic(action) ? "a" : ""));
    CHECK(nothing.decide(Action::Connect, "") == Decision{Verdict::Deny, Reason::NoRule, nullptr});
}

TEST_CASE("the first rule from the top that is about it decides") {
    const Rights ada = rights(
        "deny user ada publish plant/secret\n"
        "allow user ada publish plant/#\n"
        "deny anybody publish #\n"
        "allow anybody publish late/#\n");
    CHECK(ada.may(Action::Publish, "plant"));
    CHECK(ada.may(Action::Publish, "plant/x"));
    CHECK_FALSE(ada.may(Action::Publish, "plant/secret"));
    CHECK_FALSE(ada.may(Action::Publish, "late/x"));
    CHECK_FALSE(ada.may(Action::Receive, "plant/x"));
    CHECK(ada.decide(Action::Publish, "plant/secret").rule->line == 1);
    CHECK(ada.decide(Action::Publish, "plant/x").rule->line == 2);
    CHECK(ada.decide(Action::Publish, "late/x").rule->line == 3);
}

TEST_CASE("order counts across all that a principal is") {
    const Principal member = {"c1", "ada", {"guests"}, "public"};
    const std::string text =
        "group staff = ada, bob\n"
        "group guests =\n"
        "allow listener public publish a\n"
        "deny group guests publish a\n"
        "deny client c1 publish b\n"
        "allow user ada publish b\n"
        "allow group staff publish c\n"
        "deny anybody publish c\n"
        "allow user ada publish d\n";
    const Rights ada = rights(text, member);
    CHECK(ada.may(Action::Publish, "a"));
    CHECK_FALSE(ada.may(Action::Publish, "b"));
    CHECK(ada.may(Action::Publish, "c"));
    const Rights other = rights(text, {"c9", "eve", {"guests"}, "inside"});
    CHECK_FALSE(other.may(Action::Publish, "a"));
    CHECK_FALSE(other.may(Action::Publish, "c"));
}

TEST_CASE("a subscription is allowed as a whole and denied by any part") {
    const Rights ada = rights(
        "deny anybody subscribe plant/secret/#\n"
        "allow anybody read plant/#\n"
        "deny anybody receive hall/secret/#\n"
        "allow anybody read hall/#\n");
    CHECK(ada.may(Action::Subscribe, "plant/a/#"));
    CHECK_FALSE(ada.may(Action::Subscribe, "plant/#"));
    CHECK_FALSE(ada.may(Action::Subscribe, "plant/+/x"));
    CHECK_FALSE(ada.may(Action::Subscribe, "plant/secret/x"));
    CHECK_FALSE(ada.may(Action::Subscribe, "#"));
    CHECK(ada.may(Action::Subscribe, "hall/#"));
    CHECK_FALSE(ada.may(Action::Receive, "hall/secret/x"));
    CHECK(ada.may(Action::Receive, "hall/x"));
}

TEST_CASE("S26: # grants no topic that begins with $") {
    const Rights ada = rights("allow anybody read,write #\nallow user ada sys $SYS/broker/#");
    CHECK(ada.may(Action::Subscribe, "#"));
    CHECK(ada.may(Action::Subscribe, "+/#"));
    CHECK_FALSE(ada.may(Action::Subscribe, "$other/#"));
    CHECK_FALSE(ada.may(Action::Publish, "$SYS/broker/x"));
    CHECK(ada.may(Action::Sys, "$SYS/broker/#"));
    CHECK(ada.may(Action::Sys, "$SYS/broker/uptime"));
    CHECK_FALSE(ada.may(Action::Sys, "$SYS/#"));
}

TEST_CASE("actions without a topic, and who has no name") {
    const std::string text =
        "allow anybody connect\n"
        "allow user ada admin,cluster\n"
        "allow anonymous publish open\n";
    CHECK(rights(text).may(Action::Admin, ""));
    CHECK(rights(text).may(Action::Cluster, ""));
    CHECK_FALSE(rights(text).may(Action::Publish, "open"));
    CHECK(rights(text, kNobody).may(Action::Connect, ""));
    CHECK_FALSE(rights(text, kNobody).may(Action::Cluster, ""));
    CHECK(rights(text, kNobody).may(Action::Publish, "open"));
}

TEST_CASE("S11: a rule of one listener is not one of another") {
    const std::string text = "allow anonymous listener inside read a\nallow listener public read b";
    const struct {
        const char* listener;
        const char* user;
        bool a;
        bool b;
    } cases[] = {{"inside", "", true, false}, {"inside", "ada", false, false},
                 {"public", "", false, true}, {"public", "ada", false, true},
                 {"third", "", false, false}, {"", "", false, false}};
    for (const auto& row : cases) {
        CAPTURE(row.listener);
        CAPTURE(row.user);
        const Rights who = rights(text, {"c", row.user, {}, row.listener});
        CHECK(who.may(Action::Receive, "a") == row.a);
        CHECK(who.may(Action::Receive, "b") == row.b);
    }
}

TEST_CASE("all words for who is meant hold together") {
    const std::string text =
        "group a = ada\ngroup b = ada, bob\n"
        "allow group a group b client c1 publish x\nallow user bob client c1 publish x";
    CHECK(rights(text).may(Action::Publish, "x"));
    CHECK_FALSE(rights(text, {"c2", "ada"}).may(Action::Publish, "x"));
    CHECK(rights(text, {"c1", "bob"}).may(Action::Publish, "x"));
    CHECK_FALSE(rights(text, {"c1", "eve"}).may(Action::Publish, "x"));
}

TEST_CASE(
    "S1: who has a name that could be more than one level may do nothing where rules use it") {
    const std::string text =
        "allow anybody connect\nallow anybody write plant/%u/#\nallow user bob read home/%c/#";
    for (const char* const name : {"+", "#", "a/b", "a#"}) {
        CAPTURE(name);
        const Rights who = rights(text, {"c1", name});
        CHECK_FALSE(who.may(Action::Connect, ""));
        CHECK_FALSE(who.may(Action::Publish, "plant/a/b"));
        CHECK(who.decide(Action::Connect, "").reason == Reason::UnsafeName);
        CHECK(who.decide(Action::Connect, "").rule->line == 2);
        // A client id counts for those only whose rules use it.
        CHECK(rights(text, {name, "ada"}).may(Action::Connect, ""));
        CHECK_FALSE(rights(text, {name, "bob"}).may(Action::Connect, ""));
    }
    CHECK(rights(text, {"a/b", ""}).may(Action::Connect, ""));
    CHECK(rights("allow anybody connect", {"c", "a/b"}).may(Action::Connect, ""));
}

TEST_CASE("who is in more groups than can be looked at may do nothing") {
    std::string text = "allow anybody connect\n";
    Principal who = {"c", "ada"};
    for (std::size_t i = 0; i <= kGroupsOfPrincipalMax; ++i) {
        text += "group g" + std::to_string(i) + " =\ndeny group g" + std::to_string(i) + " admin\n";
        if (i < kGroupsOfPrincipalMax) who.groups.push_back("g" + std::to_string(i));
    }
    who.groups.emplace_back("of which no rule speaks");
    CHECK(rights(text, who).may(Action::Connect, ""));
    who.groups.push_back("g" + std::to_string(kGroupsOfPrincipalMax));
    CHECK_FALSE(rights(text, who).may(Action::Connect, ""));
    CHECK(rights(text, who).decide(Action::Connect, "").reason == Reason::TooManyGroups);
}

TEST_CASE("rules have their bounds") {
    CHECK(faults_of(many(kRulesOfSubjectMax, {})).empty());
    CHECK(faults_of(many(kRulesOfSubjectMax + 1, {})).size() == 1);
    Rules rules;
    for (std::size_t i = 0; i < kRulesMax; ++i)
        rules.rules.push_back(
            {Verdict::Allow, {{SubjectKind::User, "u" + std::to_string(i)}}, {Action::Connect}});
    CHECK(faults_of(rules).empty());
    rules.rules.push_back(rules.rules.back());
    CHECK(faults_of(rules).size() == 1);
    Rules groups;
    for (std::size_t i = 0; i < kGroupsMax; ++i)
        groups.groups.push_back({"g" + std::to_string(i)});
    CHECK(faults_of(groups).empty());
    groups.groups.push_back({"one more"});
    CHECK(faults_of(groups).size() == 1);
}

namespace {

// The second opinion on a whole decision: from the top, with nothing made ready.
bool holds(const Subject& subject, const Principal& who, const Rules& rules) {
    switch (subject.kind) {
        case SubjectKind::User: return !who.user_name.empty() && who.user_name == subject.name;
        case SubjectKind::Client: return who.client_id == subject.name;
        case SubjectKind::Listener: return who.listener == subject.name;
        case SubjectKind::Anonymous: return who.user_name.empty();
        case SubjectKind::Anybody: return true;
        case SubjectKind::Group: break;
    }
    for (const std::string& group : who.groups)
        if (group == subject.name) return true;
    for (const Group& group : rules.groups)
        for (const std::string& member : group.members)
            if (group.name == subject.name && member == who.user_name) return true;
    return false;
}

const Rule* first_rule(const Rules& rules, const Principal& who, Action action,
                       const std::string& topic) {
    for (const Rule& rule : rules.rules) {
        bool about = rule.actions.has(action);
        for (const Subject& subject : rule.who)
            about = about && holds(subject, who, rules);
        const Pattern pattern(rule.topic);
        const Names names = {who.user_name, who.client_id};
        if (about && has_topic(action))
            about = rule.verdict == Verdict::Allow ? pattern.covers(topic, names)
                                                   : pattern.overlaps(topic, names);
        if (about) return &rule;
    }
    return nullptr;
}

std::string pick(Rng& random, std::initializer_list<const char*> from) {
    return *(from.begin() + random.below(from.size()));
}

std::string random_rules(Rng& random) {
    std::string text = "group g = ada, bob\ngroup h = eve\n";
    for (std::uint64_t i = random.below(12); i != 0; --i) {
        text += pick(random, {"allow ", "deny "});
        text += pick(random, {"user ada ", "user bob ", "client c1 ", "group g ", "group h ",
                              "listener l ", "anonymous ", "anybody ", "listener l group g ",
                              "client c1 user ada ", "anonymous listener l "});
        text += pick(random, {"publish,receive ", "subscribe ", "read ", "write "});
        text += pick(random, {"a", "a/#", "+/b", "#", "a/%u", "%c/#", "a/b"}) + "\n";
    }
    return text;
}

}  // namespace

TEST_CASE("decisions are those of reading the rules from the top") {
    Rng random(7);
    for (int round = 0; round < 3000; ++round) {
        const std::string text = random_rules(random);
        const auto rules = read_rules(text);
        REQUIRE(rules);
        const Principal who = {pick(random, {"c1", "c2"}),
                               pick(random, {"", "ada", "bob", "eve"}),
                               {pick(random, {"g", "h", "i"})},
                               pick(random, {"l", "m"})};
        const Rights made(std::make_shared<const RuleBook>(*rules), who);
        const std::string topic = pick(random, {"a", "a/b", "a/ada", "c1/x", "#", "a/+", "+/b"});
        for (const Action action : {Action::Publish, Action::Subscribe, Action::Receive}) {
            const Rule* const expected = first_rule(*rules, who, action, topic);
            const Decision decision = made.decide(action, topic);
            CAPTURE(text);
            CAPTURE(topic);
            REQUIRE((decision.rule ? decision.rule->line : 0) == (expected ? expected->line : 0));
            REQUIRE(decision.verdict == (expected ? expected->verdict : Verdict::Deny));
        }
    }
}

TEST_CASE("what is kept for each session is small, however many rules there are") {
    CHECK(sizeof(Rights) <= 144);
    const auto book = std::make_shared<const RuleBook>(many(kRulesOfSubjectMax, {}));
    CHECK(book->standing_of(kAda).subjects.size() == 1);
}
