// Rules of access: what their text means, what differs between two plans, and their bounds.
#include "compiler/ir/rule.h"

#include <doctest/doctest.h>
#include <fmt/core.h>

#include <string>

#include "compiler/compile.h"
#include "compiler/ir/diff.h"
#include "compiler/ir/dump.h"
#include "compiler/ir/validate.h"
#include "compiler/parse/rule_words.h"

using namespace lotmesh;

namespace {

std::string with_condition(std::string_view condition) {
    return fmt::format("DEFINE RULE R WITH PRIORITY 100 FOR Connect IF {} THEN ALLOW\n", condition);
}

CompileResult compile_text(const std::string& text, const CompilerLimits& limits = {}) {
    const SourceText file{"a.lot", text};
    CompileOptions options;
    options.mode = CompileMode::Load;
    options.limits = limits;
    return compile({&file, 1}, options);
}

ir::Plan plan_of(const std::string& text) {
    CompileResult result = compile_text(text);
    REQUIRE_MESSAGE(result.ok(), text);
    return std::move(*result.plan);
}

std::string condition_of(std::string_view condition) {
    return ir::shown(plan_of(with_condition(condition)).rules.front().condition);
}

bool has(const CompileResult& result, diag::Code code) {
    for (const diag::Diagnostic& diagnostic : result.report.diagnostics)
        if (diagnostic.code == code) return true;
    return false;
}

std::string repeated(std::size_t count, const std::string& text) {
    std::string result;
    for (std::size_t i = 0; i < count; ++i)
        result += text;
    return result;
}

}  // namespace

TEST_CASE("NOT comes before AND, and AND before OR; parentheses stay where they mean something") {
    const std::string a = "USER IS \"a\"";
    const std::string b = "USER IS \"b\"";
    const std::string c = "ANONYMOUS";
    CHECK(condition_of(a + " OR " + b + " AND " + c) == a + " OR " + b + " AND " + c);
    CHECK(condition_of("(" + a + " OR " + b + ") AND " + c) == "(" + a + " OR " + b + ") AND " + c);
    CHECK(condition_of("((" + a + "))") == a);
    CHECK(condition_of("NOT " + a + " AND " + b) == "NOT " + a + " AND " + b);
    CHECK(condition_of("NOT (" + a + " AND " + b + ")") == "NOT (" + a + " AND " + b + ")");
    CHECK(condition_of("NOT NOT (" + a + ")") == "NOT NOT " + a);
    CHECK(plan_of(with_condition(a + " AND " + b + " OR " + c)).rules ==
          plan_of(with_condition("(" + a + " AND " + b + ") OR " + c)).rules);
    CHECK(plan_of(with_condition(a + " AND " + b + " OR " + c)).rules !=
          plan_of(with_condition(a + " AND (" + b + " OR " + c + ")")).rules);
}

TEST_CASE("rules stand in the order of their priority, and of one priority by name") {
    const ir::Plan plan = plan_of(
        "DEFINE RULE B WITH PRIORITY 9 FOR Admin IF ANYBODY THEN DENY\n"
        "DEFINE RULE A WITH PRIORITY 9 FOR Read IF ANYBODY THEN DENY ELSE ALLOW\n"
        "DEFINE RULE C WITH PRIORITY 8 FOR sys IF ANYBODY THEN DENY\n");
    REQUIRE(plan.rules.size() == 3);
    CHECK(plan.rules[0].name == "C");
    CHECK(plan.rules[0].topic.value == "$SYS/#");
    CHECK(plan.rules[1].name == "A");
    CHECK(plan.rules[1].topic.value == "#");
    CHECK(plan.rules[1].otherwise == ir::Verdict::Allow);
    CHECK(plan.rules[2].name == "B");
    CHECK(plan.rules[2].topic.value.empty());
    CHECK_FALSE(plan.rules[2].otherwise);
    CHECK(ir::validate(plan).empty());
}

