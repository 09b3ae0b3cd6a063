#include "compiler/sema/redact.h"

#include <algorithm>

#include "compiler/ast/kinds.h"
#include "compiler/diag/suggest.h"

namespace lotmesh::sema {

namespace {

// Literals of near misses too, on whichever line they stand. References name no secret.
void redact_parameters(source::Source& source, const std::vector<ast::Parameter>& parameters,
                       std::uint32_t definition_end) {
    for (const ast::Parameter& parameter : parameters) {
        if (!ast::is_secret_key(parameter.key.text)) continue;
        if (parameter.broken) {
            // What was not understood may be a part of it: everything up to the next statement.
            const bool last = parameter.next == ast::Span{};
            source.redact({parameter.key.span.end, last ? definition_end : parameter.next.begin});
            continue;
        }
        for (const ast::Term& term : parameter.value.terms) {
            const bool reference =
                term.kind == ast::TermKind::Env || term.kind == ast::TermKind::Secret;
            if (!reference) source.redact({term.span.begin, term.span.end});
        }
    }
}

// What follows the name of a secret key on its line, for text that did not become a parameter.
// Returns where to look on.
std::size_t redact_rest_of_line(source::Source& source, std::string_view upper,
                                std::size_t behind_key) {
    const std::size_t begin = upper.find_first_not_of(" \t\r'\"", behind_key);
    if (begin == std::string_view::npos) return upper.size();
    if (upper[begin] == '\n' || upper.substr(begin).starts_with("GET ")) return begin;
    const std::size_t end = std::min(upper.find('\n', begin), upper.size());
    source.redact({static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)});
    return end;
}

}  // namespace

void redact_secrets(source::Source& source, const ast::File& file) {
    for (const ast::Route& route : file.routes) {
        redact_parameters(source, route.parameters, route.end);
        for (const ast::Block& block : route.blocks)
            redact_parameters(source, block.parameters, route.end);
    }
    for (const ast::Rule& rule : file.rules)
        redact_parameters(source, rule.parameters, rule.end);
    const std::string upper = diag::upper_case(source.text());
    for (const std::string_view key : ast::secret_keys())
        for (std::size_t at = upper.find(key); at != std::string::npos; at = upper.find(key, at))
            at = redact_rest_of_line(source, upper, at + key.size());
}

}  // namespace lotmesh::sema
