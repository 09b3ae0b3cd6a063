#include "compiler/format/format.h"

#include <fmt/core.h>

#include <algorithm>
#include <limits>
#include <ranges>
#include <span>
#include <utility>
#include <vector>

#include "compiler/format/canonical.h"
#include "compiler/format/rule_text.h"
#include "compiler/sema/schema.h"

namespace lotmesh::format {

namespace {

using source::Span;

constexpr std::size_t kIndent = 4;
constexpr std::size_t kUnknownKey = std::numeric_limits<std::size_t>::max();

// A comment on a line of its own.
struct Remark {
    std::string text;
    bool blank_before = false;
};

// One line of output and what belongs to it.
struct Statement {
    Span span;
    std::string text;
    std::size_t level = 0;
    std::size_t rank = 0;  // of a key among those of its block
    bool blank_before = false;
    std::vector<Remark> above;
    std::vector<std::string> inside;  // comments in it, or behind it on its line
};

// A definition of ours is its statements, the head first; any other its text as it is.
struct Definition {
    Span span;  // up to the next one, or to where its verbatim text ends
    std::string verbatim;
    std::vector<Remark> above;
    std::vector<Statement> statements;
    std::vector<Remark> below;
};

struct Document {
    std::vector<Definition> definitions;
    std::vector<Remark> below;  // behind the last definition, or all there is
};

std::string without_carriage_returns(std::string_view text) {
    std::string result(text);
    std::erase(result, '\r');
    return result;
}

// Keys in the order of the reference. Blank lines that grouped another order go.
void sort_keys(std::span<Statement> keys) {
    if (std::ranges::is_sorted(keys, {}, &Statement::rank)) return;
    std::ranges::stable_sort(keys, {}, &Statement::rank);
    for (Statement& key : keys) {
        key.blank_before = false;
        for (Remark& remark : key.above)
            remark.blank_before = false;
    }
}

// Nothing: its type is not one of ours.
const sema::RouteSchema* schema_of(const ast::Route& route) {
    const sema::RouteSchema* schema = nullptr;
    for (const ast::Parameter& parameter : route.parameters)
        if (parameter.key.text == "TYPE" && parameter.value.terms.size() == 1 && schema == nullptr)
            schema = sema::find_route(parameter.value.terms.front().text);
    return schema;
}

// From the tree to the lines of output.
class Reader {
public:
    Reader(const ast::File& file, const source::Source& source)
        : file_(file), source_(source), text_(source.parse_text()) {}

    Document read() {
        for (const ast::Route& route : file_.routes)
            add_route(route);
        for (const ast::Rule& rule : file_.rules)
            add_rule(rule);
        for (const ast::Foreign& foreign : file_.foreigns)
            document_.definitions.push_back({foreign.span, {}, {}, {}, {}});
        std::ranges::sort(document_.definitions, {},
                          [](const Definition& definition) { return definition.span.begin; });
        set_ends();
        for (const ast::Comment& comment : file_.comments)
            place(comment);
        for (Definition& definition : document_.definitions)
            sort_blocks(definition.statements);
        return std::move(document_);
    }

private:
    std::string_view slice(const Span& span) const {
        return text_.substr(span.begin, span.end - span.begin);
    }

    std::uint32_t column_of(std::uint32_t offset) const {
        return offset - source_.line_begin(source_.line_of(offset));
    }

    bool has_blank_line_before(std::uint32_t offset) const {
        std::size_t newlines = 0;
        while (offset > 0 && std::string_view(" \t\r\n").contains(text_[offset - 1]))
            newlines += text_[--offset] == '\n' ? 1 : 0;
        return newlines > 1;
    }

    Statement statement(Span span, std::string text, std::size_t level) const {
        return {span, std::move(text), level, 0, has_blank_line_before(span.begin), {}, {}};
    }

    Statement parameter_of(const ast::Parameter& parameter, const sema::BlockSchema* block,
                           std::size_t level) const {
        const sema::KeySchema* const key =
            block == nullptr ? nullptr : sema::find_key(*block, parameter.key.text);
        Statement result = statement(parameter.span,
                                     fmt::format("WITH {} {}", parameter.key.text,
                                                 canonical_value(parameter.value, key, text_)),
                                     level);
        result.rank =
            key == nullptr ? kUnknownKey : static_cast<std::size_t>(key - block->keys.data());
        return result;
    }

