#include "compiler/parse/parser.h"

#include <fmt/core.h>

#include <algorithm>
#include <iterator>
#include <memory>
#include <utility>

#include "compiler/parse/build_ast.h"
#include "compiler/parse/definition_reader.h"
#include "compiler/parse/stmt_strategy.h"

namespace lotmesh::parse {

namespace {

// The tokens of one definition, in the form in which ANTLR wants them.
std::vector<std::unique_ptr<antlr4::Token>> to_tokens(const std::vector<Lexeme>& lexemes) {
    std::vector<std::unique_ptr<antlr4::Token>> tokens;
    tokens.reserve(lexemes.size() + 1);
    const auto add = [&](std::size_t type, std::size_t begin, std::size_t end) {
        auto token = std::make_unique<antlr4::CommonToken>(type);
        token->setStartIndex(begin);
        token->setStopIndex(end - 1);
        tokens.push_back(std::move(token));
    };
    for (const Lexeme& lexeme : lexemes)
        add(lexeme.type, lexeme.begin, lexeme.end);
    const std::uint32_t end = lexemes.empty() ? 0 : lexemes.back().end;
    add(antlr4::Token::EOF, end, end);
    return tokens;
}

class FileParser {
public:
    FileParser(const source::Source& source, std::uint32_t file, const CompilerLimits& limits)
        : builder_(source, file, limits), strategy_(std::make_shared<StmtStrategy>(source, file)) {
        parser_.removeErrorListeners();
        parser_.setErrorHandler(strategy_);
    }

    // Findings that no route took with it remain in the definition.
    void add(RawDefinition& definition, ast::File& out) {
        antlr4::ListTokenSource token_source(to_tokens(definition.lexemes));
        antlr4::CommonTokenStream tokens(&token_source);
        parser_.setTokenStream(&tokens);
        LotParser::DefinitionContext* const context = parser_.definition();
        std::ranges::move(strategy_->take_findings(), std::back_inserter(definition.findings));
        builder_.add_definition(*context, definition.end, definition.findings, out);
        parser_.setTokenStream(&no_tokens_);
    }

private:
    AstBuilder builder_;
    std::shared_ptr<StmtStrategy> strategy_;  // the runtime's signature asks for shared ownership
    antlr4::ListTokenSource no_source_{to_tokens({})};
    antlr4::CommonTokenStream no_tokens_{&no_source_};
    LotParser parser_{&no_tokens_};
};

}  // namespace

ast::File parse(const source::Source& source, std::uint32_t file, const CompilerLimits& limits,
                diag::Sink& sink, ast::KeepComments keep) {
    ast::File result;
    DefinitionReader reader(source, file, limits, sink, keep);
    FileParser parser(source, file, limits);
    std::size_t count = 0;
    while (std::optional<RawDefinition> definition = reader.next()) {
        if (++count > limits.definitions_max) {
            const Lexeme& head = definition->lexemes.front();
            diag::Diagnostic finding = diag::draft(
                diag::Code::TooManyDefinitions, {file, head.begin, head.end},
                fmt::format("a file holds {} definitions at most", limits.definitions_max));
            finding.caption = "this one and what follows is not read";
            sink.report(std::move(finding));
            break;
        }
        parser.add(*definition, result);
        for (diag::Diagnostic& finding : definition->findings)
            sink.report(std::move(finding));
    }
    for (const CommentLexeme& comment : reader.comments())
        result.comments.push_back({{file, comment.begin, comment.end}, comment.own_line});
    return result;
}

}  // namespace lotmesh::parse
