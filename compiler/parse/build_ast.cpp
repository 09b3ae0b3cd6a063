#include "compiler/parse/build_ast.h"

#include <fmt/core.h>

#include <algorithm>
#include <span>
#include <utility>

#include "compiler/diag/suggest.h"

namespace lotmesh::parse {

using diag::Code;
using source::Span;

namespace {

// Reading went on as if it had been right: what is around it can be judged.
bool was_mended(Code code) {
    return code == Code::MisspeltKeyword || code == Code::MissingKeyword ||
           code == Code::HashComment || code == Code::OddBlank;
}

}  // namespace

Span AstBuilder::span_of(const antlr4::Token& token) const {
    const auto begin = static_cast<std::uint32_t>(token.getStartIndex());
    return {file_, begin, static_cast<std::uint32_t>(token.getStopIndex() + 1)};
}

Span AstBuilder::span_of(const antlr4::ParserRuleContext& context) const {
    const Span first = span_of(*context.start);
    const Span last = context.stop == nullptr ? first : span_of(*context.stop);
    return {file_, first.begin, std::max(first.end, last.end)};
}

std::string AstBuilder::text_of(const Span& span) const {
    return std::string(source_.parse_text().substr(span.begin, span.end - span.begin));
}

// The parser's findings are in order of position.
bool AstBuilder::has_finding(std::uint32_t begin, std::uint32_t end) const {
    const auto findings = std::span(*findings_).first(syntax_findings_);
    const auto position = [](const diag::Diagnostic& finding) { return finding.span.begin; };
    auto next = std::ranges::lower_bound(findings, begin, {}, position);
    for (; next != findings.end() && next->span.begin < end; ++next)
        if (!was_mended(next->code)) return true;
    return false;
}

void AstBuilder::find(Code code, Span span, std::string message, std::string caption,
                      std::string help) {
    diag::Diagnostic finding = diag::draft(code, span, std::move(message));
    finding.caption = std::move(caption);
    finding.help = std::move(help);
    findings_->push_back(std::move(finding));
}

// The inside of a quoted literal, with \" and \\ resolved; of one that is too long a bit more than
// may be.
std::string AstBuilder::unquote(const Span& span) {
    const std::string_view text = source_.parse_text().substr(span.begin, span.end - span.begin);
    const std::string_view inside = text.substr(1, text.size() - 2);
    std::string result;
    std::vector<std::uint32_t> odd;
    for (std::size_t i = 0; i < inside.size() && result.size() <= value_bytes_max_; ++i) {
        const bool escape = inside[i] == '\\' && i + 1 < inside.size();
        const char next = escape ? inside[i + 1] : '\0';
        if (next == '"' || next == '\\')
            ++i;
        else if (escape)
            odd.push_back(static_cast<std::uint32_t>(span.begin + 1 + i));
        result += inside[i];
    }
    if (!odd.empty()) report_odd_escapes(odd);
    return result;
}

// One finding for all of a string: who writes one backslash so means all of them so.
void AstBuilder::report_odd_escapes(const std::vector<std::uint32_t>& places) {
    const std::uint32_t first = places.front();
    find(Code::OddEscape, {file_, first, first + 1}, "this backslash escapes nothing",
         "read as a backslash", "write `\\\\`");
    diag::Fix fix{"write `\\\\`", diag::Applicability::Machine, {}};
    for (const std::uint32_t at : places)
        fix.edits.push_back({{file_, at, at}, "\\"});
    findings_->back().fixes.push_back(std::move(fix));
}

ast::Term AstBuilder::literal(ast::TermKind kind, Span span) {
    ast::Term term{kind, {}, span};
    if (kind == ast::TermKind::String) {
        term.text = unquote(span);
    } else if (kind == ast::TermKind::Quoted) {
        term.text = text_of({file_, span.begin + 1, span.end - 1});
    } else {
        term.text = text_of(span);
    }
    if (term.text.size() > value_bytes_max_) {
        find(Code::ValueTooLong, span,
             fmt::format("this value is longer than {} bytes", value_bytes_max_));
        term.text.resize(value_bytes_max_);
    }
    return term;
}

ast::Term AstBuilder::reference_of(LotParser::ReferenceContext& context) {
    const Span span = span_of(context);
    const ast::TermKind kind =
        context.SECRET() != nullptr ? ast::TermKind::Secret : ast::TermKind::Env;
    if (context.STRING() == nullptr) {
        if (!statement_broken_)
            find(Code::IncompleteReference, span, "this reference has no name", "",
                 "GET ENV \"NAME\" or GET SECRET \"NAME\"");
        return {kind, {}, span};
    }
    ast::Term term = literal(ast::TermKind::String, span_of(*context.STRING()->getSymbol()));
    term.kind = kind;
    term.span = span;
    return term;
}

ast::Term AstBuilder::term_of(LotParser::TermContext& context) {
    const Span span = span_of(context);
    if (context.STRING() != nullptr) return literal(ast::TermKind::String, span);
    if (context.QUOTED() != nullptr) return literal(ast::TermKind::Quoted, span);
    if (context.NUMBER() != nullptr)
        return literal(context.UNIT() != nullptr ? ast::TermKind::Duration : ast::TermKind::Number,
                       span);
    if (context.reference() != nullptr) return reference_of(*context.reference());
    if (context.random() != nullptr) return {ast::TermKind::RandomUuid, {}, span};
    if (context.OPEN_STRING() != nullptr) {
        const bool escaped = text_of(span).ends_with("\\\"");
        find(
            Code::UnterminatedString, span, "this string is not closed on its line", "",
            escaped ? "`\\\"` is a quote inside of the string; a backslash is written `\\\\`" : "");
        return {ast::TermKind::String, {}, span};
    }
    return literal(ast::TermKind::Word, span);
}

ast::Value AstBuilder::value_of(LotParser::ValueContext& context) {
    ast::Value value;
    for (LotParser::TermContext* term : context.term())
        if (term->getStart() != nullptr) value.terms.push_back(term_of(*term));
    value.span = span_of(context);
    return value;
}

ast::Name AstBuilder::name_of(LotParser::NameContext& context, std::string_view kind) {
    const Span span = span_of(context);
    const bool single = context.QUOTED() != nullptr;
    if (context.STRING() == nullptr && !single) return {text_of(span), span};
    std::string text = single ? text_of({file_, span.begin + 1, span.end - 1}) : unquote(span);
    find(Code::QuotedName, span,
         fmt::format("the name of a {} stands without quotes", diag::lower_case(kind)), "",
         fmt::format("DEFINE {} {}", kind, text));
    if (text.size() <= kRouteNameBytesMax && ast::is_word(text))
        findings_->back().fixes.push_back(
            diag::replacement(span, text, diag::Applicability::Machine));
    return {std::move(text), span};
}

void AstBuilder::add_parameter(LotParser::WithContext& context, std::uint32_t end, bool broken,
                               Parameters target) {
    const std::size_t findings_before = findings_->size();
    ast::Parameter parameter;
    parameter.span = span_of(context);
    if (context.word() == nullptr) {
        ++target.nameless;
        if (!broken)
            find(Code::MissingName, parameter.span, "`WITH` is not followed by a key", "",
                 "WITH KEY \"value\"");
        return;
    }
    parameter.key.span = span_of(*context.word());
    parameter.key.text = text_of(parameter.key.span);
    if (context.value() != nullptr) parameter.value = value_of(*context.value());
    parameter.broken = broken || has_error_since(findings_before);
    if (end < definition_end_) parameter.next = {file_, end, end};
    target.all.push_back(std::move(parameter));
}

bool AstBuilder::has_error_since(std::size_t findings_before) const {
    const auto found = std::span(*findings_).subspan(findings_before);
    return std::ranges::find(found, diag::Severity::Error, &diag::Diagnostic::severity) !=
           found.end();
}

void AstBuilder::add_block(LotParser::AddContext& context, bool broken, ast::Route& route) {
    ast::Block block;
    block.span = span_of(context);
    block.broken = broken;
    if (context.word() == nullptr) {
        if (!broken)
            find(Code::MissingName, block.span, "`ADD` is not followed by a block", "",
                 "ADD CLUSTER_CONFIG");
        block.broken = true;
    } else {
        block.kind.span = span_of(*context.word());
        block.kind.text = text_of(block.kind.span);
    }
    if (context.label() != nullptr) {
        const Span span = span_of(*context.label());
        const bool quoted = context.label()->STRING() != nullptr;
        block.label = ast::Name{quoted ? unquote(span) : text_of(span), span};
    }
    route.blocks.push_back(std::move(block));
}

void AstBuilder::add_statement(LotParser::StatementContext& context, std::uint32_t end,
                               ast::Route& route) {
    const bool broken = has_finding(span_of(context).begin, end);
    statement_broken_ = broken;
    if (context.add() != nullptr) add_block(*context.add(), broken, route);
    if (context.with() != nullptr) {
        const bool in_head = route.blocks.empty();
        const Parameters head{route.parameters, route.nameless};
        add_parameter(
            *context.with(), end, broken,
            in_head ? head
                    : Parameters{route.blocks.back().parameters, route.blocks.back().nameless});
    }
    if (context.store() != nullptr) {
        // STORE carries parameters as a block does; which types know it is for sema to say.
        ast::Block block;
        block.kind = {"STORE", span_of(*context.store()->getStart())};
        block.span = span_of(*context.store());
        block.broken = broken;
        route.blocks.push_back(std::move(block));
    }
}

void AstBuilder::add_route(LotParser::RouteContext& context, Span head, ast::File& out) {
    ast::Route route;
    const auto statements = context.statement();
    const std::uint32_t head_end =
        statements.empty() ? definition_end_ : span_of(*statements.front()->getStart()).begin;
    route.end = definition_end_;
    route.span = {file_, head.begin, span_of(*context.ROUTE()->getSymbol()).end};
    if (context.name() != nullptr && context.name()->getStart() != nullptr) {
        route.name = name_of(*context.name(), "ROUTE");
        route.span.end = route.name.span.end;
        route.name_broken = has_finding(route.span.end, head_end);
    } else if (!has_finding(route.span.end, head_end)) {
        find(Code::MissingName, route.span, "this route has no name", "",
             "DEFINE ROUTE Name WITH TYPE MQTT_CLUSTER");
    }
    for (std::size_t i = 0; i < statements.size(); ++i) {
        const bool last = i + 1 == statements.size();
        const std::uint32_t end =
            last ? definition_end_ : span_of(*statements[i + 1]->getStart()).begin;
        add_statement(*statements[i], end, route);
    }
    route.findings = std::exchange(*findings_, {});
    out.routes.push_back(std::move(route));
}

void AstBuilder::add_definition(LotParser::DefinitionContext& context, std::uint32_t end,
                                std::vector<diag::Diagnostic>& findings, ast::File& out) {
    findings_ = &findings;
    definition_end_ = end;
    std::ranges::sort(findings, {},
                      [](const diag::Diagnostic& finding) { return finding.span.begin; });
    syntax_findings_ = findings.size();
    const Span head = span_of(*context.getStart());
    if (context.foreign() != nullptr) {
        const Span kind = span_of(*context.foreign());
        out.foreigns.push_back({{text_of(kind), kind}, {file_, head.begin, kind.end}});
    } else if (context.route() != nullptr) {
        add_route(*context.route(), head, out);
    } else if (context.access() != nullptr) {
        add_rule(*context.access(), head, out);
    } else if (findings.empty()) {
        find(Code::MissingName, head, "`DEFINE` is not followed by what it defines", "",
             "DEFINE ROUTE Name WITH TYPE MQTT_CLUSTER");
    }
    findings_ = nullptr;
}

}  // namespace lotmesh::parse
