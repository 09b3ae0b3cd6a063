// The lexer: text to lexemes, one at a time, comments left out. Silent: what it finds odd is a
// lexeme that nothing takes, or stands in a list.
//
// A `#` begins no comment in this language, but in many others: it is read as one where it can be
// nothing else. A template field, #NAME,type,...#, is one BAD lexeme.
#pragma once

#include <deque>
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
    // Where comments begin with a `#`, of those that were read and not taken yet; ascending.
    std::deque<std::uint32_t>& hash_comments() { return hash_comments_; }

private:
    std::optional<std::uint32_t> read_hash(std::uint32_t begin, bool first_on_line);

    std::string_view text_;
    ByteStream stream_;
    std::unique_ptr<LotLexer> lexer_;
    std::uint32_t last_end_ = 0;
    std::deque<std::uint32_t> hash_comments_;
};

}  // namespace lotmesh::parse
