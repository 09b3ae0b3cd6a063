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
    for (const Foreign& foreign : file.foreigns)
        out += fmt::format("foreign {}\n", foreign.kind.text);
    return out;
}

}  // namespace lotmesh::ast
