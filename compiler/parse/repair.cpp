#include "compiler/parse/repair.h"

#include "compiler/diag/suggest.h"

namespace lotmesh::parse {

namespace {

constexpr std::size_t kNone = antlr4::Token::INVALID_TYPE;

bool is_plain_word(std::string_view word) {
    const std::string upper = diag::upper_case(word);
    return upper == "TRUE" || upper == "FALSE" || upper == "SELF";
}

}  // namespace

const Lexeme& Repair::ahead(std::size_t distance) {
    while (ahead_.size() <= distance)
        ahead_.push_back(reader_.next());
    return ahead_[distance];
}

std::string_view Repair::text_of(const Lexeme& lexeme) const {
    return text_.substr(lexeme.begin, lexeme.end - lexeme.begin);
}

bool Repair::is_or_near(const Lexeme& lexeme, std::size_t type, std::string_view keyword) const {
    return lexeme.is(type) ||
           (lexeme.is(LotLexer::IDENT) && diag::is_near(text_of(lexeme), keyword));
}

bool Repair::starts_value(std::size_t distance) {
    const Lexeme& lexeme = ahead(distance);
    return lexeme.is_literal() || (lexeme.is_word() && !lexeme.first_on_line);
}

bool Repair::ends_line(std::size_t distance) {
    return ahead(distance + 1).at_end() || ahead(distance + 1).first_on_line;
}

// WITH TYPE, as well or badly as it may be written.
bool Repair::is_type_clause(std::size_t distance) {
    return is_or_near(ahead(distance), LotLexer::WITH, "WITH") &&
           diag::is_near(text_of(ahead(distance + 1)), "TYPE");
}

Repair::Place Repair::place() const {
    using L = LotLexer;
    if (last_ == L::DEFINE || last_ == L::ADD || last_ == L::WITH || last_ == L::PLUS)
        return Place::Operand;
    if (last_ == L::ROUTE && before_last_ == L::DEFINE) return Place::Operand;
    if ((last_ == L::ENV || last_ == L::SECRET) && before_last_ == L::GET) return Place::Operand;
    if (before_last_ == L::WITH) return Place::Value;
    if (last_ == L::GET || last_ == L::RANDOM) return Place::Operand;
    if (before_last_ == L::ADD || last_ == L::STORE) return Place::Label;
    return Place::Statement;
}

// The keyword that the next word was meant to be, or none.
std::size_t Repair::misspelt_type(Place place) {
    const Lexeme& word = ahead(0);
    if (!word.is(LotLexer::IDENT)) return kNone;
    const std::string_view text = text_of(word);
    const bool named = ahead(1).is_word() || ahead(1).is(LotLexer::STRING);
    if (last_ == LotLexer::DEFINE && diag::is_near(text, "ROUTE") && named && is_type_clause(2))
        return LotLexer::ROUTE;
    if (diag::is_near(text, "DEFINE") && is_or_near(ahead(1), LotLexer::ROUTE, "ROUTE") &&
        (place == Place::Statement || word.first_on_line))
        return LotLexer::DEFINE;
    if (!inside_ || place == Place::Operand) return kNone;
    if (place == Place::Value && !word.first_on_line) return kNone;
    if (diag::is_near(text, "WITH") && ahead(1).is_word() && starts_value(2)) return LotLexer::WITH;
    if (diag::is_near(text, "ADD") && word.first_on_line && ahead(1).is_word() &&
        !ahead(1).first_on_line)
        return LotLexer::ADD;
    return kNone;
}

// KEY 'value' on a line of its own, or TYPE in the head.
bool Repair::misses_with(Place place) {
    const Lexeme& word = ahead(0);
    if (place == Place::Statement && text_of(word) == "TYPE" && ahead(1).is_word()) return true;
    if (!word.first_on_line || ahead(1).first_on_line) return false;
    if (ahead(1).is_literal() || ahead(1).is(LotLexer::GET)) return true;
    return ahead(1).is_word() && is_plain_word(text_of(ahead(1))) && ends_line(1);
}

// KIND or KIND label on a line of its own, and its parameters below.
bool Repair::misses_add() {
    if (!ahead(0).first_on_line) return false;
    if (ends_line(0)) {
        const bool bare_key = ahead(1).is_word() && ahead(2).is_literal();
        return bare_key || is_or_near(ahead(1), LotLexer::WITH, "WITH");
    }
    return ahead(1).is_word() && ends_line(1) && is_or_near(ahead(2), LotLexer::WITH, "WITH");
}

// The keyword that should stand before the next lexeme, or none.
std::size_t Repair::missing_type(Place place) {
    const Lexeme& word = ahead(0);
    const bool statement = place == Place::Statement;
    const bool named = ahead(1).is_word() || ahead(1).is(LotLexer::STRING);
    if (statement && word.is(LotLexer::ROUTE) && word.first_on_line && named && is_type_clause(2))
        return LotLexer::DEFINE;
    if (!inside_ || place == Place::Operand) return kNone;
    if (!word.is_word() || word.is(LotLexer::ROUTE)) return kNone;
    if (misses_with(place)) return LotLexer::WITH;
    if (statement && misses_add()) return LotLexer::ADD;
    return kNone;
}

Lexeme Repair::next() {
    Lexeme result = ahead(0);
    const Place here = place();
    const std::size_t misspelt = misspelt_type(here);
    const std::size_t missing = misspelt == kNone ? missing_type(here) : kNone;
    if (missing != kNone) {
        result = {missing, result.begin, result.begin, result.first_on_line, Mend::Inserted};
    } else {
        ahead_.pop_front();
    }
    if (misspelt != kNone) {
        result.type = misspelt;
        result.mend = Mend::Misspelt;
    }
    inside_ = inside_ || result.is(LotLexer::DEFINE);
    before_last_ = last_;
    last_ = result.type;
    return result;
}

}  // namespace lotmesh::parse
