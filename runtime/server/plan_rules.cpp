#include "runtime/server/plan_rules.h"

#include <algorithm>
#include <utility>

#include "base/assert.h"
#include "compiler/limits.h"
#include "runtime/access/limits.h"

namespace lotmesh::server {

namespace {

using access::Action;
using access::ActionSet;
using access::ConditionStep;
using access::SubjectKind;

// Each is one with its THEN and one with its ELSE.
static_assert(2 * CompilerLimits{}.rules_max <= access::kConditionedRulesMax);

ActionSet actions_of(ir::Scope scope) {
    switch (scope) {
        case ir::Scope::Connect: return {Action::Connect};
        case ir::Scope::Publish: return {Action::Publish};
        case ir::Scope::Subscribe: return {Action::Subscribe};
        case ir::Scope::Receive: return {Action::Receive};
        case ir::Scope::Retain: return {Action::Retain};
        case ir::Scope::Will: return {Action::Will};
        case ir::Scope::Sys: return {Action::Sys};
        case ir::Scope::Admin: return {Action::Admin};
        case ir::Scope::Cluster: return {Action::Cluster};
        case ir::Scope::Read: return access::kRead;
        case ir::Scope::Write: return access::kWrite;
    }
    UNREACHABLE();
}

ConditionStep step_of(const ir::ConditionStep& step) {
    using Kind = ConditionStep::Kind;
    const std::string& name = step.text.value;
    switch (step.op) {
        case ir::Operator::User: return {Kind::Holds, {SubjectKind::User, name}};
        case ir::Operator::Group: return {Kind::Holds, {SubjectKind::Group, name}};
        case ir::Operator::Client: return {Kind::Holds, {SubjectKind::Client, name}};
        case ir::Operator::ClientPattern: return {Kind::ClientLike, {SubjectKind::Client, name}};
        case ir::Operator::Anonymous: return {Kind::Holds, {SubjectKind::Anonymous}};
        case ir::Operator::Anybody: return {Kind::Holds, {SubjectKind::Anybody}};
        case ir::Operator::Not: return {Kind::Not};
        case ir::Operator::And: return {Kind::And};
        case ir::Operator::Or: return {Kind::Or};
    }
    UNREACHABLE();
}

access::Verdict verdict_of(ir::Verdict verdict) {
    return verdict == ir::Verdict::Allow ? access::Verdict::Allow : access::Verdict::Deny;
}

void add(const ir::Rule& rule, ir::Verdict verdict, std::vector<access::Rule>& out) {
    access::Rule made{.who = {{SubjectKind::Anybody}},
                      .actions = actions_of(rule.scope),
                      .topic = rule.topic.value,
                      .name = rule.name};
    made.verdict = verdict_of(verdict);
    made.when.reserve(rule.condition.size() + 1);
    for (const ir::ConditionStep& step : rule.condition)
        made.when.push_back(step_of(step));
    if (rule.then == verdict) out.push_back(made);
    if (rule.otherwise != verdict) return;
    made.when.push_back({ConditionStep::Kind::Not});
    out.push_back(std::move(made));
}

}  // namespace

std::vector<access::Rule> access_rules(const ir::Plan& plan) {
    std::vector<access::Rule> rules;
    rules.reserve(2 * plan.rules.size());
    for (auto begin = plan.rules.begin(); begin != plan.rules.end();) {
        const auto end = std::find_if(begin, plan.rules.end(), [&](const ir::Rule& rule) {
            return rule.priority != begin->priority;
        });
        for (const ir::Verdict verdict : {ir::Verdict::Deny, ir::Verdict::Allow})
            for (auto rule = begin; rule != end; ++rule)
                add(*rule, verdict, rules);
        begin = end;
    }
    return rules;
}

void PlanRules::set_file(std::shared_ptr<const access::RuleBook> file) {
    file_ = std::move(file);
    join();
}

bool PlanRules::set_plan(const ir::Plan& plan) {
    std::vector<access::Rule> rules = access_rules(plan);
    if (rules == planned_) return false;
    planned_ = std::move(rules);
    had_rules_ = true;
    join();
    return true;
}

void PlanRules::join() {
    const bool only_file = planned_.empty() && (file_ != nullptr || !had_rules_);
    if (only_file) {
        book_ = file_;
        return;
    }
    access::Rules all = file_ ? file_->rules() : access::Rules{};
    all.rules.insert(all.rules.end(), planned_.begin(), planned_.end());
    book_ = std::make_shared<const access::RuleBook>(std::move(all));
}

}  // namespace lotmesh::server