TEST_CASE("a rule that changes is a change, and no rule and a new one") {
    const ir::Plan before = plan_of(with_condition("ANYBODY"));
    const ir::Plan after = plan_of(with_condition("ANONYMOUS"));
    const ir::PlanDiff changed = ir::diff(before, after);
    CHECK(changed.rules.changed.size() == 1);
    CHECK(changed.rules.added.empty());
    CHECK_FALSE(changed.empty());
    CHECK(ir::diff({}, after).rules.added == after.rules);
    CHECK(ir::diff(after, {}).rules.removed == after.rules);
    CHECK(ir::diff(after, after).empty());
    CHECK(ir::fingerprint(before) != ir::fingerprint(after));
}

TEST_CASE("what does not hold in a rule is told") {
    ir::Plan plan = plan_of(with_condition("USER IS \"a\""));
    const auto breaks = [&plan](auto change) {
        ir::Plan other = plan;
        change(other.rules.front());
        return !ir::validate(other).empty();
    };
    CHECK(breaks([](ir::Rule& rule) { rule.name.clear(); }));
    CHECK(breaks([](ir::Rule& rule) { rule.priority = ir::kPriorityMax + 1; }));
    CHECK(breaks([](ir::Rule& rule) { rule.topic.value = "a"; }));
    CHECK(breaks([](ir::Rule& rule) { rule.scope = ir::Scope::Publish; }));
    CHECK(breaks([](ir::Rule& rule) { rule.condition.clear(); }));
    CHECK(breaks([](ir::Rule& rule) { rule.condition.push_back({ir::Operator::And}); }));
    CHECK(breaks([](ir::Rule& rule) { rule.condition.front().text.value.clear(); }));
    CHECK(breaks([](ir::Rule& rule) { rule.condition = {{ir::Operator::Anybody, {"a"}}}; }));
    CHECK(breaks([](ir::Rule& rule) { rule.condition = {{ir::Operator::ClientPattern, {"**"}}}; }));
    plan.rules.push_back(plan.rules.front());
    CHECK_FALSE(ir::validate(plan).empty());
}

TEST_CASE("topics that a rule can have, and those that it cannot") {
    using enum ir::TopicFault;
    const auto fault = [](ir::Scope scope, std::string_view topic) {
        return ir::fault_of_topic(scope, topic);
    };
    for (const char* const good : {"a", "#", "+/#", "a/%u/b", "%c", "a/b%"})
        CHECK(fault(ir::Scope::Publish, good) == None);
    CHECK(fault(ir::Scope::Publish, "") == NoFilter);
    CHECK(fault(ir::Scope::Publish, "a#") == NoFilter);
    CHECK(fault(ir::Scope::Subscribe, "$share/g/a") == Shared);
    CHECK(fault(ir::Scope::Publish, "a/%ux") == PartOfLevel);
    CHECK(fault(ir::Scope::Publish, "a/%i") == UnknownPlaceholder);
    CHECK(fault(ir::Scope::Sys, "a") == OnlySys);
    CHECK(fault(ir::Scope::Sys, "$SYS/#") == None);
    CHECK(fault(ir::Scope::Read, "$SYS") == NotSys);
}