    // The type stands on the head's line.
    Statement head_of(const ast::Route& route) const {
        Statement head = statement(route.span, fmt::format("DEFINE ROUTE {}", route.name.text), 0);
        for (const ast::Parameter& parameter : route.parameters) {
            if (parameter.key.text != "TYPE") continue;
            head.text += fmt::format(" WITH TYPE {}", slice(parameter.value.span));
            head.span.end = std::max(head.span.end, parameter.span.end);
        }
        return head;
    }

    void add_block(const sema::RouteSchema& route, const ast::Block& block,
                   std::vector<Statement>& statements) const {
        const sema::BlockSchema* const schema = sema::find_block(route, block.kind.text);
        std::string text = fmt::format("ADD {}", block.kind.text);
        Span span = block.span;
        if (block.kind.text == "STORE") text = slice(block.span);
        if (block.label) {
            text += " " + canonical_label(block.label->text);
            span.end = std::max(span.end, block.label->span.end);
        }
        statements.push_back(statement(span, std::move(text), 1));
        for (const ast::Parameter& parameter : block.parameters)
            statements.push_back(parameter_of(parameter, schema, 2));
    }

    void add_route(const ast::Route& route) {
        Definition definition{route.span, {}, {}, {}, {}};
        if (const sema::RouteSchema* const schema = schema_of(route)) {
            definition.statements.push_back(head_of(route));
            for (const ast::Parameter& parameter : route.parameters)
                if (parameter.key.text != "TYPE")
                    definition.statements.push_back(parameter_of(parameter, nullptr, 1));
            for (const ast::Block& block : route.blocks)
                add_block(*schema, block, definition.statements);
        }
        document_.definitions.push_back(std::move(definition));
    }

    void add_rule(const ast::Rule& rule) {
        Definition definition{rule.span, {}, {}, {}, {}};
        if (is_formatted(rule)) {
            definition.statements.push_back(
                statement(span_of_head(rule), rule_head(rule, text_), 0));
            definition.statements.push_back(
                statement(span_of_body(rule), rule_body(rule, text_), 1));
        }
        document_.definitions.push_back(std::move(definition));
    }

    // Where the comments begin that stand right above a definition, at the edge.
    std::uint32_t begin_of_remarks_above(std::uint32_t begin) const {
        for (const ast::Comment& comment : file_.comments | std::views::reverse) {
            if (comment.span.begin >= begin) continue;
            const std::string_view gap = text_.substr(comment.span.end, begin - comment.span.end);
            const bool right_above = gap.find_first_not_of(" \t\r\n") == std::string_view::npos;
            if (!right_above || !comment.own_line || !at_edge(comment)) break;
            begin = comment.span.begin;
        }
        return begin;
    }

    void set_ends() {
        std::vector<Definition>& all = document_.definitions;
        for (std::size_t i = 0; i < all.size(); ++i) {
            const bool last = i + 1 == all.size();
            const auto end = last ? static_cast<std::uint32_t>(text_.size())
                                  : begin_of_remarks_above(all[i + 1].span.begin);
            all[i].span.end = end;
            if (!all[i].statements.empty()) continue;
            const std::string_view text = slice(all[i].span);
            all[i].verbatim =
                without_carriage_returns(text.substr(0, text.find_last_not_of(" \t\r\n") + 1));
        }
    }

    // Comments come in the order of the text.
    void place(const ast::Comment& comment) {
        std::vector<Definition>& all = document_.definitions;
        const auto above = std::ranges::upper_bound(
            all, comment.span.begin, {}, [](const Definition& d) { return d.span.begin; });
        const Remark remark{without_carriage_returns(canonical_comment(slice(comment.span))),
                            has_blank_line_before(comment.span.begin)};
        if (above == all.begin()) return remarks_above(above).push_back(remark);
        Definition& definition = *(above - 1);
        if (comment.span.begin >= definition.span.end)
            return remarks_above(above).push_back(remark);
        if (!definition.statements.empty()) place_in(definition, comment, remark);
    }

    bool is_last(const Definition& definition) const {
        return &definition == &document_.definitions.back();
    }

    bool at_edge(const ast::Comment& comment) const { return column_of(comment.span.begin) == 0; }

    std::vector<Remark>& remarks_above(std::vector<Definition>::iterator definition) {
        return definition == document_.definitions.end() ? document_.below : definition->above;
    }

