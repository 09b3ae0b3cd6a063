#include "compiler/parse/definition_reader.h"

#include <fmt/core.h>

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

}  // namespace

DefinitionReader::DefinitionReader(const source::Source& source, std::uint32_t file,
                                   const CompilerLimits& limits, diag::Sink& sink)
    : source_(source),
      file_(file),
      lexemes_max_(limits.definition_tokens_max),
      sink_(sink),
      reader_(source),
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
    if (!current_.at_end() && !current_.is(LotLexer::DEFINE)) {
        diag::Diagnostic finding = diag::draft(diag::Code::OutsideDefinition, span_of(current_),
                                               "this stands outside of any definition");
        finding.caption = "expected `DEFINE` first";
        finding.help = "DEFINE ROUTE Name WITH TYPE MQTT_CLUSTER";
        sink_.report(std::move(finding));
    }
    while (!current_.at_end() && !current_.is(LotLexer::DEFINE))
        advance();
}

void DefinitionReader::skip_body(std::uint32_t column) {
    while (!current_.at_end()) {
        const bool begins = current_.is(LotLexer::DEFINE) && current_.first_on_line &&
                            column_of(current_) <= column;
        if (begins) return;
        advance();
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
        findings.push_back(std::move(finding));
    }
    if (lexeme.mend == Mend::Inserted) {
        // The caret stands below the word that the keyword is missing before.
        const std::string_view text = source_.parse_text();
        const std::size_t end = text.find_first_of(" \t\r\n", lexeme.begin);
        const std::string_view word = text.substr(lexeme.begin, end - lexeme.begin);
        diag::Diagnostic finding = diag::draft(
            diag::Code::MissingKeyword,
            {file_, lexeme.begin, static_cast<std::uint32_t>(lexeme.begin + word.size())},
            fmt::format("`{}` is missing before `{}`", keyword, word));
        finding.help = fmt::format("{} {}", keyword, word);
        findings.push_back(std::move(finding));
    }
}

void DefinitionReader::accept(RawDefinition& definition) {
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

void DefinitionReader::report_open_comment() {
    if (comment_reported_ || !reader_.open_comment()) return;
    comment_reported_ = true;
    const std::uint32_t begin = *reader_.open_comment();
    diag::Diagnostic finding = diag::draft(
        diag::Code::UnterminatedComment, {file_, begin, begin + 2}, "this comment is never closed");
    finding.caption = "expected `*/` somewhere behind it";
    sink_.report(std::move(finding));
}

std::optional<RawDefinition> DefinitionReader::next() {
    if (current_.at_end()) {
        report_open_comment();
        return std::nullopt;
    }
    RawDefinition definition;
    const std::uint32_t column = column_of(current_);
    accept(definition);
    definition.foreign = current_.is(LotLexer::IDENT);
    if (definition.foreign) {
        accept(definition);
        skip_body(column);
        return definition;
    }
    while (!current_.at_end() && !current_.is(LotLexer::DEFINE))
        accept(definition);
    return definition;
}

}  // namespace lotmesh::parse
