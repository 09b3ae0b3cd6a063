// Parse tree to our tree: one function for each construct of the grammar. Decides which block a
// WITH belongs to (the last ADD before it) and takes strings out of their quotes.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "compiler/ast/ast.h"
#include "compiler/limits.h"
#include "compiler/source/source.h"
#include "grammar/generated/LotParser.h"

namespace lotmesh::parse {

// Borrows the source. One builder serves all definitions of a file.
class AstBuilder {
public:
    AstBuilder(const source::Source& source, std::uint32_t file, const CompilerLimits& limits)
        : source_(source), file_(file), value_bytes_max_(limits.value_bytes_max) {}

    // Adds what the definition, which reaches to `end`, holds to `out`. `findings` are those made
    // so far; a route takes them with it, otherwise they stay for the caller.
    void add_definition(LotParser::DefinitionContext& context, std::uint32_t end,
                        std::vector<diag::Diagnostic>& findings, ast::File& out);

private:
    void add_route(LotParser::RouteContext& context, source::Span head, ast::File& out);
    void add_statement(LotParser::StatementContext& context, std::uint32_t end, ast::Route& route);
    void add_block(LotParser::AddContext& context, bool broken, ast::Route& route);
    // Where the parameter of a WITH goes, and where one is counted that has no key.
    struct Parameters {
        std::vector<ast::Parameter>& all;
        std::size_t& nameless;
    };
    void add_parameter(LotParser::WithContext& context, std::uint32_t end, bool broken,
                       Parameters target);
    ast::Name name_of(LotParser::NameContext& context, std::string_view kind);
    ast::Value value_of(LotParser::ValueContext& context);
    ast::Term term_of(LotParser::TermContext& context);
    ast::Term reference_of(LotParser::ReferenceContext& context);
    ast::Term literal(ast::TermKind kind, source::Span span);

    // Rules: build_rule.cpp.
    void add_rule(LotParser::AccessContext& context, source::Span head, ast::File& out);
    void add_clause(LotParser::ClauseContext& context, std::uint32_t end, ast::Rule& rule);
    template <typename Clause>
    void set_once(std::optional<Clause>& clause, Clause value, std::string_view keyword);
    ast::Parameter topic_of(LotParser::TopicContext& context, bool broken);
    ast::Condition condition_of(LotParser::ConditionContext& context, bool broken);
    ast::Piece piece_of(LotParser::PieceContext& context);
    ast::Piece user_test(LotParser::UserContext& context);
    ast::Piece client_test(LotParser::ClientContext& context);
    ast::Value optional_value(LotParser::ValueContext* context);

    source::Span span_of(const antlr4::Token& token) const;
    source::Span span_of(const antlr4::ParserRuleContext& context) const;
    std::string text_of(const source::Span& span) const;
    std::string unquote(const source::Span& span);
    void report_odd_escapes(const std::vector<std::uint32_t>& places);
    bool has_finding(std::uint32_t begin, std::uint32_t end) const;
    bool has_error_since(std::size_t findings_before) const;
    void find(diag::Code code, source::Span span, std::string message, std::string caption = {},
              std::string help = {});

    const source::Source& source_;
    std::uint32_t file_;
    std::size_t value_bytes_max_;
    std::vector<diag::Diagnostic>* findings_ = nullptr;  // of the definition at hand
    bool statement_broken_ = false;                      // the parser found something in it
    std::size_t syntax_findings_ = 0;                    // the first so many are the parser's
    std::uint32_t definition_end_ = 0;
};

}  // namespace lotmesh::parse
