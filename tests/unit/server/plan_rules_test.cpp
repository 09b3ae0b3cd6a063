#include "runtime/server/plan_rules.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "compiler/compile.h"
#include "runtime/access/text.h"

using namespace lotmesh;
using namespace lotmesh::server;
using access::Action;

namespace {

ir::Plan plan_of(const std::string& text) {
    const SourceText file{"a.lot", text};
    CompileResult result = compile({&file, 1});
    REQUIRE_MESSAGE(result.ok(), text);
    return std::move(*result.plan);
}

std::shared_ptr<const access::RuleBook> file_of(const std::string& text) {
    auto rules = access::read_rules(text);
    REQUIRE(rules);
    return std::make_shared<const access::RuleBook>(std::move(*rules));
}

bool may(const PlanRules& rules, const access::Principal& who, Action action,
         const std::string& topic) {
    return access::Rights(rules.book(), who).may(action, topic);
}

// What a plan alone says.
bool allows(const std::string& text, const std::string& user, const std::string& topic,
            Action action = Action::Publish) {
    PlanRules rules;
    REQUIRE(rules.set_plan(plan_of(text)));
    return may(rules, {.client_id = "c-" + user, .user_name = user}, action, topic);
}

std::string rule(const std::string& name, int priority, const std::string& rest) {
    return "DEFINE RULE " + name + " WITH PRIORITY " + std::to_string(priority) + " " + rest + "\n";
}

}  // namespace

TEST_CASE("THEN decides where the condition holds, ELSE where it does not") {
    const std::string one =
        rule("A", 100, "FOR Publish TO TOPIC \"a/#\" IF USER IS \"ada\" THEN ALLOW ELSE DENY");
    const std::string all = rule("Z", 900, "FOR Publish IF ANYBODY THEN ALLOW");
    CHECK(allows(one + all, "ada", "a/b"));
    CHECK_FALSE(allows(one + all, "eve", "a/b"));
    CHECK(allows(one + all, "eve", "b"));
    const std::string turned =
        rule("A", 100, "FOR Publish TO TOPIC \"a/#\" IF USER IS \"ada\" THEN DENY ELSE ALLOW");
    CHECK_FALSE(allows(turned + all, "ada", "a/b"));
    CHECK(allows(turned, "eve", "a/b"));
}

TEST_CASE("without ELSE the rules behind it decide, and what no rule allows is denied") {
    const std::string one =
        rule("A", 100, "FOR Publish TO TOPIC \"a/#\" IF USER IS \"ada\" THEN DENY");
    const std::string all = rule("Z", 900, "FOR Publish IF ANYBODY THEN ALLOW");
    CHECK_FALSE(allows(one + all, "ada", "a/b"));
    CHECK(allows(one + all, "eve", "a/b"));
    CHECK_FALSE(allows(one, "eve", "a/b"));
    CHECK_FALSE(allows(all, "eve", "a", Action::Subscribe));
    CHECK_FALSE(allows(all, "eve", "", Action::Connect));
}

TEST_CASE("the lowest number is asked first, and of one priority DENY wins") {
    const std::string allow = "FOR Publish IF ANYBODY THEN ALLOW";
    const std::string deny = "FOR Publish IF ANYBODY THEN DENY";
    CHECK(allows(rule("B", 1, allow) + rule("A", 2, deny), "ada", "a"));
    CHECK_FALSE(allows(rule("B", 2, allow) + rule("A", 1, deny), "ada", "a"));
    CHECK_FALSE(allows(rule("A", 1, allow) + rule("B", 1, deny), "ada", "a"));
    CHECK_FALSE(allows(rule("B", 1, allow) + rule("A", 1, deny), "ada", "a"));
    CHECK_FALSE(allows(
        rule("A", 1, allow) + rule("B", 1, "FOR Publish IF USER IS \"eve\" THEN ALLOW ELSE DENY"),
        "ada", "a"));
}

