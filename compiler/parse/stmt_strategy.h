// What the parser does about a mistake: says it once per statement, in our words, and goes on at
// the next statement. Never invents or drops a token (Repair does the mending).
#pragma once

#include <antlr4-runtime.h>

#include <optional>
#include <vector>

#include "compiler/diag/diagnostic.h"
#include "compiler/source/source.h"

namespace lotmesh::parse {

// Borrows the source. Findings are for one definition: take_findings() after each parse.
class StmtStrategy final : public antlr4::DefaultErrorStrategy {
public:
    StmtStrategy(const source::Source& source, std::uint32_t file) : source_(source), file_(file) {}

    void reportError(antlr4::Parser* parser, const antlr4::RecognitionException& error) override;
    antlr4::Token* recoverInline(antlr4::Parser* parser) override;
    void recover(antlr4::Parser* parser, std::exception_ptr error) override;
    void sync(antlr4::Parser* parser) override;

    std::vector<diag::Diagnostic> take_findings();

private:
    void report(antlr4::TokenStream& tokens);
    source::Span span_of(const antlr4::Token& token) const;
    diag::Diagnostic describe(antlr4::TokenStream& tokens) const;
    std::optional<diag::Diagnostic> describe_quotes(const source::Span& span) const;
    diag::Diagnostic describe_character(const source::Span& span) const;

    const source::Source& source_;
    std::uint32_t file_;
    std::vector<diag::Diagnostic> findings_;
};

}  // namespace lotmesh::parse
