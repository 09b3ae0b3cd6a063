#include "compiler/parse/lexeme_reader.h"

namespace lotmesh::parse {

LexemeReader::LexemeReader(const source::Source& source)
    : text_(source.parse_text()), stream_(text_), lexer_(std::make_unique<LotLexer>(&stream_)) {
    lexer_->removeErrorListeners();
}

Lexeme LexemeReader::next() {
    const auto text_end = static_cast<std::uint32_t>(text_.size());
    if (open_comment_) return {antlr4::Token::EOF, text_end, text_end};
    std::unique_ptr<antlr4::Token> token = lexer_->nextToken();
    while (token->getChannel() != antlr4::Token::DEFAULT_CHANNEL)
        token = lexer_->nextToken();
    if (token->getType() == antlr4::Token::EOF) return {antlr4::Token::EOF, text_end, text_end};
    const auto begin = static_cast<std::uint32_t>(token->getStartIndex());
    const auto end = static_cast<std::uint32_t>(token->getStopIndex() + 1);
    if (token->getType() == LotLexer::OPEN_COMMENT) {
        open_comment_ = begin;
        return {antlr4::Token::EOF, text_end, text_end};
    }
    const std::string_view gap = text_.substr(last_end_, begin - last_end_);
    const bool first_on_line = last_end_ == 0 || gap.find('\n') != std::string_view::npos;
    last_end_ = end;
    return {token->getType(), begin, end, first_on_line};
}

}  // namespace lotmesh::parse
