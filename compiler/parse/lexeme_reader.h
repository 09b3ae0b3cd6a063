// The lexer: text to lexemes, one at a time, comments put aside. Silent: what it finds odd is a
// lexeme that nothing takes, or stands in a list.
//
// A `#` begins no comment in this language, but in many others: it is read as one where it can be
// nothing else. A template field, #NAME,type,...#, is one BAD lexeme. What looks like a blank and
// is none, as web pages and word processors have it, is read as a blank.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "compiler/ast/ast.h"
#include "compiler/parse/byte_stream.h"
#include "compiler/parse/lexeme.h"
#include "compiler/source/source.h"

namespace lotmesh::parse {

// Borrows the source.
class LexemeReader {
public:
    LexemeReader(const source::Source& source, ast::KeepComments keep);

    Lexeme next();  // EOF for ever at the end
    // What was left out of what has been read, and was not taken yet; ascending.
    std::deque<OddLexeme>& odd() { return odd_; }

    // Those met so far.
    const std::vector<CommentLexeme>& comments() const { return comments_; }

private:
    std::optional<std::uint32_t> read_hash(std::uint32_t begin, bool first_on_line);
    bool skip_blanks(std::uint32_t begin);
    void put_aside(const antlr4::Token& comment);

    std::string_view text_;
    ast::KeepComments keep_;
    ByteStream stream_;
    std::unique_ptr<LotLexer> lexer_;
    std::uint32_t last_end_ = 0;
    std::deque<OddLexeme> odd_;
    std::vector<CommentLexeme> comments_;
};

}  // namespace lotmesh::parse
