#include "compiler/format/rule_text.h"

#include <fmt/core.h>

#include <algorithm>
#include <vector>

#include "compiler/format/canonical.h"
#include "compiler/ir/rule.h"

namespace lotmesh::format {

namespace {

constexpr std::size_t kLineBytesMax = 100;
constexpr std::string_view kBodyIndent = "    ";
constexpr std::string_view kConditionIndent = "        ";

std::string_view verdict_text(const ast::Outcome& outcome) {
    return outcome.verdict == ast::VerdictWord::Allow ? "ALLOW" : "DENY";
}

// No blanks inside of parentheses.
std::string joined(const std::vector<std::string>& pieces) {
    std::string result;
    for (const std::string& piece : pieces) {
        const bool glued = result.empty() || result.ends_with('(') || piece == ")";
        result += (glued ? "" : " ") + piece;
    }
    return result;
}

// A line before each AND and OR that stands in no parentheses.
std::string in_lines(const std::vector<std::string>& pieces) {
    std::string result;
    std::vector<std::string> line;
    std::size_t depth = 0;
    const auto end_line = [&] {
        if (!result.empty()) result += fmt::format("\n{}", kConditionIndent);
        result += joined(line);
        line.clear();
    };
    for (const std::string& piece : pieces) {
        if (piece == "(") ++depth;
        if (piece == ")" && depth > 0) --depth;
        if (depth == 0 && (piece == "AND" || piece == "OR") && !line.empty()) end_line();
        line.push_back(piece);
    }
    end_line();
    return result;
}

source::Span hull(source::Span left, const source::Span& right) {
    left.begin = std::min(left.begin, right.begin);
    left.end = std::max(left.end, right.end);
    return left;
}

}  // namespace

std::string rule_head(const ast::Rule& rule, std::string_view text) {
    std::string head = fmt::format("DEFINE RULE {}", rule.name.text);
    for (const ast::Parameter& parameter : rule.parameters)
        head += fmt::format(" WITH {} {}", parameter.key.text,
                            canonical_rule_value(parameter.value, text));
    if (rule.scope) {
        const ir::ScopeInfo* const known = ir::find_scope(rule.scope->name.text);
        head += fmt::format(" FOR {}", known != nullptr ? known->name : rule.scope->name.text);
    }
    if (rule.topic)
        head += fmt::format(" TO TOPIC {}", canonical_rule_value(rule.topic->value, text));
    return head;
}

std::string rule_body(const ast::Rule& rule, std::string_view text) {
    std::vector<std::string> outcomes;
    if (rule.then) outcomes.push_back(fmt::format("THEN {}", verdict_text(*rule.then)));
    if (rule.otherwise) outcomes.push_back(fmt::format("ELSE {}", verdict_text(*rule.otherwise)));
    std::vector<std::string> pieces;
    if (rule.condition) pieces = canonical_pieces(*rule.condition, text);
    std::string line = rule.condition ? "IF " + joined(pieces) : "";
    for (const std::string& outcome : outcomes)
        line += (line.empty() ? "" : " ") + outcome;
    if (kBodyIndent.size() + line.size() <= kLineBytesMax) return line;
    std::string lines = rule.condition ? "IF " + in_lines(pieces) : "";
    for (const std::string& outcome : outcomes)
        lines += (lines.empty() ? "" : fmt::format("\n{}", kBodyIndent)) + outcome;
    return lines;
}

source::Span span_of_head(const ast::Rule& rule) {
    source::Span span = rule.span;
    for (const ast::Parameter& parameter : rule.parameters)
        span = hull(span, parameter.span);
    if (rule.scope) span = hull(span, rule.scope->span);
    if (rule.topic) span = hull(span, rule.topic->span);
    return span;
}

source::Span span_of_body(const ast::Rule& rule) {
    source::Span span = rule.condition ? rule.condition->span : rule.then->span;
    if (rule.then) span = hull(span, rule.then->span);
    if (rule.otherwise) span = hull(span, rule.otherwise->span);
    return span;
}

}  // namespace lotmesh::format
