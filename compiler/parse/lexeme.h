// A token as our own stages see it: type, place and what was mended about it. 20 bytes, no text.
#pragma once

#include <cstddef>
#include <cstdint>

#include "grammar/generated/LotLexer.h"

namespace lotmesh::parse {

enum class Mend : std::uint8_t {
    None,
    Misspelt,  // the type is the keyword that was meant
    Glued,     // the blank behind the keyword is missing
    Inserted,  // stands for a keyword that was left out; takes no bytes
};

struct Lexeme {
    std::size_t type = antlr4::Token::EOF;
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    bool first_on_line = false;
    Mend mend = Mend::None;

    bool is(std::size_t other) const { return type == other; }
    bool at_end() const { return type == antlr4::Token::EOF; }
    bool is_literal() const {
        return type == LotLexer::STRING || type == LotLexer::OPEN_STRING ||
               type == LotLexer::QUOTED || type == LotLexer::NUMBER;
    }
    // What the grammar takes for a name, a key or a kind.
    bool is_word() const {
        return type == LotLexer::IDENT || type == LotLexer::ROUTE || type == LotLexer::ENV ||
               type == LotLexer::SECRET || type == LotLexer::RANDOM || type == LotLexer::UUID ||
               type == LotLexer::UNIT || type == LotLexer::GET;
    }
};

// Left out of the lexemes, since it can mean one thing only; to be reported.
enum class Oddity : std::uint8_t {
    HashComment,  // the `#`; the comment behind it is left out with it
    Blank,        // one or more that look like blanks
};

struct OddLexeme {
    Oddity oddity{};
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
};

struct CommentLexeme {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    bool own_line = false;
};

}  // namespace lotmesh::parse
