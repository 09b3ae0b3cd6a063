#include "compiler/parse/lexeme_reader.h"

#include <algorithm>
#include <array>

namespace lotmesh::parse {

namespace {

bool is_word_character(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

// The end of #NAME,type,...# in what is left of a line; none: it is something else.
std::optional<std::size_t> template_field_end(std::string_view rest) {
    std::size_t at = 1;
    while (at < rest.size() && is_word_character(rest[at]))
        ++at;
    if (at == 1 || at == rest.size() || rest[at] != ',') return std::nullopt;
    const std::size_t close = rest.find('#', at);
    if (close == std::string_view::npos) return std::nullopt;
    return close + 1;
}

// No-break, figure, thin, narrow no-break and ideographic space, zero width space, byte order mark,
// soft hyphen.
constexpr std::array<std::string_view, 8> kOddBlanks = {"\u00A0", "\u2007", "\u2009", "\u202F",
                                                        "\u3000", "\u200B", "\uFEFF", "\u00AD"};

std::size_t odd_blank_bytes(std::string_view text) {
    const auto found = std::ranges::find_if(
        kOddBlanks, [&](std::string_view blank) { return text.starts_with(blank); });
    return found == kOddBlanks.end() ? 0 : found->size();
}

}  // namespace

LexemeReader::LexemeReader(const source::Source& source, ast::KeepComments keep)
    : text_(source.parse_text()),
      keep_(keep),
      stream_(text_),
      lexer_(std::make_unique<LotLexer>(&stream_)) {
    lexer_->removeErrorListeners();
}

void LexemeReader::put_aside(const antlr4::Token& comment) {
    const auto begin = static_cast<std::uint32_t>(comment.getStartIndex());
    const auto end = static_cast<std::uint32_t>(comment.getStopIndex() + 1);
    const std::string_view text = text_.substr(begin, end - begin);
    const bool marker = ast::comment_text(text).starts_with(ast::kCommentMarker);
    if (keep_ == ast::KeepComments::Markers && !marker) return;
    const std::string_view gap = text_.substr(last_end_, begin - last_end_);
    const bool own_line = last_end_ == 0 || gap.find('\n') != std::string_view::npos;
    comments_.push_back({begin, end, own_line});
}

// The end of the lexeme that begins with this `#`; none: it was a comment, which has been left out.
std::optional<std::uint32_t> LexemeReader::read_hash(std::uint32_t begin, bool first_on_line) {
    const std::size_t line_end = std::min(text_.find_first_of("\r\n", begin), text_.size());
    if (!first_on_line) {
        if (const auto field = template_field_end(text_.substr(begin, line_end - begin))) {
            stream_.seek(begin + *field);
            return static_cast<std::uint32_t>(begin + *field);
        }
        const bool blank_before = last_end_ < begin;
        const bool word_behind = begin + 1 < text_.size() && is_word_character(text_[begin + 1]);
        if (!blank_before || word_behind) return begin + 1;
    }
    stream_.seek(line_end);
    odd_.push_back({Oddity::HashComment, begin, begin + 1});
    return std::nullopt;
}

bool LexemeReader::skip_blanks(std::uint32_t begin) {
    std::uint32_t end = begin;
    while (const std::size_t bytes = odd_blank_bytes(text_.substr(end)))
        end += static_cast<std::uint32_t>(bytes);
    if (end == begin) return false;
    stream_.seek(end);
    odd_.push_back({Oddity::Blank, begin, end});
    return true;
}

Lexeme LexemeReader::next() {
    const auto text_end = static_cast<std::uint32_t>(text_.size());
    while (true) {
        const std::unique_ptr<antlr4::Token> token = lexer_->nextToken();
        if (token->getType() == antlr4::Token::EOF) return {antlr4::Token::EOF, text_end, text_end};
        if (token->getChannel() != antlr4::Token::DEFAULT_CHANNEL) {
            put_aside(*token);
            continue;
        }
        const auto begin = static_cast<std::uint32_t>(token->getStartIndex());
        auto end = static_cast<std::uint32_t>(token->getStopIndex() + 1);
        const std::string_view gap = text_.substr(last_end_, begin - last_end_);
        const bool first_on_line = last_end_ == 0 || gap.find('\n') != std::string_view::npos;
        if (token->getType() == LotLexer::BAD && skip_blanks(begin)) continue;
        if (token->getType() == LotLexer::BAD && text_[begin] == '#') {
            const std::optional<std::uint32_t> hash_end = read_hash(begin, first_on_line);
            if (!hash_end) continue;
            end = *hash_end;
        }
        last_end_ = end;
        return {token->getType(), begin, end, first_on_line};
    }
}

}  // namespace lotmesh::parse
