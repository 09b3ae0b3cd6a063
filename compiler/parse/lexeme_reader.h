// The lexer: text to lexemes, one at a time, comments put aside. Silent: what it finds odd is a
// lexeme that nothing takes, or stands in a list.
//
// A `#` begins no comment in this language, but in many others: it is read as one where it can be
// nothing else. A template field, #NAME,type,...#, is one BAD lexeme.
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
    // Where comments begin with a `#`, of those that were read and not taken yet; ascending.
    std::deque<std::uint32_t>& hash_comments() { return hash_comments_; }

    // Those met so far.
    const std::vector<CommentLexeme>& comments() const { return comments_; }

private:
    std::optional<std::uint32_t> read_hash(std::uint32_t begin, bool first_on_line);
    void put_aside(const antlr4::Token& comment);

    std::string_view text_;
    ast::KeepComments keep_;
    ByteStream stream_;
    std::unique_ptr<LotLexer> lexer_;
    std::uint32_t last_end_ = 0;
    std::deque<std::uint32_t> hash_comments_;
    std::vector<CommentLexeme> comments_;
};

}  // namespace lotmesh::parse
