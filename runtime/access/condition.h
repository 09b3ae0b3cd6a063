// Conditions of rules: tests with AND, OR and NOT between and before them. They are about the
// principal alone, so that they are asked once for each, and not for each question.
//
// A pattern of client ids is `%u`, the user name, or a text in which one `*` stands for any
// characters. Cost: the length of the shorter of both.
#pragma once

#include <functional>
#include <string_view>

#include "runtime/access/pattern.h"
#include "runtime/access/rules.h"

namespace lotmesh::access {

bool is_like(std::string_view pattern, const Names& names);

// Each operator has what it applies to, and one result remains.
bool is_well_formed(const Condition& condition);

// `holds` answers for the tests. Of a condition that is well formed.
bool is_true(const Condition& condition, const std::function<bool(const ConditionStep&)>& holds);

}  // namespace lotmesh::access
