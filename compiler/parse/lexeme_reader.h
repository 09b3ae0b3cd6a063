// The lexer: text to lexemes, one at a time, comments left out. Silent but for a comment that is
// never closed, which ends the file.
#pragma once

#include <memory>
#include <optional>

#include "compiler/parse/byte_stream.h"
#include "compiler/parse/lexeme.h"
#include "compiler/source/source.h"

namespace lotmesh::parse {

// Borrows the source.
class LexemeReader {
public:
    explicit LexemeReader(const source::Source& source);

    Lexeme next();  // EOF for ever at the end
    // Where the unclosed comment starts, once next() has met it.
    std::optional<std::uint32_t> open_comment() const { return open_comment_; }

private:
    std::string_view text_;
    ByteStream stream_;
    std::unique_ptr<LotLexer> lexer_;
    std::uint32_t last_end_ = 0;
    std::optional<std::uint32_t> open_comment_;
};

}  // namespace lotmesh::parse
