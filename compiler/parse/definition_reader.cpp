#include "compiler/parse/definition_reader.h"

#include <fmt/core.h>

#include <algorithm>
#include <iterator>
#include <span>
#include <utility>

#include "base/assert.h"

namespace lotmesh::parse {

using diag::Code;

namespace {

constexpr std::ptrdiff_t kPendingMax = 128;  // findings before the first definition

// As long as an identifier goes on: what is glued to it may be a secret.
std::string_view word_at(std::string_view text, std::size_t begin) {
    const std::size_t end = text.find_first_not_of(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-", begin);
    return text.substr(begin, std::min(end, text.size()) - begin);
}

Code code_of(Oddity oddity) {
    switch (oddity) {
        case Oddity::HashComment: return Code::HashComment;
        case Oddity::Blank: return Code::OddBlank;
    }
    UNREACHABLE();
}

diag::Edit mend(const OddLexeme& odd, source::Span span) {
    return {span, odd.oddity == Oddity::HashComment ? "//" : " "};
}

diag::Diagnostic describe(const OddLexeme& odd, source::Span span) {
    const bool comment = odd.oddity == Oddity::HashComment;
    diag::Diagnostic finding =
        diag::draft(code_of(odd.oddity), span,
                    comment ? "`#` does not begin a comment" : "this only looks like a blank");
    finding.caption = "read as one";
    finding.help = comment ? "comments are written `// ...`" : "write ordinary blanks";
    finding.fixes.push_back({comment ? "write `//`" : "write a blank",
                             diag::Applicability::Machine,
                             {mend(odd, span)}});
    return finding;
}

}  // namespace

DefinitionReader::DefinitionReader(const source::Source& source, std::uint32_t file,
                                   const CompilerLimits& limits, diag::Sink& sink,
                                   ast::KeepComments keep)
    : source_(source),
      file_(file),
      lexemes_max_(limits.definition_tokens_max),
      edits_max_(limits.odd_edits_max),
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
    report_odd(comments);
    if (!current_.at_end() && !current_.is(LotLexer::DEFINE)) {
        diag::Diagnostic finding = diag::draft(Code::OutsideDefinition, span_of(current_),
                                               "this stands outside of any definition");
        finding.caption = "expected `DEFINE` first";
        finding.help = "DEFINE ROUTE Name WITH TYPE MQTT_CLUSTER";
        sink_.report(std::move(finding));
    }
    while (!current_.at_end() && !current_.is(LotLexer::DEFINE)) {
        advance();
        report_odd(comments);
        // All but those that may go on; the sink knows how many there may be.
        if (std::ssize(comments) < kPendingMax) continue;
        for (diag::Diagnostic& finding : std::span(comments).first(kPendingMax / 2))
            sink_.report(std::move(finding));
        comments.erase(comments.begin(), comments.begin() + kPendingMax / 2);
    }
    for (diag::Diagnostic& finding : comments)
        sink_.report(std::move(finding));
}

// A comment that is never closed ends the file.
void DefinitionReader::advance() {
    if (ended_) return;
    current_ = repair_.next();
    if (!current_.is(LotLexer::OPEN_COMMENT)) return;
    diag::Diagnostic finding =
        diag::draft(Code::UnterminatedComment, span_of(current_), "this comment is never closed");
    finding.caption = "expected `*/` somewhere behind it";
    sink_.report(std::move(finding));
    ended_ = true;
    current_ = {antlr4::Token::EOF, current_.begin, current_.begin};
}

// What stands before the lexeme at hand is not judged.
void DefinitionReader::drop_odd() {
    std::deque<OddLexeme>& all = reader_.odd();
    while (!all.empty() && all.front().begin < current_.begin)
        all.pop_front();
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
        drop_odd();
    } while (!current_.at_end() && !begins_next());
}

// Those before the lexeme at hand; one for lines that follow each other.
void DefinitionReader::report_odd(std::vector<diag::Diagnostic>& findings) {
    std::deque<OddLexeme>& all = reader_.odd();
    while (!all.empty() && all.front().begin <= current_.begin) {
        const OddLexeme odd = all.front();
        all.pop_front();
        const source::Span span{file_, odd.begin, odd.end};
        const std::uint32_t line = source_.line_of(odd.begin);
        const std::uint32_t last = std::exchange(last_odd_line_[odd.oddity], line);
        const auto first = std::find_if(findings.rbegin(), findings.rend(), [&](const auto& f) {
            return f.code == code_of(odd.oddity);
        });
        const bool goes_on = line - last <= 1;
        const bool found = first != findings.rend();
        // It goes on: what mends its first line mends this one too. One that mends nothing says it
        // of all that follow.
        if (goes_on && found && (first->fixes.empty() || edits_ < edits_max_)) {
            if (first->fixes.empty()) continue;
            first->fixes.front().edits.push_back(mend(odd, span));
        } else if (!goes_on || found || line == 1) {
            findings.push_back(describe(odd, span));
            if (edits_ == edits_max_) findings.back().fixes.clear();
        } else {
            continue;
        }
        edits_ = std::min(edits_ + 1, edits_max_);
    }
}

void DefinitionReader::report_mend(const Lexeme& lexeme,
                                   std::vector<diag::Diagnostic>& findings) const {
    const std::string_view keyword = keyword_of(lexeme.type);
    if (lexeme.mend == Mend::Misspelt) {
        const std::string_view word =
            source_.parse_text().substr(lexeme.begin, lexeme.end - lexeme.begin);
        diag::Diagnostic finding =
            diag::draft(Code::MisspeltKeyword, span_of(lexeme),
                        fmt::format("`{}` is not a keyword, did you mean `{}`?", word, keyword));
        finding.caption = fmt::format("write `{}`", keyword);
        finding.fixes.push_back(
            diag::replacement(span_of(lexeme), std::string(keyword), diag::Applicability::Machine));
        findings.push_back(std::move(finding));
    }
    if (lexeme.mend == Mend::Glued) {
        diag::Diagnostic finding =
            diag::draft(Code::MisspeltKeyword, span_of(lexeme),
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
            Code::MissingKeyword,
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
    report_odd(definition.findings);
    if (definition.lexemes.size() < lexemes_max_) {
        report_mend(current_, definition.findings);
        definition.lexemes.push_back(current_);
    } else {
        diag::Diagnostic finding = diag::draft(
            Code::DefinitionTooLong, span_of(current_),
            fmt::format("this definition is longer than {} words and values", lexemes_max_));
        finding.caption = "the rest of it is not read";
        definition.findings.push_back(std::move(finding));
        while (!current_.at_end() && !current_.is(LotLexer::DEFINE))
            advance();
        drop_odd();
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
    report_odd(definition.findings);
    definition.end = current_.begin;
    return definition;
}

}  // namespace lotmesh::parse
