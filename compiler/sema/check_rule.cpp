#include "compiler/sema/check_rule.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "base/assert.h"
#include "compiler/diag/suggest.h"
#include "compiler/limits.h"
#include "compiler/sema/condition.h"

namespace lotmesh::sema {

using diag::Code;

namespace {

constexpr KeySchema kPriority = {
    .name = "PRIORITY",
    .type = ValueType::Integer,
    .max = ir::kPriorityMax,
    .sample = "100",
    .expected = "a number",
};

constexpr KeySchema kTopic = {
    .name = "TOPIC",
    .type = ValueType::Text,
    .sample = "\"plant/#\"",
    .expected = "a topic filter",
    .statement = "TO ",
};

// What else is not there may stand in what was not read.
bool leaves_text_unread(Code code) {
    return code == Code::UnexpectedText || code == Code::BadCharacter ||
           code == Code::UnterminatedString || code == Code::TemplatePlaceholder ||
           code == Code::DefinitionTooLong;
}

std::vector<std::string_view> scope_names() {
    std::vector<std::string_view> names;
    names.reserve(ir::scopes().size());
    for (const ir::ScopeInfo& scope : ir::scopes())
        names.push_back(scope.name);
    return names;
}

std::string_view message_of(ir::TopicFault fault) {
    switch (fault) {
        case ir::TopicFault::NoFilter: return "this is no topic filter";
        case ir::TopicFault::Shared: return "rules see the topics behind a shared subscription";
        case ir::TopicFault::PartOfLevel: return "a placeholder is a level of its own";
        case ir::TopicFault::UnknownPlaceholder: return "there is no such placeholder";
        case ir::TopicFault::OnlySys: return "`Sys` is about topics below `$SYS`";
        case ir::TopicFault::NotSys: return "what is below `$SYS` is for the scope `Sys`";
        case ir::TopicFault::None: break;
    }
    UNREACHABLE();
}

std::string_view help_of(ir::TopicFault fault) {
    switch (fault) {
        case ir::TopicFault::NoFilter:
            return "`+` and `#` stand for whole levels, and `#` for the last ones";
        case ir::TopicFault::Shared: return "leave `$share` and the name of the group out";
        case ir::TopicFault::PartOfLevel:
        case ir::TopicFault::UnknownPlaceholder:
            return "`%u` is the user name, `%c` the client id: \"plant/%u/#\"";
        case ir::TopicFault::OnlySys: return "TO TOPIC \"$SYS/#\"";
        case ir::TopicFault::NotSys: return "FOR Sys TO TOPIC \"$SYS/#\"";
        case ir::TopicFault::None: break;
    }
    UNREACHABLE();
}

}  // namespace

void RuleChecker::report(Code code, Span span, std::string message, std::string caption,
                         std::string help) {
    diag::Diagnostic finding = diag::draft(code, span, std::move(message));
    finding.caption = std::move(caption);
    finding.help = std::move(help);
    good_ = good_ && finding.severity != diag::Severity::Error;
    sink_.report(std::move(finding));
}

void RuleChecker::check_name() {
    checked_.name_span = rule_.name.span;
    if (rule_.name.text.size() > kRouteNameBytesMax)
        report(Code::NameTooLong, rule_.name.span,
               fmt::format("the name of a rule has {} characters at most", kRouteNameBytesMax),
               fmt::format("these are {}", rule_.name.text.size()));
    if (rule_.name.text.empty()) good_ = false;
    checked_.rule.name = rule_.name.text;
}

void RuleChecker::check_parameters() {
    const ast::Parameter* first = nullptr;
    for (const ast::Parameter& parameter : rule_.parameters) {
        if (parameter.key.text != kPriority.name) {
            const bool near = diag::is_near(parameter.key.text, kPriority.name);
            report(Code::UnknownKey, parameter.key.span,
                   fmt::format("a rule has no key `{}`", parameter.key.text),
                   near ? "did you mean `PRIORITY`?" : "", "WITH PRIORITY 100");
            if (near && first == nullptr) first = &parameter;
            continue;
        }
        if (first != nullptr) {
            report(Code::RepeatedKey, parameter.key.span, "`PRIORITY` is set twice");
            continue;
        }
        first = &parameter;
        checked_.priority_span = parameter.span;
        if (parameter.broken) continue;
        if (parameter.value.terms.empty()) {
            report(Code::MissingValue, parameter.key.span, "PRIORITY has no value",
                   "expected a number here, like 100", "WITH PRIORITY 100");
            continue;
        }
        const ReadValue read = read_value(kPriority, parameter, context_, sink_);
        good_ = good_ && read.setting.has_value();
        if (read.setting) checked_.rule.priority = read.setting->number;
    }
}

void RuleChecker::check_scope() {
    if (!rule_.scope) return;
    const ast::Scope& scope = *rule_.scope;
    checked_.scope_span = scope.span;
    if (scope.name.text.empty()) {
        good_ = false;
        if (!scope.broken)
            report(Code::MissingName, scope.span, "`FOR` is not followed by what the rule is about",
                   "", "FOR Publish");
        return;
    }
    scope_ = ir::find_scope(scope.name.text);
    if (scope_ != nullptr) {
        checked_.rule.scope = scope_->scope;
        return;
    }
    const std::vector<std::string_view> known = scope_names();
    const auto meant = diag::nearest(scope.name.text, known);
    report(Code::UnknownScope, scope.name.span,
           fmt::format("`{}` is nothing that a rule can be about", scope.name.text),
           meant ? fmt::format("did you mean `{}`?", *meant) : "",
           fmt::format("there are {}", diag::join_words(known)));
}

void RuleChecker::report_topic_fault(ir::TopicFault fault, Span span, bool from_reference) {
    if (from_reference)
        return report(Code::BadReferenceValue, span,
                      "what this reference stands for cannot be used for `TOPIC`",
                      "expected a topic filter that the scope can have");
    const bool placeholder =
        fault == ir::TopicFault::PartOfLevel || fault == ir::TopicFault::UnknownPlaceholder;
    report(placeholder ? Code::BadPlaceholder : Code::BadRuleTopic, span,
           std::string(message_of(fault)), "", std::string(help_of(fault)));
}

void RuleChecker::take_topic(const ast::Parameter& parameter) {
    ReadValue read = read_value(kTopic, parameter, context_, sink_);
    good_ = good_ && read.setting.has_value();
    if (!read.setting) return;
    checked_.rule.topic = {std::move(read.setting->text), std::move(read.written)};
    checked_.placeholder = read.setting->placeholder;
    if (checked_.placeholder) return;
    const ir::TopicFault fault = ir::fault_of_topic(checked_.rule.scope, checked_.rule.topic.value);
    if (fault != ir::TopicFault::None)
        report_topic_fault(fault, parameter.value.span, !checked_.rule.topic.written.empty());
}

void RuleChecker::check_topic() {
    if (scope_ == nullptr) return;
    if (!rule_.topic) {
        checked_.rule.topic.value = ir::default_topic(scope_->scope);
        return;
    }
    const ast::Parameter& topic = *rule_.topic;
    if (!scope_->has_topic)
        return report(Code::TopicWithoutUse, topic.span,
                      fmt::format("`{}` is about no topic", scope_->name), "remove this part");
    if (topic.broken) {
        good_ = false;
        return;
    }
    if (topic.value.terms.empty())
        return report(Code::MissingValue, topic.key.span, "TOPIC has no value",
                      "expected a topic filter here, like \"plant/#\"", "TO TOPIC \"plant/#\"");
    take_topic(topic);
}

void RuleChecker::check_condition() {
    if (!rule_.condition) return;
    checked_.condition_span = rule_.condition->span;
    if (rule_.condition->broken) {
        good_ = false;
        return;
    }
    auto condition = read_condition(*rule_.condition, context_, sink_);
    good_ = good_ && condition.has_value();
    if (condition) checked_.rule.condition = std::move(*condition);
}

std::optional<ir::Verdict> RuleChecker::check_outcome(const std::optional<ast::Outcome>& outcome,
                                                      std::string_view keyword) {
    if (!outcome) return std::nullopt;
    switch (outcome->verdict) {
        case ast::VerdictWord::Allow: return ir::Verdict::Allow;
        case ast::VerdictWord::Deny: return ir::Verdict::Deny;
        case ast::VerdictWord::Missing: break;
    }
    good_ = false;
    if (!outcome->broken)
        report(Code::MissingValue, outcome->span, fmt::format("`{}` has no verdict", keyword),
               "expected `ALLOW` or `DENY` behind it", fmt::format("{} ALLOW", keyword));
    return std::nullopt;
}

// One finding for all: the sample has each of them in its place.
void RuleChecker::report_missing_parts() {
    std::vector<std::string_view> missing;
    if (rule_.parameters.empty() && rule_.nameless == 0) missing.emplace_back("WITH PRIORITY");
    if (!rule_.scope) missing.emplace_back("FOR");
    if (!rule_.condition) missing.emplace_back("IF");
    if (!rule_.then) missing.emplace_back("THEN");
    if (missing.empty()) return;
    good_ = false;
    const bool unread = std::ranges::any_of(rule_.findings, [](const diag::Diagnostic& finding) {
        return leaves_text_unread(finding.code);
    });
    if (unread) return;
    std::string list;
    for (std::size_t i = 0; i < missing.size(); ++i)
        list += fmt::format("{}`{}`",
                            i == 0                    ? ""
                            : i + 1 == missing.size() ? " and "
                                                      : ", ",
                            missing[i]);
    report(Code::MissingPart, rule_.span, fmt::format("this rule has no {}", list), "",
           "DEFINE RULE Name WITH PRIORITY 100 FOR Publish TO TOPIC \"plant/#\" IF USER IS "
           "\"ada\" THEN ALLOW ELSE DENY");
}

std::optional<CheckedRule> RuleChecker::check() {
    for (const diag::Diagnostic& finding : rule_.findings) {
        good_ = good_ && finding.severity != diag::Severity::Error;
        sink_.report(finding);
    }
    check_name();
    check_parameters();
    check_scope();
    check_topic();
    check_condition();
    const auto then = check_outcome(rule_.then, "THEN");
    if (then) checked_.rule.then = *then;
    checked_.rule.otherwise = check_outcome(rule_.otherwise, "ELSE");
    report_missing_parts();
    if (!good_) return std::nullopt;
    return std::move(checked_);
}

}  // namespace lotmesh::sema
