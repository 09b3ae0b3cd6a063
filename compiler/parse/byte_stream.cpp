#include "compiler/parse/byte_stream.h"

namespace lotmesh::parse {

std::size_t ByteStream::LA(ssize_t offset) {
    const ssize_t at = static_cast<ssize_t>(position_) + (offset > 0 ? offset - 1 : offset);
    if (offset == 0 || at < 0 || at >= static_cast<ssize_t>(text_.size())) return EOF;
    return static_cast<unsigned char>(text_[static_cast<std::size_t>(at)]);
}

std::string ByteStream::getText(const antlr4::misc::Interval& interval) {
    if (interval.a < 0 || interval.b < interval.a) return {};
    const auto begin = static_cast<std::size_t>(interval.a);
    return std::string(text_.substr(begin, static_cast<std::size_t>(interval.b) - begin + 1));
}

}  // namespace lotmesh::parse
