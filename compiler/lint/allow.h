// `// lot: allow(LOT0506)`: a comment that lets a warning pass.
//
// Behind something on its line it reaches that line; on a line of its own the statement below it:
// a parameter, a whole block, a whole definition. Several codes stand side by side: allow(A, B).
#pragma once

#include "compiler/ast/ast.h"
#include "compiler/diag/sink.h"

namespace lotmesh::lint {

// What is looked at: codes about the cluster have no findings, and no useless allowances, where it
// is one plan alone.
enum class Reach : std::uint8_t { Plan, Cluster };

// Tells the sink what may pass; what such a comment says wrongly is reported.
void apply_allowances(const ast::File& file, const source::Source& source, Reach reach,
                      diag::Sink& sink);

}  // namespace lotmesh::lint
