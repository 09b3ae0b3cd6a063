// The invariants of a plan, asked for where it is made (compile) and where it is used (runtime).
#pragma once

#include <string>
#include <vector>

#include "compiler/ir/plan.h"

namespace lotmesh::ir {

// One sentence for each broken invariant; empty for a good plan. Secrets do not appear.
std::vector<std::string> validate(const Plan& plan);

}  // namespace lotmesh::ir
