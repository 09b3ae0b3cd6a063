#include "compiler/sema/unread_text.h"

#include <algorithm>

#include "compiler/sema/check_block.h"

namespace lotmesh::sema {

namespace {

using diag::Code;

// Said and then read as it was meant: nothing was left unread.
bool was_mended(Code code) {
    return code == Code::MisspeltKeyword || code == Code::MissingKeyword ||
           code == Code::HashComment || code == Code::OddBlank || code == Code::QuotedName;
}

template <typename Visit>
void for_each_parameter(const ast::Route& route, const Visit& visit) {
    for (const ast::Parameter& parameter : route.parameters)
        visit(parameter);
    for (const ast::Block& block : route.blocks)
        for (const ast::Parameter& parameter : block.parameters)
            visit(parameter);
}

bool is_split_key(const ast::Parameter& parameter) {
    return std::ranges::any_of(route_schemas(), [&](const RouteSchema& schema) {
        return std::ranges::any_of(schema.blocks, [&](const BlockSchema& block) {
            return split_key(block, parameter) != nullptr;
        });
    });
}

}  // namespace

UnreadText::UnreadText(const ast::Route& route, const source::SourceSet& sources) : route_(route) {
    if (route.findings.empty()) return;
    for_each_parameter(route, [&](const ast::Parameter& parameter) {
        statements_.push_back(parameter.span.begin);
        const std::uint32_t end = parameter.next == Span{} ? route.end : parameter.next.begin;
        if (is_split_key(parameter)) split_keys_.push_back({parameter.span.begin, end});
    });
    for (const ast::Block& block : route.blocks)
        statements_.push_back(block.span.begin);
    std::ranges::sort(statements_);
    std::uint32_t read_to = 0;
    for (const diag::Diagnostic& finding : route.findings) {
        if (finding.severity != diag::Severity::Error || was_mended(finding.code)) continue;
        const std::uint32_t begin = std::max(finding.span.begin, read_to);
        const std::uint32_t end = next_statement(begin);
        if (begin >= end) continue;
        add(sources[finding.span.file].text().substr(begin, end - begin));
        read_to = end;
    }
}

std::uint32_t UnreadText::next_statement(std::uint32_t behind) const {
    const auto next = std::ranges::upper_bound(statements_, behind);
    return next == statements_.end() ? route_.end : std::min(*next, route_.end);
}

void UnreadText::add(std::string_view text) {
    text_ += text;
    text_ += '\n';
    known_.clear();
}

// The same few words are asked for in each block.
bool UnreadText::contains(std::string_view word) {
    const auto known = known_.find(word);
    if (known != known_.end()) return known->second;
    return known_.emplace(word, text_.contains(word)).first->second;
}

bool UnreadText::is_rest_of_split_key(const diag::Diagnostic& finding) const {
    if (finding.code != Code::UnexpectedText) return false;
    const auto behind =
        std::ranges::lower_bound(split_keys_, finding.span.begin, {}, &source::ByteRange::begin);
    return behind != split_keys_.begin() && finding.span.begin < (behind - 1)->end;
}

}  // namespace lotmesh::sema
