// Keywords that are misspelt or left out, mended before the parser sees them, so that what follows
// is read as it was meant.
//
// Looks only where a keyword must stand: first on a line, or where a statement has to begin. A word
// that is near a keyword is taken for it only when what follows fits. On a line that has already
// gone wrong nothing is mended: its words are as likely prose. Looks four lexemes ahead.
#pragma once

#include <deque>
#include <string_view>

#include "compiler/parse/lexeme_reader.h"

namespace lotmesh::parse {

// A keyword that may be mended.
std::string_view keyword_of(std::size_t type);

class Repair {
public:
    Repair(LexemeReader& reader, std::string_view text) : reader_(reader), text_(text) {}

    Lexeme next();

private:
    // What may stand here, judged by the two lexemes before.
    enum class Place : std::uint8_t { Statement, Operand, Value, Label };

    const Lexeme& ahead(std::size_t distance);
    std::string_view text_of(const Lexeme& lexeme) const;
    bool is_or_near(const Lexeme& lexeme, std::size_t type, std::string_view keyword) const;
    bool starts_value(std::size_t distance);
    bool ends_line(std::size_t distance);
    bool is_type_clause(std::size_t distance);
    bool is_reference(std::size_t distance);
    bool is_named(std::size_t distance);

    Place place() const;
    bool begins_definition();
    bool begins_rule();
    bool takes_any_word() const;
    void take_rule_word(Lexeme& lexeme) const;
    Lexeme next_of_rule();
    Lexeme given(const Lexeme& lexeme);
    bool is_stray(const Lexeme& lexeme, Place place) const;
    std::size_t glued_type(Place place);
    Lexeme split_glued(std::size_t type);
    std::size_t misspelt_type(Place place);
    std::size_t missing_type(Place place);
    bool is_key_line();
    bool misses_with(Place place);
    bool misses_operand();
    bool misses_add();

    LexemeReader& reader_;
    std::string_view text_;
    std::deque<Lexeme> ahead_;
    std::size_t last_ = antlr4::Token::EOF;  // types of the lexemes that were given out
    std::size_t before_last_ = antlr4::Token::EOF;
    bool inside_ = false;  // a DEFINE was given out
    bool rule_ = false;    // of a rule, which has keywords of its own (rule_words.h)
    bool secret_ = false;  // the lexeme before is a key whose value is secret
    bool spoilt_ = false;  // the line at hand: something was given out that nothing can take
};

}  // namespace lotmesh::parse
