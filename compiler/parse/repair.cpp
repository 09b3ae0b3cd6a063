#include "compiler/parse/repair.h"

#include "compiler/ast/kinds.h"
#include "compiler/diag/suggest.h"
#include "compiler/parse/rule_words.h"
#include "grammar/generated/LotParser.h"

namespace lotmesh::parse {

namespace {

constexpr std::size_t kNone = antlr4::Token::INVALID_TYPE;

bool is_plain_word(std::string_view word) {
    const std::string upper = diag::upper_case(word);
    return upper == "TRUE" || upper == "FALSE" || upper == "SELF";
}

bool is_near_foreign_kind(std::string_view word) {
    return diag::nearest(word, ast::foreign_kinds()).has_value();
}

bool is_labelled_kind(std::string_view word) {
    return word == "MAPPING" || word == "EVENT" || word == "TAG";
}

// As kinds of blocks are written: CLUSTER_CONFIG and its like, and a few by name.
bool is_block_kind(std::string_view word) { return word.contains('_') || is_labelled_kind(word); }

}  // namespace

std::string_view keyword_of(std::size_t type) {
    switch (type) {
        case LotLexer::DEFINE: return "DEFINE";
        case LotLexer::ROUTE: return "ROUTE";
        case LotLexer::ADD: return "ADD";
        case LotLexer::GET: return "GET";
        case LotLexer::ENV: return "ENV";
        case LotLexer::SECRET: return "SECRET";
        default: break;
    }
    const std::string_view word = rule_word_of(type);
    return word.empty() ? "WITH" : word;
}

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

// The reference behind a GET: ENV "x" or SECRET "x".
bool Repair::is_reference(std::size_t distance) {
    const Lexeme& word = ahead(distance);
    return (is_or_near(word, LotLexer::ENV, "ENV") ||
            is_or_near(word, LotLexer::SECRET, "SECRET")) &&
           ahead(distance + 1).is(LotLexer::STRING) && !ahead(distance + 1).first_on_line;
}

// Something that can be a name, with or without quotes.
bool Repair::is_named(std::size_t distance) {
    const Lexeme& lexeme = ahead(distance);
    return lexeme.is_word() || lexeme.is(LotLexer::STRING) || lexeme.is(LotLexer::QUOTED);
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

// A misspelt DEFINE, judged by what follows it.
bool Repair::begins_definition() {
    const Lexeme& kind = ahead(1);
    const bool is_rule =
        kind.is(LotLexer::IDENT) && diag::upper_case(text_of(kind)) == kRuleKeyword;
    return ahead(0).is(LotLexer::IDENT) && diag::is_near(text_of(ahead(0)), "DEFINE") &&
           (is_rule || is_or_near(kind, LotLexer::ROUTE, "ROUTE"));
}

bool Repair::begins_rule() {
    return last_ == LotLexer::DEFINE && ahead(0).is(LotLexer::IDENT) &&
           diag::upper_case(text_of(ahead(0))) == kRuleKeyword;
}

// In a rule: names, keys and values stand here, of which none is a misspelt keyword.
bool Repair::takes_any_word() const {
    switch (last_) {
        case LotParser::WITH:
        case LotParser::FOR:
        case LotParser::TOPIC:
        case LotParser::IS:
        case LotParser::GROUP:
        case LotParser::HAS:
        case LotParser::MATCHES:
        case LotParser::REGEX: return true;
        default: return before_last_ == LotParser::WITH;
    }
}

void Repair::take_rule_word(Lexeme& lexeme) const {
    if (lexeme.is(LotLexer::BAD) && text_of(lexeme) == "(") lexeme.type = LotParser::OPEN;
    if (lexeme.is(LotLexer::BAD) && text_of(lexeme) == ")") lexeme.type = LotParser::CLOSE;
    if (!lexeme.is(LotLexer::IDENT) || last_ == LotParser::RULE) return;
    const bool is_exact = find_rule_word(text_of(lexeme)).has_value();
    if (!is_exact && (takes_any_word() || spoilt_)) return;
    const auto word = near_rule_word(text_of(lexeme));
    if (!word) return;
    lexeme.type = word->type;
    if (!is_exact) lexeme.mend = Mend::Misspelt;
}

Lexeme Repair::next_of_rule() {
    Lexeme result = ahead(0);
    if (result.first_on_line) spoilt_ = false;
    const bool ends_here = result.first_on_line && begins_definition();
    ahead_.pop_front();
    if (ends_here) {
        result.type = LotLexer::DEFINE;
        result.mend = Mend::Misspelt;
    } else {
        take_rule_word(result);
    }
    spoilt_ = spoilt_ || result.is(LotLexer::BAD) || result.is(LotLexer::OPEN_STRING);
    return given(result);
}

Lexeme Repair::given(const Lexeme& lexeme) {
    inside_ = inside_ || lexeme.is(LotLexer::DEFINE);
    rule_ = lexeme.is(LotParser::RULE) || (rule_ && !lexeme.is(LotLexer::DEFINE));
    secret_ = last_ == LotLexer::WITH && ast::is_secret_key(text_of(lexeme));
    before_last_ = last_;
    last_ = lexeme.type;
    return lexeme;
}

// The keyword that the next word was meant to be, or none.
std::size_t Repair::misspelt_type(Place place) {
    const Lexeme& word = ahead(0);
    if (!word.is(LotLexer::IDENT)) return kNone;
    const std::string_view text = text_of(word);
    if (last_ == LotLexer::DEFINE && diag::is_near(text, "ROUTE") && !ast::is_foreign_kind(text) &&
        is_named(1) && is_type_clause(2))
        return LotLexer::ROUTE;
    if (last_ == LotLexer::GET && is_reference(0))
        return diag::is_near(text, "ENV") ? LotLexer::ENV : LotLexer::SECRET;
    if (place == Place::Value && diag::upper_case(text) == "GET" && is_reference(1))
        return LotLexer::GET;
    if (begins_definition() && (place == Place::Statement || word.first_on_line))
        return LotLexer::DEFINE;
    if (!inside_) return kNone;
    // A keyword on a line of its own ends what the line above began; a key may stand there, though.
    const bool cut = word.first_on_line && last_ != LotLexer::WITH && last_ != LotLexer::DEFINE;
    if (place == Place::Operand && !cut) return kNone;
    if (place == Place::Value && !word.first_on_line) return kNone;
    if (diag::is_near(text, "WITH") && ahead(1).is_word() && (starts_value(2) || is_key_line()))
        return LotLexer::WITH;
    if (diag::is_near(text, "ADD") && word.first_on_line && ahead(1).is_word() &&
        !ahead(1).first_on_line)
        return LotLexer::ADD;
    return kNone;
}

// word KEY and something odd in the place of the value.
bool Repair::is_key_line() {
    const std::string_view key = text_of(ahead(1));
    return ahead(0).first_on_line && ahead(2).is(LotLexer::BAD) && diag::upper_case(key) == key;
}

// KEY 'value' on a line of its own, or TYPE in the head.
bool Repair::misses_with(Place place) {
    const Lexeme& word = ahead(0);
    if (place == Place::Statement && text_of(word) == "TYPE" && ahead(1).is_word()) return true;
    if (!word.first_on_line || ahead(1).first_on_line) return false;
    // KEY: "value" and KEY = "value" lack it too, whatever else is wrong with them.
    const bool assigned = text_of(ahead(1)) == ":" || text_of(ahead(1)) == "=";
    if (assigned && ahead(2).is_literal() && !ahead(2).first_on_line) return true;
    if (ahead(1).is_literal() || ahead(1).is(LotLexer::GET)) return true;
    return ahead(1).is_word() && is_plain_word(text_of(ahead(1))) && ends_line(1);
}

// The line above ended where a block, a value or the rest of one should have followed. A word in
// lower case may be a secret, which no message may quote.
bool Repair::misses_operand() {
    const bool unnamed =
        before_last_ == LotLexer::GET && (last_ == LotLexer::ENV || last_ == LotLexer::SECRET);
    const bool block =
        is_labelled_kind(text_of(ahead(0))) || text_of(ahead(0)).ends_with("_CONFIG");
    const bool cut = unnamed || last_ == LotLexer::GET || last_ == LotLexer::PLUS ||
                     (last_ == LotLexer::ADD && !block);
    const std::string_view text = text_of(ahead(0));
    return cut && ahead(0).is_word() && ahead(0).first_on_line && diag::upper_case(text) == text;
}

// KIND or KIND label on a line of its own, and its parameters below.
bool Repair::misses_add() {
    if (!ahead(0).first_on_line || !is_block_kind(text_of(ahead(0)))) return false;
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
    if (statement && word.is(LotLexer::ROUTE) && word.first_on_line && is_named(1) &&
        is_type_clause(2))
        return LotLexer::DEFINE;
    if (last_ == LotLexer::DEFINE && word.is(LotLexer::IDENT) && is_type_clause(1) &&
        !is_near_foreign_kind(text_of(word)))
        return LotLexer::ROUTE;
    if (place == Place::Value && (word.is(LotLexer::ENV) || word.is(LotLexer::SECRET)) &&
        is_reference(0))
        return LotLexer::GET;
    if (!inside_) return kNone;
    if (place == Place::Operand && (!misses_operand() || !misses_with(place))) return kNone;
    if (place == Place::Operand) return LotLexer::WITH;
    // Where a secret must follow, a word is one: no message may quote it.
    if (secret_) return kNone;
    if (!word.is_word() || word.is(LotLexer::ROUTE)) return kNone;
    if (misses_with(place)) return LotLexer::WITH;
    const bool block_here =
        statement || (place == Place::Value && text_of(word).ends_with("_CONFIG"));
    if (block_here && misses_add()) return LotLexer::ADD;
    return kNone;
}

// WITHKEY "value", ADDKIND: the keyword that the word begins with, or none.
std::size_t Repair::glued_type(Place place) {
    const Lexeme& word = ahead(0);
    if (!word.is(LotLexer::IDENT) || !word.first_on_line) return kNone;
    const std::string_view text = text_of(word);
    if (text == "DEFINEROUTE" && is_named(1) && is_type_clause(2)) return LotLexer::DEFINE;
    if (!inside_ || (place == Place::Operand && last_ != LotLexer::ADD)) return kNone;
    if (text.starts_with("WITH") && text.size() > 4 && misses_with(place)) return LotLexer::WITH;
    const bool known = text.starts_with("ADD") && text.ends_with("_CONFIG");
    if (known && misses_add()) return LotLexer::ADD;
    return kNone;
}

// The keyword; the rest of the word stays.
Lexeme Repair::split_glued(std::size_t type) {
    Lexeme& word = ahead_.front();
    Lexeme keyword = word;
    keyword.type = type;
    keyword.mend = Mend::Glued;
    keyword.end = word.begin + static_cast<std::uint32_t>(keyword_of(type).size());
    word.begin = keyword.end;
    word.first_on_line = false;
    if (type == LotLexer::DEFINE) word.type = LotLexer::ROUTE;
    return keyword;
}

// Nothing can take it where it stands, so that the parser is about to say so.
bool Repair::is_stray(const Lexeme& lexeme, Place place) const {
    if (lexeme.is(LotLexer::BAD) || lexeme.is(LotLexer::OPEN_STRING)) return true;
    if (place != Place::Statement || lexeme.is(LotLexer::PLUS)) return false;
    if (lexeme.is(LotLexer::UNIT) && last_ == LotLexer::NUMBER) return false;
    return lexeme.is_word() || lexeme.is_literal();
}

Lexeme Repair::next() {
    if (rule_) return next_of_rule();
    Lexeme result = ahead(0);
    if (begins_rule()) {
        ahead_.pop_front();
        result.type = LotParser::RULE;
        if (text_of(result) != kRuleKeyword) result.mend = Mend::Misspelt;
        return given(result);
    }
    if (result.first_on_line) spoilt_ = false;
    const Place here = place();
    const std::size_t misspelt = spoilt_ ? kNone : misspelt_type(here);
    const bool good = spoilt_ || misspelt != kNone;
    const std::size_t glued = good ? kNone : glued_type(here);
    const std::size_t missing = good || glued != kNone ? kNone : missing_type(here);
    if (missing != kNone) {
        result = {missing, result.begin, result.begin, result.first_on_line, Mend::Inserted};
    } else if (glued != kNone) {
        result = split_glued(glued);
    } else {
        ahead_.pop_front();
    }
    if (misspelt != kNone) {
        result.type = misspelt;
        result.mend = Mend::Misspelt;
    }
    spoilt_ = spoilt_ || is_stray(result, here);
    return given(result);
}

}  // namespace lotmesh::parse
