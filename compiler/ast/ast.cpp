#include "compiler/ast/ast.h"

namespace lotmesh::ast {

std::string_view comment_text(std::string_view comment) {
    const bool block = comment.starts_with("/*");
    comment.remove_prefix(2);
    if (block) comment.remove_suffix(2);
    const std::size_t begin = comment.find_first_not_of(" \t\r");
    if (begin == std::string_view::npos) return {};
    return comment.substr(begin, comment.find_last_not_of(" \t\r") + 1 - begin);
}

}  // namespace lotmesh::ast
