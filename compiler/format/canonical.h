// The one way to write each thing that has several: what a value looks like depends on its key
// ('1884', true, "text"), a label stands bare where it can.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "compiler/ast/ast.h"
#include "compiler/sema/schema.h"

namespace lotmesh::format {

// `key` is null for a key that nobody knows: its value is left as it is written in `text`, the
// file. A value of the wrong kind is left as well: it is for lint to tell.
std::string canonical_value(const ast::Value& value, const sema::KeySchema* key,
                            std::string_view text);

// Of a condition, a topic and a priority, which stand in a rule. A number is bare there.
std::string canonical_rule_value(const ast::Value& value, std::string_view text);

// The words behind IF, in their order.
std::vector<std::string> canonical_pieces(const ast::Condition& condition, std::string_view text);

std::string canonical_label(std::string_view label);

// As `// text`; a block comment of several lines stays as it is. `comment` has its marks.
std::string canonical_comment(std::string_view comment);

}  // namespace lotmesh::format