TEST_CASE("what a reference stands for is in the rule and is not shown") {
    class Names final : public ReferenceResolver {
    public:
        std::optional<std::string> env(std::string_view name) const override {
            return name == "BAD" ? "a*b*" : "hidden";
        }
        std::optional<std::string> secret(std::string_view) const override { return std::nullopt; }
    };
    const Names names;
    CompileOptions options;
    options.mode = CompileMode::Load;
    options.resolver = &names;
    const auto compiled = [&options](const std::string& text) {
        const SourceText file{"a.lot", text};
        return compile({&file, 1}, options);
    };
    const CompileResult good = compiled(
        "DEFINE RULE R WITH PRIORITY 1 FOR Publish TO TOPIC GET ENV \"T\"\n"
        "IF USER IS GET ENV \"U\" THEN ALLOW\n");
    REQUIRE(good.ok());
    CHECK(good.plan->rules.front().topic.value == "hidden");
    CHECK(good.plan->rules.front().condition.front().text.value == "hidden");
    CHECK_FALSE(ir::dump(*good.plan).contains("hidden"));
    CHECK(ir::dump(*good.plan).contains("GET ENV \"U\""));
    const CompileResult bad = compiled(with_condition("CLIENTID MATCHES GET ENV \"BAD\""));
    CHECK(has(bad, diag::Code::BadReferenceValue));
    CHECK(has(compiled("DEFINE RULE R WITH PRIORITY 1 FOR Sys TO TOPIC GET ENV \"T\" IF ANYBODY "
                       "THEN ALLOW"),
              diag::Code::BadReferenceValue));
}

TEST_CASE("a plan has so many rules and not one more") {
    CompilerLimits limits;
    limits.rules_max = 3;
    std::string text;
    for (int i = 0; i < 3; ++i)
        text +=
            fmt::format("DEFINE RULE R{} WITH PRIORITY {} FOR Admin IF ANYBODY THEN DENY\n", i, i);
    CHECK(compile_text(text, limits).ok());
    const std::string more = "DEFINE RULE R9 WITH PRIORITY 9 FOR Admin IF ANYBODY THEN DENY\n";
    CHECK(has(compile_text(text + more, limits), diag::Code::TooManyRules));
}

TEST_CASE("a condition has so many tests, and is so deep, and no more") {
    CompilerLimits limits;
    limits.condition_tests_max = 3;
    limits.condition_depth_max = 3;
    const auto fits = [&limits](const std::string& condition) {
        const CompileResult result = compile_text(with_condition(condition), limits);
        CHECK(result.ok() != has(result, diag::Code::ConditionTooLarge));
        return result.ok();
    };
    CHECK(fits("ANYBODY" + repeated(2, " OR ANYBODY")));
    CHECK_FALSE(fits("ANYBODY" + repeated(3, " OR ANYBODY")));
    CHECK(fits("(NOT (ANYBODY)) OR (((ANYBODY)))"));
    CHECK_FALSE(fits("((((ANYBODY))))"));
    CHECK_FALSE(fits("NOT NOT NOT NOT ANYBODY"));
}

TEST_CASE("the deepest and the longest condition that a text can hold does no harm") {
    CHECK_FALSE(compile_text(with_condition(repeated(40'000, "(") + "ANYBODY")).ok());
    CHECK_FALSE(compile_text(with_condition(repeated(40'000, "NOT ") + "ANYBODY")).ok());
    CHECK_FALSE(compile_text(with_condition(repeated(40'000, "ANYBODY OR ") + "ANYBODY")).ok());
    CHECK_FALSE(compile_text(repeated(20'000, "DEFINE RULE R IF (\n")).ok());
}

TEST_CASE("keywords of rules are words as any other elsewhere") {
    const CompileResult result = compile_text(
        "DEFINE ROUTE RULE WITH TYPE MQTT_CLUSTER\n ADD CLUSTER_CONFIG\n"
        " WITH BROKER_ADDRESS \"a\" WITH BROKER_PORT '1' WITH CLIENT_ID \"c\"\n"
        "DEFINE RULE IF WITH PRIORITY 1 FOR Connect IF ANYBODY THEN ALLOW\n");
    REQUIRE(result.ok());
    CHECK(result.plan->links.front().name == "RULE");
    CHECK(result.plan->rules.front().name == "IF");
    CHECK(result.rules.size() == 1);
    CHECK(parse::near_rule_word("alow")->text == "ALLOW");
    CHECK(parse::near_rule_word("if")->text == "IF");
    CHECK_FALSE(parse::near_rule_word("iff"));
    CHECK(parse::rule_word_of(0).empty());
}
