#include "compiler/ast/dump.h"

#include <fmt/core.h>

#include "base/assert.h"

namespace lotmesh::ast {

namespace {

std::string term_text(const Term& term) {
    switch (term.kind) {
        case TermKind::String: return fmt::format("\"{}\"", term.text);
        case TermKind::Quoted: return fmt::format("'{}'", term.text);
        case TermKind::Number:
        case TermKind::Duration:
        case TermKind::Word: return term.text;
        case TermKind::Env: return fmt::format("env({})", term.text);
        case TermKind::Secret: return fmt::format("secret({})", term.text);
        case TermKind::RandomUuid: return "random";
    }
    UNREACHABLE();
}

std::string value_text(const Value& value) {
    if (value.terms.empty()) return "(nothing)";
    std::string text;
    for (const Term& term : value.terms)
        text += (text.empty() ? "" : " + ") + term_text(term);
    return text;
}

void add_parameters(const std::vector<Parameter>& parameters, std::size_t indent,
                    std::string& out) {
    for (const Parameter& parameter : parameters)
        out += fmt::format("{:{}}{} = {}{}\n", "", indent, parameter.key.text,
                           value_text(parameter.value), parameter.broken ? " (broken)" : "");
}

std::string_view kind_text(PieceKind kind) {
    switch (kind) {
        case PieceKind::And: return "and";
        case PieceKind::Or: return "or";
        case PieceKind::Not: return "not";
        case PieceKind::Open: return "(";
        case PieceKind::Close: return ")";
        case PieceKind::Anonymous: return "anonymous";
        case PieceKind::Anybody: return "anybody";
        case PieceKind::UserIs: return "user";
        case PieceKind::UserInGroup: return "group";
        case PieceKind::UserHas: return "has";
        case PieceKind::ClientIs: return "client";
        case PieceKind::ClientMatches: return "client like";
        case PieceKind::ClientMatchesRegex: return "client regex";
        case PieceKind::UserAlone: return "user alone";
        case PieceKind::ClientAlone: return "client alone";
    }
    UNREACHABLE();
}

std::string_view verdict_text(VerdictWord verdict) {
    switch (verdict) {
        case VerdictWord::Missing: return "(nothing)";
        case VerdictWord::Allow: return "allow";
        case VerdictWord::Deny: return "deny";
    }
    UNREACHABLE();
}

void add_rule(const Rule& rule, std::string& out) {
    out += fmt::format("rule {}\n", rule.name.text);
    add_parameters(rule.parameters, 2, out);
    if (rule.scope)
        out += fmt::format("  for {}{}\n", rule.scope->name.text,
                           rule.scope->broken ? " (broken)" : "");
    if (rule.topic) add_parameters({*rule.topic}, 2, out);
    if (rule.condition) {
        out += "  if";
        for (const Piece& piece : rule.condition->pieces) {
            out += fmt::format(" {}", kind_text(piece.kind));
            if (!piece.value.terms.empty()) out += " " + value_text(piece.value);
        }
        out += rule.condition->broken ? " (broken)\n" : "\n";
    }
    if (rule.then) out += fmt::format("  then {}\n", verdict_text(rule.then->verdict));
    if (rule.otherwise) out += fmt::format("  else {}\n", verdict_text(rule.otherwise->verdict));
}

}  // namespace

std::string dump(const File& file) {
    std::string out;
    for (const Route& route : file.routes) {
        out += fmt::format("route {}\n", route.name.text);
        add_parameters(route.parameters, 2, out);
        for (const Block& block : route.blocks) {
            out += fmt::format("  block {}{}{}\n", block.kind.text,
                               block.label ? " " + block.label->text : "",
                               block.broken ? " (broken)" : "");
            add_parameters(block.parameters, 4, out);
        }
    }
    for (const Rule& rule : file.rules)
        add_rule(rule, out);
    for (const Foreign& foreign : file.foreigns)
        out += fmt::format("foreign {}\n", foreign.kind.text);
    return out;
}

}  // namespace lotmesh::ast
