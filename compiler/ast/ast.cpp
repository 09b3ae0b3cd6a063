#include "compiler/ast/ast.h"

#include <algorithm>

namespace lotmesh::ast {

bool is_word(std::string_view text) {
    const auto letter = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    };
    if (text.empty() || !letter(text.front())) return false;
    return std::ranges::all_of(
        text, [&](char c) { return letter(c) || (c >= '0' && c <= '9') || c == '.'; });
}

std::string_view comment_text(std::string_view comment) {
    const bool block = comment.starts_with("/*");
    comment.remove_prefix(2);
    if (block) comment.remove_suffix(2);
    const std::size_t begin = comment.find_first_not_of(" \t\r");
    if (begin == std::string_view::npos) return {};
    return comment.substr(begin, comment.find_last_not_of(" \t\r") + 1 - begin);
}

}  // namespace lotmesh::ast
