#include "compiler/format/canonical.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "base/assert.h"
#include "compiler/diag/suggest.h"

namespace lotmesh::format {

namespace {

constexpr std::string_view kDeclaration = "//!";

using ast::Term;
using ast::TermKind;
using sema::ValueType;

std::string in_quotes(std::string_view text) {
    std::string result = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') result += '\\';
        result += c;
    }
    return result + '"';
}

bool is_number(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

bool is_literal(const Term& term) {
    return term.kind == TermKind::String || term.kind == TermKind::Quoted ||
           term.kind == TermKind::Number || term.kind == TermKind::Word;
}

// A literal of a key that is known; nothing: leave it.
std::string literal(const Term& term, ValueType type) {
    const std::string lower = diag::lower_case(term.text);
    const bool quoted = term.kind == TermKind::String || term.kind == TermKind::Quoted;
    switch (type) {
        case ValueType::Integer:
            return is_number(term.text) ? fmt::format("'{}'", term.text) : std::string();
        case ValueType::Boolean: return lower == "true" || lower == "false" ? lower : std::string();
        case ValueType::Choice: return in_quotes(lower);
        case ValueType::Self: return lower == "self" ? "SELF" : std::string();
        case ValueType::Text:
        case ValueType::Topic:
        case ValueType::Address:
        case ValueType::ClientId: return quoted ? in_quotes(term.text) : std::string();
    }
    UNREACHABLE();
}

std::string canonical_term(const Term& term, const sema::KeySchema* key, std::string_view text) {
    if (term.kind == TermKind::Env) return "GET ENV " + in_quotes(term.text);
    if (term.kind == TermKind::Secret) return "GET SECRET " + in_quotes(term.text);
    if (term.kind == TermKind::RandomUuid) return "RANDOM UUID";
    std::string result;
    if (key != nullptr && is_literal(term)) result = literal(term, key->type);
    if (!result.empty()) return result;
    return std::string(text.substr(term.span.begin, term.span.end - term.span.begin));
}

constexpr sema::KeySchema kAnyText = {.name = "", .type = ValueType::Text};

std::string_view words_of(ast::PieceKind kind) {
    using ast::PieceKind;
    switch (kind) {
        case PieceKind::And: return "AND";
        case PieceKind::Or: return "OR";
        case PieceKind::Not: return "NOT";
        case PieceKind::Open: return "(";
        case PieceKind::Close: return ")";
        case PieceKind::Anonymous: return "ANONYMOUS";
        case PieceKind::Anybody: return "ANYBODY";
        case PieceKind::UserIs: return "USER IS";
        case PieceKind::UserInGroup: return "USER IN GROUP";
        case PieceKind::UserHas: return "USER HAS";
        case PieceKind::ClientIs: return "CLIENTID IS";
        case PieceKind::ClientMatches: return "CLIENTID MATCHES";
        case PieceKind::ClientMatchesRegex: return "CLIENTID MATCHES REGEX";
        case PieceKind::UserAlone: return "USER";
        case PieceKind::ClientAlone: return "CLIENTID";
    }
    UNREACHABLE();
}

}  // namespace

std::string canonical_rule_value(const ast::Value& value, std::string_view text) {
    const bool number = value.terms.size() == 1 && is_literal(value.terms.front()) &&
                        is_number(value.terms.front().text);
    return number ? value.terms.front().text : canonical_value(value, &kAnyText, text);
}

std::vector<std::string> canonical_pieces(const ast::Condition& condition, std::string_view text) {
    std::vector<std::string> pieces;
    pieces.reserve(condition.pieces.size());
    for (const ast::Piece& piece : condition.pieces) {
        std::string words(words_of(piece.kind));
        if (!piece.value.terms.empty())
            words += " " + canonical_value(piece.value, &kAnyText, text);
        pieces.push_back(std::move(words));
    }
    return pieces;
}

std::string canonical_value(const ast::Value& value, const sema::KeySchema* key,
                            std::string_view text) {
    std::string result;
    for (const Term& term : value.terms) {
        if (!result.empty()) result += " + ";
        result += canonical_term(term, key, text);
    }
    return result;
}

std::string canonical_label(std::string_view label) {
    return ast::is_word(label) ? std::string(label) : in_quotes(label);
}

std::string canonical_comment(std::string_view comment) {
    if (comment.find('\n') != std::string_view::npos) return std::string(comment);
    std::string_view text = ast::comment_text(comment);
    // It declares a node (docs/cluster-lint.md), and would not any more with a blank in it.
    if (comment.starts_with(kDeclaration)) {
        text.remove_prefix(1);
        text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
        return text.empty() ? std::string(kDeclaration) : fmt::format("{} {}", kDeclaration, text);
    }
    return text.empty() ? "//" : fmt::format("// {}", text);
}

}  // namespace lotmesh::format
