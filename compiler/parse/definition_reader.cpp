#include "compiler/parse/definition_reader.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

namespace lotmesh::parse {

namespace {

std::string_view keyword_of(std::size_t type) {
    switch (type) {
        case LotLexer::DEFINE: return "DEFINE";
        case LotLexer::ROUTE: return "ROUTE";
        case LotLexer::ADD: return "ADD";
        default: return "WITH";
    }
}

// As long as an identifier goes on: what is glued to it may be a secret.
std::string_view word_at(std::string_view text, std::size_t begin) {
    const std::size_t end = text.find_first_not_of(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-", begin);
    return text.substr(begin, std::min(end, text.size()) - begin);
}

// The comment goes on: what mends its first line mends this one too.
void extend_fix(std::vector<diag::Diagnostic>& findings, source::Span hash) {
    const auto first = std::find_if(findings.rbegin(), findings.rend(), [](const auto& finding) {
        return finding.code == diag::Code::HashComment;
    });
    if (first != findings.rend()) first->fixes.front().edits.push_back({hash, "//"});
}

}  // namespace

DefinitionReader::DefinitionReader(const source::Source& source, std::uint32_t file,
                                   const CompilerLimits& limits, diag::Sink& sink,
                                   ast::KeepComments keep)
    : source_(source),
      file_(file),
      lexemes_max_(limits.definition_tokens_max),
      sink_(sink),
      reader_(source, keep),
      repair_(reader_, source.parse_text()) {
    advance();
    skip_to_first_definition();
}

source::Span DefinitionReader::span_of(const Lexeme& lexeme) const {
    return {file_, lexeme.begin, lexeme.end};
}

std::uint32_t DefinitionReader::column_of(const Lexeme& lexeme) const {
    return lexeme.begin - source_.line_begin(source_.line_of(lexeme.begin));
}

void DefinitionReader::skip_to_first_definition() {
    std::vector<diag::Diagnostic> comments;
    report_hash_comments(comments);
    if (!current_.at_end() && !current_.is(LotLexer::DEFINE)) {
        diag::Diagnostic finding = diag::draft(diag::Code::OutsideDefinition, span_of(current_),
                                               "this stands outside of any definition");
        finding.caption = "expected `DEFINE` first";
        finding.help = "DEFINE ROUTE Name WITH TYPE MQTT_CLUSTER";
        sink_.report(std::move(finding));
    }
    while (!current_.at_end() && !current_.is(LotLexer::DEFINE))
        advance();
    report_hash_comments(comments);
    for (diag::Diagnostic& finding : comments)
        sink_.report(std::move(finding));
}

// A comment that is never closed ends the file.
void DefinitionReader::advance() {
    if (ended_) return;
    current_ = repair_.next();
    if (!current_.is(LotLexer::OPEN_COMMENT)) return;
    diag::Diagnostic finding = diag::draft(diag::Code::UnterminatedComment, span_of(current_),
                                           "this comment is never closed");
    finding.caption = "expected `*/` somewhere behind it";
    sink_.report(std::move(finding));
    ended_ = true;
    current_ = {antlr4::Token::EOF, current_.begin, current_.begin};
}

// From the kind to the next definition. The body may be in another language: nothing in it is
// judged, comments neither.
void DefinitionReader::skip_body(std::uint32_t column) {
    const auto begins_next = [&] {
        return current_.is(LotLexer::DEFINE) && current_.first_on_line &&
               column_of(current_) <= column;
    };
    do {
        current_ = repair_.next();
        std::erase_if(reader_.hash_comments(),
                      [&](std::uint32_t at) { return at < current_.begin; });
    } while (!current_.at_end() && !begins_next());
}

// Those before the lexeme at hand; one for lines that follow each other.
void DefinitionReader::report_hash_comments(std::vector<diag::Diagnostic>& findings) {
    std::deque<std::uint32_t>& comments = reader_.hash_comments();
    while (!comments.empty() && comments.front() <= current_.begin) {
        const std::uint32_t begin = comments.front();
        comments.pop_front();
        const std::uint32_t line = source_.line_of(begin);
        const bool goes_on = std::exchange(last_hash_comment_, line) + 1 == line && line != 1;
        if (goes_on) {
            extend_fix(findings, {file_, begin, begin + 1});
            continue;
        }
        diag::Diagnostic finding = diag::draft(diag::Code::HashComment, {file_, begin, begin + 1},
                                               "`#` does not begin a comment");
        finding.caption = "read as one";
        finding.help = "comments are written `// ...`";
        finding.fixes.push_back(
            diag::replacement({file_, begin, begin + 1}, "//", diag::Applicability::Machine));
        findings.push_back(std::move(finding));
    }
}

void DefinitionReader::report_mend(const Lexeme& lexeme,
                                   std::vector<diag::Diagnostic>& findings) const {
    const std::string_view keyword = keyword_of(lexeme.type);
    if (lexeme.mend == Mend::Misspelt) {
        const std::string_view word =
            source_.parse_text().substr(lexeme.begin, lexeme.end - lexeme.begin);
        diag::Diagnostic finding =
            diag::draft(diag::Code::MisspeltKeyword, span_of(lexeme),
                        fmt::format("`{}` is not a keyword, did you mean `{}`?", word, keyword));
        finding.caption = fmt::format("write `{}`", keyword);
        finding.fixes.push_back(
            diag::replacement(span_of(lexeme), std::string(keyword), diag::Applicability::Machine));
        findings.push_back(std::move(finding));
    }
    if (lexeme.mend == Mend::Glued) {
        diag::Diagnostic finding =
            diag::draft(diag::Code::MisspeltKeyword, span_of(lexeme),
                        fmt::format("a blank is missing behind `{}`", keyword));
        finding.help = fmt::format("{} {}", keyword, word_at(source_.parse_text(), lexeme.end));
        finding.fixes.push_back({"insert a blank",
                                 diag::Applicability::Machine,
                                 {{{file_, lexeme.end, lexeme.end}, " "}}});
        findings.push_back(std::move(finding));
    }
    if (lexeme.mend == Mend::Inserted) {
        // The caret stands below the word that the keyword is missing before.
        const std::string_view text = source_.parse_text();
        const std::string_view word = word_at(text, lexeme.begin);
        diag::Diagnostic finding = diag::draft(
            diag::Code::MissingKeyword,
            {file_, lexeme.begin, static_cast<std::uint32_t>(lexeme.begin + word.size())},
            fmt::format("`{}` is missing before `{}`", keyword, word));
        finding.help = fmt::format("{} {}", keyword, word);
        finding.fixes.push_back(
            {fmt::format("insert `{}`", keyword),
             diag::Applicability::Machine,
             {{{file_, lexeme.begin, lexeme.begin}, fmt::format("{} ", keyword)}}});
        findings.push_back(std::move(finding));
    }
}

void DefinitionReader::accept(RawDefinition& definition) {
    report_hash_comments(definition.findings);
    if (definition.lexemes.size() < lexemes_max_) {
        report_mend(current_, definition.findings);
        definition.lexemes.push_back(current_);
    } else {
        diag::Diagnostic finding = diag::draft(
            diag::Code::DefinitionTooLong, span_of(current_),
            fmt::format("this definition is longer than {} words and values", lexemes_max_));
        finding.caption = "the rest of it is not read";
        definition.findings.push_back(std::move(finding));
        while (!current_.at_end() && !current_.is(LotLexer::DEFINE))
            advance();
        return;
    }
    advance();
}

std::optional<RawDefinition> DefinitionReader::next() {
    if (current_.at_end()) return std::nullopt;
    RawDefinition definition;
    const std::uint32_t column = column_of(current_);
    accept(definition);
    definition.foreign = current_.is(LotLexer::IDENT);
    if (definition.foreign) {
        definition.lexemes.push_back(current_);
        skip_body(column);
        return definition;
    }
    while (!current_.at_end() && !current_.is(LotLexer::DEFINE))
        accept(definition);
    report_hash_comments(definition.findings);
    definition.end = current_.begin;
    return definition;
}

}  // namespace lotmesh::parse
