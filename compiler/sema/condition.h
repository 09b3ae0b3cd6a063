// From the words behind IF to a condition: NOT before AND before OR, parentheses, tests with their
// values. Linear; no recursion, whatever the text says. Bounds: limits.h.
#pragma once

#include <optional>

#include "compiler/ast/ast.h"
#include "compiler/diag/sink.h"
#include "compiler/ir/rule.h"
#include "compiler/sema/values.h"

namespace lotmesh::sema {

// Nothing: it cannot be read, which has been reported.
std::optional<ir::Condition> read_condition(const ast::Condition& condition,
                                            const ValueContext& context, diag::Sink& sink);

}  // namespace lotmesh::sema
