#include "runtime/access/condition.h"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <vector>

#include "runtime/access/limits.h"
#include "runtime/access/print.h"
#include "runtime/access/rule_book.h"

using namespace lotmesh::access;

namespace {

using Kind = ConditionStep::Kind;

ConditionStep user(const std::string& name) { return {Kind::Holds, {SubjectKind::User, name}}; }
ConditionStep group(const std::string& name) { return {Kind::Holds, {SubjectKind::Group, name}}; }
const ConditionStep kAnybody = {Kind::Holds, {SubjectKind::Anybody}};
const ConditionStep kNot = {Kind::Not};
const ConditionStep kAnd = {Kind::And};
const ConditionStep kOr = {Kind::Or};

Rule rule(Verdict verdict, Condition when, const std::string& topic) {
    return {.verdict = verdict,
            .who = {{SubjectKind::Anybody}},
            .actions = {Action::Publish},
            .topic = topic,
            .when = std::move(when),
            .name = "R"};
}

Decision decide(std::vector<Rule> rules, const Principal& who, const std::string& topic,
                std::vector<Group> groups = {}) {
    const auto book = std::make_shared<const RuleBook>(Rules{std::move(groups), std::move(rules)});
    Decision decision = Rights(book, who).decide(Action::Publish, topic);
    decision.rule = nullptr;  // goes with the book
    return decision;
}

bool allows(const Condition& when, const Principal& who) {
    return decide({rule(Verdict::Allow, when, "a")}, who, "a").verdict == Verdict::Allow;
}

}  // namespace

TEST_CASE("one star of a pattern stands for any characters, and %u for the user name") {
    const auto like = [](std::string_view pattern, std::string_view id,
                         std::string_view user = "") { return is_like(pattern, {user, id}); };
    CHECK(like("pump", "pump"));
    CHECK_FALSE(like("pump", "pump1"));
    CHECK(like("pump-*", "pump-"));
    CHECK(like("pump-*", "pump-7"));
    CHECK_FALSE(like("pump-*", "xpump-7"));
    CHECK(like("*-7", "pump-7"));
    CHECK(like("p*7", "pump-7"));
    CHECK(like("*", ""));
    CHECK_FALSE(like("aba*aba", "ababa"));
    CHECK(like("%u", "ada", "ada"));
    CHECK_FALSE(like("%u", "ada", "bob"));
    CHECK_FALSE(like("%u", "", ""));
}

TEST_CASE("conditions are true as their operators say") {
    const Principal ada = {.client_id = "c1", .user_name = "ada", .groups = {"g"}};
    const Principal nobody = {.client_id = "c2"};
    CHECK(allows({user("ada")}, ada));
    CHECK_FALSE(allows({user("ada")}, nobody));
    CHECK(allows({user("ada"), kNot}, nobody));
    CHECK(allows({{Kind::Holds, {SubjectKind::Anonymous}}}, nobody));
    CHECK_FALSE(allows({{Kind::Holds, {SubjectKind::Anonymous}}}, ada));
    CHECK(allows({kAnybody}, nobody));
    CHECK(allows({user("bob"), group("g"), kOr}, ada));
    CHECK_FALSE(allows({user("bob"), group("g"), kAnd}, ada));
    CHECK(allows({group("g"), {Kind::ClientLike, {SubjectKind::Client, "c*"}}, kAnd}, ada));
    CHECK_FALSE(allows({group("g"), {Kind::ClientLike, {SubjectKind::Client, "d*"}}, kAnd}, ada));
    CHECK(allows({user("bob"), kNot, user("eve"), kNot, kAnd}, ada));
}

TEST_CASE("a group of the file is one of conditions too") {
    const Principal ada = {.client_id = "c", .user_name = "ada"};
    CHECK(decide({rule(Verdict::Allow, {group("staff")}, "a")}, ada, "a", {{"staff", {"ada"}}})
              .verdict == Verdict::Allow);
}

TEST_CASE("rules with and without a condition are asked in one order") {
    const Rule allow_all = {.verdict = Verdict::Allow,
                            .who = {{SubjectKind::Anybody}},
                            .actions = {Action::Publish},
                            .topic = "#"};
    const Principal ada = {.client_id = "c", .user_name = "ada"};
    const Rule deny = rule(Verdict::Deny, {user("ada")}, "a");
    CHECK(decide({allow_all, deny}, ada, "a").verdict == Verdict::Allow);
    CHECK(decide({deny, allow_all}, ada, "a").verdict == Verdict::Deny);
    CHECK(decide({deny, allow_all}, ada, "b").verdict == Verdict::Allow);
    CHECK(decide({deny, allow_all}, {.client_id = "c", .user_name = "eve"}, "a").verdict ==
          Verdict::Allow);
    CHECK(decide({deny}, ada, "b").reason == Reason::NoRule);
}

TEST_CASE("S1: a name that is more than a level keeps its owner out of rules that use it") {
    const Rule own = rule(Verdict::Allow, {kAnybody}, "plant/%u/#");
    CHECK(decide({own}, {.client_id = "c", .user_name = "ada"}, "plant/ada/x").verdict ==
          Verdict::Allow);
    for (const char* const name : {"+", "#", "a/b"})
        CHECK(decide({own}, {.client_id = "c", .user_name = name}, "plant/a/b").reason ==
              Reason::UnsafeName);
    const Rule of_others = rule(Verdict::Allow, {user("ada")}, "plant/%u/#");
    CHECK(decide({of_others}, {.client_id = "c", .user_name = "+"}, "plant/a").reason ==
          Reason::NoRule);
}

TEST_CASE("there are so many rules with a condition, and one more is too many") {
    Rules rules;
    rules.rules.assign(kConditionedRulesMax, rule(Verdict::Allow, {kAnybody}, "a"));
    CHECK(faults_of(rules).empty());
    rules.rules.push_back(rules.rules.front());
    CHECK(faults_of(rules).size() == 1);
}

TEST_CASE("a rule with a name is told by it") {
    CHECK(to_string(rule(Verdict::Allow, {kAnybody}, "a/#")) == "rule R: allow publish a/#");
    CHECK(is_well_formed({kAnybody, kNot}));
    CHECK_FALSE(is_well_formed({kAnybody, kAnd}));
    CHECK_FALSE(is_well_formed({kAnybody, kAnybody}));
    CHECK_FALSE(is_well_formed({}));
}
