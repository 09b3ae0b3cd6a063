#include <fmt/core.h>

#include <utility>

#include "base/assert.h"
#include "compiler/parse/build_ast.h"

namespace lotmesh::parse {

using ast::PieceKind;
using diag::Code;
using source::Span;

namespace {

ast::VerdictWord verdict_of(LotParser::VerdictContext* context) {
    if (context == nullptr) return ast::VerdictWord::Missing;
    return context->ALLOW() != nullptr ? ast::VerdictWord::Allow : ast::VerdictWord::Deny;
}

}  // namespace

template <typename Clause>
void AstBuilder::set_once(std::optional<Clause>& clause, Clause value, std::string_view keyword) {
    if (!clause) {
        clause = std::move(value);
        return;
    }
    find(Code::RepeatedPart, value.span, fmt::format("a rule has one `{}`", keyword),
         "this one is not looked at");
    findings_->back().related.push_back({clause->span, "the first one"});
}

ast::Value AstBuilder::optional_value(LotParser::ValueContext* context) {
    return context == nullptr ? ast::Value{} : value_of(*context);
}

ast::Parameter AstBuilder::topic_of(LotParser::TopicContext& context, bool broken) {
    const std::size_t findings_before = findings_->size();
    ast::Parameter topic;
    topic.span = span_of(context);
    const bool named = context.TOPIC() != nullptr;
    topic.key = {"TOPIC", named ? span_of(*context.TOPIC()->getSymbol()) : topic.span};
    if (!named && !broken)
        find(Code::MissingKeyword, topic.span, "`TO` is not followed by `TOPIC`", "",
             "TO TOPIC \"plant/#\"");
    topic.value = optional_value(context.value());
    topic.broken = broken || has_error_since(findings_before);
    return topic;
}

ast::Piece AstBuilder::user_test(LotParser::UserContext& context) {
    ast::Piece piece{PieceKind::UserAlone, span_of(context), {}};
    if (context.IS() != nullptr) piece.kind = PieceKind::UserIs;
    if (context.GROUP() != nullptr) piece.kind = PieceKind::UserInGroup;
    piece.value = optional_value(context.value());
    if (context.HAS() == nullptr) return piece;
    piece.kind = PieceKind::UserHas;
    if (LotParser::WordContext* const word = context.word()) {
        piece.value.span = span_of(*word);
        piece.value.terms.push_back(literal(ast::TermKind::Word, piece.value.span));
    }
    return piece;
}

ast::Piece AstBuilder::client_test(LotParser::ClientContext& context) {
    ast::Piece piece{PieceKind::ClientAlone, span_of(context), {}};
    if (context.IS() != nullptr) piece.kind = PieceKind::ClientIs;
    if (context.MATCHES() != nullptr) piece.kind = PieceKind::ClientMatches;
    if (context.REGEX() != nullptr) piece.kind = PieceKind::ClientMatchesRegex;
    piece.value = optional_value(context.value());
    return piece;
}

ast::Piece AstBuilder::piece_of(LotParser::PieceContext& context) {
    if (context.user() != nullptr) return user_test(*context.user());
    if (context.client() != nullptr) return client_test(*context.client());
    PieceKind kind = PieceKind::Anybody;
    if (context.AND() != nullptr) kind = PieceKind::And;
    if (context.OR() != nullptr) kind = PieceKind::Or;
    if (context.NOT() != nullptr) kind = PieceKind::Not;
    if (context.OPEN() != nullptr) kind = PieceKind::Open;
    if (context.CLOSE() != nullptr) kind = PieceKind::Close;
    if (context.ANONYMOUS() != nullptr) kind = PieceKind::Anonymous;
    return {kind, span_of(context), {}};
}

ast::Condition AstBuilder::condition_of(LotParser::ConditionContext& context, bool broken) {
    const std::size_t findings_before = findings_->size();
    ast::Condition condition;
    condition.span = span_of(context);
    for (LotParser::PieceContext* const piece : context.piece())
        condition.pieces.push_back(piece_of(*piece));
    condition.broken = broken || has_error_since(findings_before);
    return condition;
}

void AstBuilder::add_clause(LotParser::ClauseContext& context, std::uint32_t end, ast::Rule& rule) {
    const Span span = span_of(context);
    const bool broken = has_finding(span.begin, end);
    statement_broken_ = broken;
    if (context.with() != nullptr)
        add_parameter(*context.with(), end, broken, {rule.parameters, rule.nameless});
    if (context.scope() != nullptr) {
        ast::Scope scope{{}, span, broken};
        scope.name.span = span;
        if (LotParser::WordContext* const word = context.scope()->word()) {
            scope.name.span = span_of(*word);
            scope.name.text = text_of(scope.name.span);
        }
        set_once(rule.scope, std::move(scope), "FOR");
    }
    if (context.topic() != nullptr) set_once(rule.topic, topic_of(*context.topic(), broken), "TO");
    if (context.condition() != nullptr)
        set_once(rule.condition, condition_of(*context.condition(), broken), "IF");
    if (context.then() != nullptr)
        set_once(rule.then, {span, verdict_of(context.then()->verdict()), broken}, "THEN");
    if (context.otherwise() != nullptr)
        set_once(rule.otherwise, {span, verdict_of(context.otherwise()->verdict()), broken},
                 "ELSE");
}

void AstBuilder::add_rule(LotParser::AccessContext& context, Span head, ast::File& out) {
    ast::Rule rule;
    const auto clauses = context.clause();
    const std::uint32_t head_end =
        clauses.empty() ? definition_end_ : span_of(*clauses.front()->getStart()).begin;
    rule.end = definition_end_;
    rule.span = {file_, head.begin, span_of(*context.RULE()->getSymbol()).end};
    if (context.name() != nullptr && context.name()->getStart() != nullptr) {
        rule.name = name_of(*context.name(), "RULE");
        rule.span.end = rule.name.span.end;
        rule.name_broken = has_finding(rule.span.end, head_end);
    } else if (!has_finding(rule.span.end, head_end)) {
        find(Code::MissingName, rule.span, "this rule has no name", "",
             "DEFINE RULE Name WITH PRIORITY 100 FOR Publish");
    }
    for (std::size_t i = 0; i < clauses.size(); ++i) {
        const bool last = i + 1 == clauses.size();
        const std::uint32_t end =
            last ? definition_end_ : span_of(*clauses[i + 1]->getStart()).begin;
        add_clause(*clauses[i], end, rule);
    }
    rule.findings = std::exchange(*findings_, {});
    out.rules.push_back(std::move(rule));
}

}  // namespace lotmesh::parse