TEST_CASE("each scope is the actions of its name") {
    const std::pair<const char*, std::vector<Action>> scopes[] = {
        {"Connect", {Action::Connect}},
        {"Publish", {Action::Publish}},
        {"Subscribe", {Action::Subscribe}},
        {"Receive", {Action::Receive}},
        {"Retain", {Action::Retain}},
        {"Will", {Action::Will}},
        {"Sys", {Action::Sys}},
        {"Admin", {Action::Admin}},
        {"Cluster", {Action::Cluster}},
        {"Read", {Action::Subscribe, Action::Receive}},
        {"Write", {Action::Publish, Action::Retain, Action::Will}},
    };
    for (const auto& [scope, actions] : scopes)
        for (const Action action : access::kActions) {
            const std::string topic = action == Action::Sys       ? "$SYS/x"
                                      : access::has_topic(action) ? "x"
                                                                  : "";
            const bool is_one = std::ranges::find(actions, action) != actions.end();
            CAPTURE(scope);
            CHECK(allows(rule("A", 1, "FOR " + std::string(scope) + " IF ANYBODY THEN ALLOW"),
                         "ada", topic, action) == is_one);
        }
}

TEST_CASE("a filter is allowed as a whole, and denied in any part") {
    const std::string own =
        rule("A", 1, "FOR Subscribe TO TOPIC \"plant/%u/#\" IF NOT ANONYMOUS THEN ALLOW");
    CHECK(allows(own, "ada", "plant/ada/+", Action::Subscribe));
    CHECK_FALSE(allows(own, "ada", "plant/#", Action::Subscribe));
    CHECK_FALSE(allows(own, "eve", "plant/ada/x", Action::Subscribe));
    const std::string secret =
        rule("A", 1, "FOR Subscribe TO TOPIC \"plant/secret\" IF USER IS \"eve\" THEN DENY") +
        rule("B", 2, "FOR Subscribe IF ANYBODY THEN ALLOW");
    CHECK_FALSE(allows(secret, "eve", "plant/#", Action::Subscribe));
    CHECK(allows(secret, "ada", "plant/#", Action::Subscribe));
}

TEST_CASE("the rules of the file come before those of the plan, and both are one book") {
    PlanRules rules;
    CHECK(rules.book() == nullptr);
    const access::Principal ada = {.client_id = "c", .user_name = "ada"};
    const access::Principal eve = {.client_id = "c", .user_name = "eve"};
    rules.set_file(
        file_of("group staff = ada\nallow user eve publish a\ndeny anybody publish b\n"));
    REQUIRE(rules.set_plan(plan_of(
        rule("A", 1, "FOR Publish TO TOPIC \"a\" IF USER IN GROUP \"staff\" THEN ALLOW ELSE DENY") +
        rule("B", 2, "FOR Publish TO TOPIC \"b\" IF ANYBODY THEN ALLOW"))));
    CHECK(may(rules, ada, Action::Publish, "a"));
    CHECK(may(rules, eve, Action::Publish, "a"));
    CHECK_FALSE(may(rules, ada, Action::Publish, "b"));
    rules.set_file(file_of("group staff =\n"));
    CHECK_FALSE(may(rules, ada, Action::Publish, "a"));
    CHECK(may(rules, ada, Action::Publish, "b"));
    rules.set_file(nullptr);
    CHECK(may(rules, ada, Action::Publish, "b"));
}

TEST_CASE("S9: when the last rule of the plan has gone, everything is denied") {
    PlanRules rules;
    CHECK_FALSE(rules.set_plan({}));
    CHECK(rules.book() == nullptr);
    const ir::Plan one = plan_of(rule("A", 1, "FOR Publish IF ANYBODY THEN ALLOW"));
    CHECK(rules.set_plan(one));
    CHECK_FALSE(rules.set_plan(one));
    CHECK(rules.set_plan({}));
    REQUIRE(rules.book() != nullptr);
    CHECK_FALSE(may(rules, {.client_id = "c"}, Action::Publish, "a"));
    const auto file = file_of("allow anybody publish a\n");
    rules.set_file(file);
    CHECK(rules.book() == file);
}
