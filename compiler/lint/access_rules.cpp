#include <fmt/core.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/topic.h"
#include "compiler/lint/rules.h"

namespace lotmesh::lint {

namespace {

using diag::Code;
using ir::Scope;
using ir::Verdict;
using sema::CheckedRule;

// Others keep these to themselves.
constexpr std::uint32_t kPortablePriorityMin = 100;

diag::Diagnostic finding(Code code, source::Span span, std::string message,
                         std::string caption = {}, std::string help = {}) {
    diag::Diagnostic result = diag::draft(code, span, std::move(message));
    result.caption = std::move(caption);
    result.help = std::move(help);
    return result;
}

// What a scope stands for, as bits: Read and Write stand for several.
constexpr unsigned bit(Scope scope) { return 1U << static_cast<unsigned>(scope); }

unsigned actions_of(Scope scope) {
    switch (scope) {
        case Scope::Read: return bit(Scope::Subscribe) | bit(Scope::Receive);
        case Scope::Write: return bit(Scope::Publish) | bit(Scope::Retain) | bit(Scope::Will);
        case Scope::Connect:
        case Scope::Publish:
        case Scope::Subscribe:
        case Scope::Receive:
        case Scope::Retain:
        case Scope::Will:
        case Scope::Sys:
        case Scope::Admin:
        case Scope::Cluster: break;
    }
    return bit(scope);
}

// Asked with filters, of which a part may be allowed.
constexpr unsigned kWithFilters = bit(Scope::Subscribe) | bit(Scope::Sys);

bool can_say(const CheckedRule& rule, Verdict verdict) {
    return rule.rule.then == verdict || rule.rule.otherwise == verdict;
}

bool starts_with_wildcard(std::string_view topic) {
    return topic.starts_with('+') || topic.starts_with('#');
}

// Leading wildcards match no topic that begins with $.
bool are_apart(std::string_view left, std::string_view right) {
    return (left.starts_with('$') && starts_with_wildcard(right)) ||
           (right.starts_with('$') && starts_with_wildcard(left));
}

bool is_any_level(std::string_view level) { return level == "+" || level == "%u" || level == "%c"; }

// There may be a topic that both are about, whoever asks.
bool overlap(std::string_view left, std::string_view right) {
    if (are_apart(left, right)) return false;
    auto other = TopicLevels(right).begin();
    for (const std::string_view level : TopicLevels(left)) {
        if (level == "#") return true;
        if (other == std::default_sentinel) return false;
        if (*other == "#") return true;
        if (level != *other && !is_any_level(level) && !is_any_level(*other)) return false;
        ++other;
    }
    return other == std::default_sentinel || *other == "#";
}

// All topics of `inner` are topics of `outer`, whoever asks.
bool covers(std::string_view outer, std::string_view inner) {
    if (are_apart(outer, inner)) return false;
    auto other = TopicLevels(inner).begin();
    bool first = true;
    for (const std::string_view level : TopicLevels(outer)) {
        if (level == "#") return true;
        if (other == std::default_sentinel || *other == "#") return false;
        // A name may begin with $, and then no wildcard stands for it.
        const bool any = level == "+" && (!first || !(*other).starts_with('%'));
        if (level != *other && !any) return false;
        ++other;
        first = false;
    }
    return other == std::default_sentinel;
}

bool share_scope(const CheckedRule& left, const CheckedRule& right) {
    return (actions_of(left.rule.scope) & actions_of(right.rule.scope)) != 0;
}

// It decides for everybody.
bool is_total(const CheckedRule& rule) {
    const ir::Condition& condition = rule.rule.condition;
    const bool anybody = condition.size() == 1 && condition.front().op == ir::Operator::Anybody;
    return anybody || rule.rule.otherwise.has_value();
}

bool leaves_nothing(const CheckedRule& first, const CheckedRule& behind) {
    const unsigned asked = actions_of(behind.rule.scope);
    if (!is_total(first) || (actions_of(first.rule.scope) & asked) != asked) return false;
    if (first.placeholder || behind.placeholder) return false;
    if (!ir::info(first.rule.scope).has_topic) return true;
    if (!covers(first.rule.topic.value, behind.rule.topic.value)) return false;
    // A filter that only touches the first one's topics is not allowed by it, and may be denied by
    // the second.
    const bool only_denies = !can_say(first, Verdict::Allow);
    return (asked & kWithFilters) == 0 || only_denies || !can_say(behind, Verdict::Deny);
}

bool may_disagree(const CheckedRule& left, const CheckedRule& right) {
    if (!share_scope(left, right)) return false;
    const bool differ = (can_say(left, Verdict::Allow) && can_say(right, Verdict::Deny)) ||
                        (can_say(left, Verdict::Deny) && can_say(right, Verdict::Allow));
    if (!differ) return false;
    if (!ir::info(left.rule.scope).has_topic) return true;
    if (left.placeholder || right.placeholder) return false;
    return overlap(left.rule.topic.value, right.rule.topic.value);
}

void lint_one(const CheckedRule& rule, diag::Sink& sink) {
    if (rule.rule.otherwise == rule.rule.then)
        sink.report(finding(Code::ConditionWithoutEffect, rule.condition_span,
                            "this rule says the same whether its condition holds or not",
                            "whoever asks gets one answer", "IF ANYBODY THEN ALLOW"));
}

void lint_portability(const CheckedRule& rule, diag::Sink& sink) {
    const auto complain = [&sink](source::Span span, std::string message) {
        sink.report(finding(Code::NotPortable, span, std::move(message)));
    };
    const ir::ScopeInfo& scope = ir::info(rule.rule.scope);
    if (rule.rule.priority < kPortablePriorityMin)
        complain(rule.priority_span, fmt::format("other brokers keep priorities below {} to "
                                                 "themselves",
                                                 kPortablePriorityMin));
    if (!scope.portable)
        complain(rule.scope_span,
                 fmt::format("other brokers do not document the scope `{}`", scope.name));
    const bool own = std::ranges::any_of(rule.rule.condition, [](const ir::ConditionStep& step) {
        return step.op == ir::Operator::Anonymous || step.op == ir::Operator::Anybody ||
               step.op == ir::Operator::ClientPattern;
    });
    if (own)
        complain(rule.condition_span,
                 "other brokers do not document ANYBODY, ANONYMOUS and CLIENTID MATCHES \"...\"");
}

using InOrder = std::vector<const CheckedRule*>;

// The order in which they are asked; the text's among equals.
InOrder by_priority(const std::vector<CheckedRule>& rules) {
    InOrder order;
    order.reserve(rules.size());
    for (const CheckedRule& rule : rules)
        order.push_back(&rule);
    std::ranges::stable_sort(order, {},
                             [](const CheckedRule* rule) { return rule->rule.priority; });
    return order;
}

// One finding for a rule: about the first one that stands in its way.
void lint_pairs(const InOrder& order, diag::Sink& sink) {
    for (auto rule = order.begin(); rule != order.end(); ++rule) {
        const auto earlier = std::ranges::find_if(order.begin(), rule, [&](const CheckedRule* one) {
            return one->rule.priority < (*rule)->rule.priority && leaves_nothing(*one, **rule);
        });
        if (earlier != rule) {
            diag::Diagnostic never =
                finding(Code::UnreachableRule, (*rule)->name_span, "this rule is never asked",
                        "all that it is about is decided before it");
            never.related.push_back({(*earlier)->name_span, "this one decides for everybody"});
            sink.report(std::move(never));
            continue;
        }
        const auto equal = std::ranges::find_if(order.begin(), rule, [&](const CheckedRule* one) {
            return one->rule.priority == (*rule)->rule.priority && may_disagree(*one, **rule);
        });
        if (equal == rule) continue;
        diag::Diagnostic second =
            finding(Code::EqualPriority, (*rule)->priority_span,
                    "another rule of this priority may say the opposite",
                    "where they differ, `DENY` wins", "give them two priorities");
        second.related.push_back({(*equal)->name_span, "the other one"});
        sink.report(std::move(second));
    }
}

}  // namespace

void lint_access(const std::vector<CheckedRule>& rules, Portability portability, diag::Sink& sink) {
    if (rules.empty() || rules.size() > sink.limits().rules_max) return;
    for (const CheckedRule& rule : rules) {
        lint_one(rule, sink);
        if (portability == Portability::Warn) lint_portability(rule, sink);
    }
    const InOrder order = by_priority(rules);
    lint_pairs(order, sink);
    // One with a mistake in it may have been that of Connect.
    if (sink.has_errors()) return;
    const bool nobody = std::ranges::none_of(rules, [](const CheckedRule& rule) {
        return rule.rule.scope == Scope::Connect && can_say(rule, Verdict::Allow);
    });
    if (nobody)
        sink.report(finding(Code::NobodyConnects, order.front()->name_span,
                            "there are rules, and none of them lets anybody connect",
                            "what no rule allows is denied",
                            "DEFINE RULE Connect WITH PRIORITY 100 FOR Connect IF ANYBODY THEN "
                            "ALLOW"));
}

}  // namespace lotmesh::lint
