#include "compiler/parse/stmt_strategy.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "compiler/parse/rule_words.h"
#include "grammar/generated/LotParser.h"

namespace lotmesh::parse {

namespace {

bool starts_statement(std::size_t type) {
    return type == LotParser::WITH || type == LotParser::ADD || type == LotParser::STORE ||
           type == antlr4::Token::EOF;
}

// The same in a rule.
bool starts_clause(std::size_t type) {
    switch (type) {
        case LotParser::WITH:
        case LotParser::FOR:
        case LotParser::TO:
        case LotParser::IF:
        case LotParser::THEN:
        case LotParser::ELSE:
        case antlr4::Token::EOF: return true;
        default: return false;
    }
}

constexpr std::size_t kKindIndex = 1;  // behind DEFINE

bool is_rule(antlr4::TokenStream& tokens) {
    return tokens.index() > kKindIndex && tokens.get(kKindIndex)->getType() == LotParser::RULE;
}

void consume_to_statement(antlr4::Parser& parser) {
    antlr4::TokenStream& tokens = *parser.getTokenStream();
    const bool rule = is_rule(tokens);
    while (rule ? !starts_clause(tokens.LA(1)) : !starts_statement(tokens.LA(1)))
        tokens.consume();
}

bool starts_name(std::size_t type) {
    return type == LotParser::STRING || type == LotParser::QUOTED || type == LotParser::IDENT ||
           type == LotParser::ROUTE || type == LotParser::ENV || type == LotParser::SECRET ||
           type == LotParser::RANDOM || type == LotParser::UUID || type == LotParser::UNIT ||
           type == LotParser::GET;
}

// What belongs where the mistake is.
std::string_view expected_behind(std::size_t last) {
    switch (last) {
        case LotParser::DEFINE: return "expected `ROUTE` behind `DEFINE`";
        case LotParser::ROUTE: return "expected the name of the route";
        case LotParser::WITH: return "expected the name of a key behind `WITH`";
        case LotParser::ADD: return "expected the name of a block behind `ADD`";
        case LotParser::PLUS: return "expected a value behind `+`";
        default: return "expected `WITH`, `ADD` or the next `DEFINE`";
    }
}

// The same in a rule.
std::string_view expected_in_rule(std::size_t last) {
    switch (last) {
        case LotParser::RULE: return "expected the name of the rule";
        case LotParser::WITH: return "expected `PRIORITY` behind `WITH`";
        case LotParser::FOR: return "expected what the rule is about behind `FOR`, like `Publish`";
        case LotParser::TO: return "expected `TOPIC` behind `TO`";
        case LotParser::IF:
        case LotParser::AND:
        case LotParser::OR:
        case LotParser::NOT:
        case LotParser::OPEN: return "expected `USER`, `CLIENTID`, `ANONYMOUS` or `ANYBODY`";
        case LotParser::USER: return "expected `IS` or `IN GROUP`";
        case LotParser::IN: return "expected `GROUP` behind `IN`";
        case LotParser::CLIENTID: return "expected `IS` or `MATCHES`";
        case LotParser::TOPIC:
        case LotParser::IS:
        case LotParser::GROUP:
        case LotParser::MATCHES:
        case LotParser::REGEX: return "expected a text in double quotes";
        case LotParser::THEN:
        case LotParser::ELSE: return "expected `ALLOW` or `DENY`";
        case LotParser::PLUS: return expected_behind(last);
        default: return "expected another part of the rule, or the next `DEFINE`";
    }
}

// What was written is not repeated: it may be a piece of a secret.
std::string name_of(std::size_t type) {
    if (const std::string_view word = rule_word_of(type); !word.empty())
        return fmt::format("`{}`", word);
    switch (type) {
        case LotParser::STRING:
        case LotParser::OPEN_STRING: return "string";
        case LotParser::QUOTED:
        case LotParser::NUMBER: return "value";
        case LotParser::PLUS: return "`+`";
        case LotParser::ADD: return "`ADD`";
        case LotParser::OPEN: return "`(`";
        case LotParser::CLOSE: return "`)`";
        case antlr4::Token::EOF: return "end of the definition";
        default: return "word";
    }
}

constexpr std::size_t kNameIndex = 2;  // behind DEFINE ROUTE and DEFINE RULE

// How much of the rest of a line is looked at, for each of its mistakes.
constexpr std::size_t kLookAheadBytes = 4096;

bool is_reference(std::size_t before, std::size_t last) {
    return before == LotParser::GET && (last == LotParser::ENV || last == LotParser::SECRET);
}

}  // namespace

namespace {

// The other one of a pair of typographic quotes on the rest of a line; none: it is no quote.
std::optional<std::size_t> closing_quote(std::string_view quote, std::string_view rest) {
    constexpr std::array kOpening = {"\u201C", "\u201E", "\u201D", "\u2018", "\u2019", "\u00AB"};
    constexpr std::array kClosing = {"\u201D", "\u201C", "\u2019", "\u2018", "\u00BB", "\""};
    if (std::ranges::find(kOpening, quote) == kOpening.end()) return std::nullopt;
    std::size_t nearest = rest.find('\n');
    bool found = false;
    for (const std::string_view close : kClosing) {
        const std::size_t at = rest.find(close);
        if (at >= nearest) continue;
        nearest = at;
        found = true;
    }
    if (!found) return std::nullopt;
    return nearest;
}

}  // namespace

// Typographic quotes around a text: both are named and mended at once.
std::optional<diag::Diagnostic> StmtStrategy::describe_quotes(const source::Span& span) const {
    const std::string_view text = source_.parse_text();
    const std::string_view quote = text.substr(span.begin, span.end - span.begin);
    const auto close = closing_quote(quote, text.substr(span.end, kLookAheadBytes));
    if (!close) return std::nullopt;
    const auto begin = static_cast<std::uint32_t>(span.end + *close);
    const std::uint32_t end =
        begin + (text[begin] == '"' ? 1 : static_cast<std::uint32_t>(quote.size()));
    diag::Diagnostic finding =
        diag::draft(diag::Code::BadCharacter, span, "these quotes are none of the language");
    finding.help = "strings stand in straight quotes: \"";
    finding.fixes.push_back({"write straight quotes",
                             diag::Applicability::Machine,
                             {{span, "\""}, {{file_, begin, end}, "\""}}});
    return finding;
}

diag::Diagnostic StmtStrategy::describe_character(const source::Span& span) const {
    const std::string_view text = source_.parse_text();
    const std::string_view character = text.substr(span.begin, span.end - span.begin);
    const bool template_field = character.size() > 1 && character.front() == '#';
    if (template_field) {
        diag::Diagnostic finding = diag::draft(diag::Code::TemplatePlaceholder, span,
                                               "this is a template field that was not filled in");
        finding.caption = "write the value here";
        return finding;
    }
    if (auto quotes = describe_quotes(span)) return *std::move(quotes);
    diag::Diagnostic finding = diag::draft(diag::Code::BadCharacter, span,
                                           fmt::format("`{}` means nothing here", character));
    const std::string_view rest = text.substr(span.end, kLookAheadBytes);
    const std::string_view behind = rest.substr(0, rest.find('\n'));
    if (character == "=" || character == ":") {
        finding.help = "a key and its value stand side by side: WITH KEY \"value\"";
        if (behind.empty() || std::string_view(" \t\r\"'").contains(behind.front()))
            finding.fixes.push_back({"remove it", diag::Applicability::Machine, {{span, " "}}});
    }
    if (character == ";" || character == ",") {
        finding.help = "nothing ends or separates statements";
        if (behind.find_first_not_of(" \t\r") == std::string_view::npos)
            finding.fixes.push_back({"remove it", diag::Applicability::Machine, {{span, ""}}});
    }
    if (character == "#") finding.help = "comments are written `// ...`";
    return finding;
}

source::Span StmtStrategy::span_of(const antlr4::Token& token) const {
    return {file_, static_cast<std::uint32_t>(token.getStartIndex()),
            static_cast<std::uint32_t>(token.getStopIndex() + 1)};
}

diag::Diagnostic StmtStrategy::describe(antlr4::TokenStream& tokens) const {
    const antlr4::Token& token = *tokens.LT(1);
    const std::size_t type = token.getType();
    const source::Span span = span_of(token);
    if (type == LotParser::BAD) return describe_character(span);
    if (type == LotParser::OPEN_STRING)
        return diag::draft(diag::Code::UnterminatedString, span,
                           "this string is not closed on its line");

    const std::size_t last = tokens.LA(-1);
    const std::size_t before = tokens.index() >= 2 ? tokens.LA(-2) : 0;
    if (is_reference(before, last)) {
        diag::Diagnostic finding = diag::draft(diag::Code::IncompleteReference, span,
                                               "the name of a reference stands in double quotes");
        finding.help = fmt::format("GET {} \"NAME\"", last == LotParser::ENV ? "ENV" : "SECRET");
        return finding;
    }
    if (last == LotParser::GET) {
        diag::Diagnostic finding = diag::draft(diag::Code::IncompleteReference, span,
                                               "`GET` is followed by `ENV` or `SECRET`");
        finding.help = "GET ENV \"NAME\" or GET SECRET \"NAME\"";
        return finding;
    }
    const bool ends = is_rule(tokens) ? starts_clause(type) : starts_statement(type);
    if (last == LotParser::PLUS && ends) {
        diag::Diagnostic finding = diag::draft(diag::Code::MissingValue, span_of(*tokens.LT(-1)),
                                               "nothing follows this `+`");
        finding.caption = "expected a value behind it";
        return finding;
    }
    diag::Diagnostic finding =
        diag::draft(diag::Code::UnexpectedText, span, fmt::format("unexpected {}", name_of(type)));
    const bool of_a_key = last == LotParser::ROUTE && before != LotParser::DEFINE;
    const std::size_t behind = of_a_key ? antlr4::Token::INVALID_TYPE : last;
    finding.caption = is_rule(tokens) ? expected_in_rule(last) : expected_behind(behind);
    return finding;
}

void StmtStrategy::report(antlr4::TokenStream& tokens) { findings_.push_back(describe(tokens)); }

void StmtStrategy::reportError(antlr4::Parser* parser, const antlr4::RecognitionException&) {
    report(*parser->getTokenStream());
}

antlr4::Token* StmtStrategy::recoverInline(antlr4::Parser* parser) {
    throw antlr4::InputMismatchException(parser);
}

void StmtStrategy::recover(antlr4::Parser* parser, std::exception_ptr) {
    consume_to_statement(*parser);
}

// Called before each decision; only the one between two statements is ours to guard.
void StmtStrategy::sync(antlr4::Parser* parser) {
    const std::size_t rule = parser->getContext()->getRuleIndex();
    if (rule != LotParser::RuleRoute && rule != LotParser::RuleAccess) return;
    antlr4::TokenStream& tokens = *parser->getTokenStream();
    const std::size_t next = tokens.LA(1);
    const bool name_may_follow = tokens.index() == kNameIndex;
    if (name_may_follow && starts_name(next)) return;
    if (rule == LotParser::RuleAccess ? starts_clause(next) : starts_statement(next)) return;
    report(tokens);
    consume_to_statement(*parser);
}

std::vector<diag::Diagnostic> StmtStrategy::take_findings() { return std::exchange(findings_, {}); }

}  // namespace lotmesh::parse
