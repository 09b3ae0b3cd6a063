// ANTLR's view of a text: bytes, and the index is the byte offset. ANTLRInputStream, the stock one,
// counts code points and throws on invalid UTF-8.
#pragma once

#include <antlr4-runtime.h>

#include <string>
#include <string_view>

namespace lotmesh::parse {

// Borrows the text.
class ByteStream final : public antlr4::CharStream {
public:
    explicit ByteStream(std::string_view text) : text_(text) {}

    void consume() override { ++position_; }
    std::size_t LA(ssize_t offset) override;
    ssize_t mark() override { return -1; }
    void release(ssize_t) override {}
    std::size_t index() override { return position_; }
    void seek(std::size_t position) override { position_ = position; }
    std::size_t size() override { return text_.size(); }
    std::string getSourceName() const override { return "lot"; }
    std::string getText(const antlr4::misc::Interval& interval) override;
    std::string toString() const override { return std::string(text_); }

private:
    std::string_view text_;
    std::size_t position_ = 0;
};

}  // namespace lotmesh::parse
