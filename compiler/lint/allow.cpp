#include "compiler/lint/allow.h"

#include <fmt/core.h>

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

#include "compiler/diag/levels.h"

namespace lotmesh::lint {

namespace {

using diag::Code;
using source::Span;

constexpr std::string_view kAllow = "allow";
constexpr std::uint32_t kEndOfFile = std::numeric_limits<std::uint32_t>::max();

// Where each statement begins and how far it reaches, in the order of the text.
std::vector<Span> statements_of(const ast::File& file) {
    std::vector<Span> statements;
    statements.reserve(file.foreigns.size() + file.routes.size() + file.rules.size());
    for (const ast::Foreign& foreign : file.foreigns)
        statements.push_back({foreign.span.file, foreign.span.begin, kEndOfFile});
    for (const ast::Route& route : file.routes)
        statements.push_back({route.span.file, route.span.begin, kEndOfFile});
    for (const ast::Rule& rule : file.rules)
        statements.push_back({rule.span.file, rule.span.begin, kEndOfFile});
    std::ranges::sort(statements, {}, &Span::begin);
    for (std::size_t i = 1; i < statements.size(); ++i)
        statements[i - 1].end = statements[i].begin;

    const std::vector<Span> definitions = statements;
    for (const ast::Route& route : file.routes) {
        const auto definition =
            std::ranges::upper_bound(definitions, route.span.begin, {}, &Span::begin) - 1;
        for (const ast::Parameter& parameter : route.parameters)
            statements.push_back(parameter.span);
        for (std::size_t i = 0; i < route.blocks.size(); ++i) {
            const ast::Block& block = route.blocks[i];
            const bool last = i + 1 == route.blocks.size();
            statements.push_back({block.span.file, block.span.begin,
                                  last ? definition->end : route.blocks[i + 1].span.begin});
            for (const ast::Parameter& parameter : block.parameters)
                statements.push_back(parameter.span);
        }
    }
    for (const ast::Rule& rule : file.rules)
        if (rule.condition) statements.push_back(rule.condition->span);
    std::ranges::sort(statements, {}, &Span::begin);
    return statements;
}

class Reader {
public:
    Reader(const ast::File& file, const source::Source& source, Reach reach, diag::Sink& sink)
        : statements_(statements_of(file)), source_(source), reach_(reach), sink_(sink) {}

    void read(const ast::Comment& comment) {
        std::string_view inside = ast::comment_text(text(comment.span));
        if (full_ || !inside.starts_with(ast::kCommentMarker)) return;
        inside.remove_prefix(ast::kCommentMarker.size());
        const std::size_t open = inside.find('(');
        if (open == std::string_view::npos || !inside.ends_with(')') ||
            trim(inside.substr(0, open)) != kAllow)
            return complain(comment.span, "the compiler does not understand this comment to it");
        const Span scope = scope_of(comment);
        std::string_view rest = inside.substr(open + 1, inside.size() - open - 2);
        do {
            const std::size_t comma = std::min(rest.find(','), rest.size());
            read_code(trim(rest.substr(0, comma)), comment, scope);
            rest.remove_prefix(std::min(comma + 1, rest.size()));
        } while (!rest.empty() && !full_);
    }

private:
    std::string_view text(const Span& span) const {
        return source_.parse_text().substr(span.begin, span.end - span.begin);
    }

    static std::string_view trim(std::string_view word) {
        const std::size_t begin = word.find_first_not_of(" \t");
        if (begin == std::string_view::npos) return {};
        return word.substr(begin, word.find_last_not_of(" \t") + 1 - begin);
    }

    void complain(Span at, std::string message) {
        diag::Diagnostic finding = diag::draft(Code::BadAllow, at, std::move(message));
        finding.help = "// lot: allow(LOT0506)";
        sink_.report(std::move(finding));
    }

    void read_code(std::string_view word, const ast::Comment& comment, Span scope) {
        if (codes_++ == sink_.limits().allowances_max) {
            full_ = true;
            return complain(comment.span, fmt::format("a file names {} codes at most in comments",
                                                      sink_.limits().allowances_max));
        }
        if (word.empty()) return complain(comment.span, "this names no code");
        const auto begin = static_cast<std::uint32_t>(word.data() - source_.parse_text().data());
        const Span at{comment.span.file, begin, static_cast<std::uint32_t>(begin + word.size())};
        const std::optional<Code> code = diag::parse_code(word);
        if (!code) return complain(at, fmt::format("there is no code `{}`", word));
        if (diag::info(*code).severity == diag::Severity::Error)
            return complain(at, fmt::format("`{}` is an error, which nothing lets pass", word));
        if (reach_ == Reach::Cluster || diag::group_of(*code).name != diag::kClusterGroup)
            sink_.allow({*code, at, scope});
    }

    Span scope_of(const ast::Comment& comment) const {
        const std::uint32_t line = source_.line_of(comment.span.begin);
        if (!comment.own_line)
            return {comment.span.file, source_.line_begin(line), source_.line_end(line)};
        const auto below =
            std::ranges::lower_bound(statements_, comment.span.end, {}, &Span::begin);
        return below == statements_.end() ? Span{comment.span.file, 0, 0} : *below;
    }

    std::vector<Span> statements_;
    const source::Source& source_;
    Reach reach_;
    diag::Sink& sink_;
    std::size_t codes_ = 0;  // that were named so far
    bool full_ = false;      // what else is named is not read
};

}  // namespace

void apply_allowances(const ast::File& file, const source::Source& source, Reach reach,
                      diag::Sink& sink) {
    if (file.comments.empty()) return;
    Reader reader(file, source, reach, sink);
    for (const ast::Comment& comment : file.comments)
        reader.read(comment);
}

}  // namespace lotmesh::lint
