// Cuts a file into definitions, so that the parser holds one at a time and no mistake leaks into
// the next. A route runs to the next DEFINE; the body of a definition of another kind is skipped,
// up to the next DEFINE that is indented no deeper than its own.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "compiler/diag/sink.h"
#include "compiler/limits.h"
#include "compiler/parse/repair.h"

namespace lotmesh::parse {

struct RawDefinition {
    std::vector<Lexeme> lexemes;  // begins with DEFINE; of a foreign one only DEFINE and the kind
    std::uint32_t end = 0;        // where the next one begins
    bool foreign = false;
    std::vector<diag::Diagnostic> findings;
};

// Borrows all that it is given. What is wrong outside of definitions goes into the sink.
class DefinitionReader {
public:
    DefinitionReader(const source::Source& source, std::uint32_t file, const CompilerLimits& limits,
                     diag::Sink& sink, ast::KeepComments keep);

    std::optional<RawDefinition> next();
    // Those met so far.
    const std::vector<CommentLexeme>& comments() const { return reader_.comments(); }

private:
    void advance();
    source::Span span_of(const Lexeme& lexeme) const;
    std::uint32_t column_of(const Lexeme& lexeme) const;
    void skip_to_first_definition();
    void drop_odd();
    void skip_body(std::uint32_t column);
    void accept(RawDefinition& definition);
    void report_mend(const Lexeme& lexeme, std::vector<diag::Diagnostic>& findings) const;
    void report_odd(std::vector<diag::Diagnostic>& findings);

    const source::Source& source_;
    std::uint32_t file_;
    std::size_t lexemes_max_;
    std::size_t edits_max_;
    std::size_t edits_ = 0;  // of odd lexemes, so far
    diag::Sink& sink_;
    LexemeReader reader_;
    Repair repair_;
    Lexeme current_;
    bool ended_ = false;                             // by a comment that is never closed
    std::map<Oddity, std::uint32_t> last_odd_line_;  // 0: none yet
};

}  // namespace lotmesh::parse
