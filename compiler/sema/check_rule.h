// One rule of access: its parts, and what each of them says.
#pragma once

#include <optional>
#include <string>

#include "compiler/sema/check.h"

namespace lotmesh::sema {

class RuleChecker {
public:
    // Borrows all, for the time of one rule.
    RuleChecker(const ast::Rule& rule, const ValueContext& context, diag::Sink& sink)
        : rule_(rule), context_(context), sink_(sink) {}

    // Reports the findings of the rule and everything else. Nothing: there was a mistake.
    std::optional<CheckedRule> check();

private:
    void check_name();
    void check_parameters();
    void check_scope();
    void check_topic();
    void take_topic(const ast::Parameter& parameter);
    void check_condition();
    std::optional<ir::Verdict> check_outcome(const std::optional<ast::Outcome>& outcome,
                                             std::string_view keyword);
    void report_missing_parts();
    void report_topic_fault(ir::TopicFault fault, Span span, bool from_reference);
    void report(diag::Code code, Span span, std::string message, std::string caption = {},
                std::string help = {});

    const ast::Rule& rule_;
    const ValueContext& context_;
    diag::Sink& sink_;
    CheckedRule checked_;
    const ir::ScopeInfo* scope_ = nullptr;  // as soon as it is known
    bool good_ = true;
};

}  // namespace lotmesh::sema