    void place_in(Definition& definition, const ast::Comment& comment, const Remark& remark) {
        std::vector<Statement>& statements = definition.statements;
        const auto next = std::ranges::upper_bound(statements, comment.span.begin, {},
                                                   [](const Statement& s) { return s.span.begin; });
        Statement& before = *(next - 1);
        if (!comment.own_line || comment.span.begin < before.span.end)
            before.inside.push_back(remark.text);
        else if (next != statements.end())
            next->above.push_back(remark);
        else if (is_last(definition) && (!document_.below.empty() || at_edge(comment)))
            document_.below.push_back(remark);
        else
            definition.below.push_back(remark);
    }

    static void sort_blocks(std::vector<Statement>& statements) {
        for (auto begin = statements.begin(); begin != statements.end();) {
            const auto end = std::find_if(begin, statements.end(), [&](const Statement& s) {
                return s.level != begin->level;
            });
            if (begin->level == 2) sort_keys({begin, end});
            begin = end;
        }
    }

    const ast::File& file_;
    const source::Source& source_;
    std::string_view text_;
    Document document_;
};

class Writer {
public:
    std::string write(const Document& document) {
        for (const Definition& definition : document.definitions)
            write(definition);
        if (!out_.empty() && !document.below.empty()) out_ += '\n';
        fresh_ = true;
        for (const Remark& remark : document.below)
            write(remark, 0);
        return std::move(out_);
    }

private:
    void write(const Definition& definition) {
        if (!out_.empty()) out_ += '\n';
        fresh_ = true;
        for (const Remark& remark : definition.above)
            write(remark, 0);
        if (definition.statements.empty()) line(definition.verbatim, 0);
        for (const Statement& statement : definition.statements)
            write(statement);
        // Never at the edge: there it would belong to the next definition.
        for (const Remark& remark : definition.below)
            write(remark, std::max<std::size_t>(definition.statements.back().level, 1));
    }

    void write(const Statement& statement) {
        for (const Remark& remark : statement.above)
            write(remark, statement.level);
        const bool fits = statement.inside.size() == 1 &&
                          statement.inside.front().find('\n') == std::string::npos;
        blank_line_if(statement.blank_before);
        if (!fits)
            for (const std::string& comment : statement.inside)
                line(comment, statement.level);
        line(
            fits ? fmt::format("{}  {}", statement.text, statement.inside.front()) : statement.text,
            statement.level);
    }

    void write(const Remark& remark, std::size_t level) {
        blank_line_if(remark.blank_before);
        line(remark.text, level);
    }

    // Never as the first of a definition.
    void blank_line_if(bool wanted) {
        if (wanted && !fresh_) out_ += '\n';
    }

    void line(std::string_view text, std::size_t level) {
        out_ += fmt::format("{:{}}{}\n", "", level * kIndent, text);
        fresh_ = false;
    }

    std::string out_;
    bool fresh_ = true;  // nothing of the definition at hand has been written
};

}  // namespace

bool is_formatted(const ast::Route& route) { return schema_of(route) != nullptr; }

bool is_formatted(const ast::Rule& rule) {
    const auto lacks_value = [](const ast::Parameter& parameter) {
        return parameter.value.terms.empty();
    };
    const auto is_whole = [](const ast::Piece& piece) {
        switch (piece.kind) {
            case ast::PieceKind::UserAlone:
            case ast::PieceKind::ClientAlone: return false;
            case ast::PieceKind::UserIs:
            case ast::PieceKind::UserInGroup:
            case ast::PieceKind::UserHas:
            case ast::PieceKind::ClientIs:
            case ast::PieceKind::ClientMatches:
            case ast::PieceKind::ClientMatchesRegex: return !piece.value.terms.empty();
            case ast::PieceKind::And:
            case ast::PieceKind::Or:
            case ast::PieceKind::Not:
            case ast::PieceKind::Open:
            case ast::PieceKind::Close:
            case ast::PieceKind::Anonymous:
            case ast::PieceKind::Anybody: return true;
        }
        return false;
    };
    const auto has_verdict = [](const std::optional<ast::Outcome>& outcome) {
        return outcome && outcome->verdict != ast::VerdictWord::Missing;
    };
    return !rule.name.text.empty() && rule.nameless == 0 && rule.scope &&
           !rule.scope->name.text.empty() && rule.condition &&
           std::ranges::none_of(rule.parameters, lacks_value) &&
           !(rule.topic && lacks_value(*rule.topic)) &&
           std::ranges::all_of(rule.condition->pieces, is_whole) && has_verdict(rule.then) &&
           (!rule.otherwise || has_verdict(rule.otherwise));
}

std::string format(const ast::File& file, const source::Source& source) {
    return Writer().write(Reader(file, source).read());
}

}  // namespace lotmesh::format
