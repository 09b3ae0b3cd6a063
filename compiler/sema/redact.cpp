#include "compiler/sema/redact.h"

#include <algorithm>

#include "compiler/diag/suggest.h"
#include "compiler/sema/schema.h"

namespace lotmesh::sema {

namespace {

bool is_secret(std::string_view key) {
    return std::ranges::any_of(secret_keys(),
                               [&](std::string_view secret) { return diag::is_near(key, secret); });
}

// Literals of near misses too, on whichever line they stand. References name no secret.
void redact_parameters(source::Source& source, const std::vector<ast::Parameter>& parameters) {
    for (const ast::Parameter& parameter : parameters) {
        if (!is_secret(parameter.key.text)) continue;
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
        redact_parameters(source, route.parameters);
        for (const ast::Block& block : route.blocks)
            redact_parameters(source, block.parameters);
    }
    const std::string upper = diag::upper_case(source.text());
    for (const std::string_view key : secret_keys())
        for (std::size_t at = upper.find(key); at != std::string::npos; at = upper.find(key, at))
            at = redact_rest_of_line(source, upper, at + key.size());
}

}  // namespace lotmesh::sema
