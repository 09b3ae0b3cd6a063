// A rule of access in its canonical form: what it is about on the first line, and what it says on
// the second, or on several where that is long.
#pragma once

#include <string>
#include <string_view>

#include "compiler/ast/ast.h"

namespace lotmesh::format {

// `text` is the file.
std::string rule_head(const ast::Rule& rule, std::string_view text);
// Its lines but the first have their blanks before them.
std::string rule_body(const ast::Rule& rule, std::string_view text);

// From the first to the last part of each.
source::Span span_of_head(const ast::Rule& rule);
source::Span span_of_body(const ast::Rule& rule);

}  // namespace lotmesh::format
