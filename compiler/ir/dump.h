// A plan as stable text and as a number. The text shows *** for what is secret; the number takes
// the secret in, so that a new password is a new plan.
#pragma once

#include <cstdint>
#include <string>

#include "compiler/ir/plan.h"

namespace lotmesh::ir {

std::string dump(const Plan& plan);
std::string dump(const Link& link);
std::uint64_t fingerprint(const Plan& plan);

}  // namespace lotmesh::ir
