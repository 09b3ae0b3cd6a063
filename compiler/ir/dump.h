// A plan as stable text and as a number. The text shows *** for what is secret and the reference
// for what came from one; the number takes the values in, so that a new password is a new plan.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/ir/plan.h"

namespace lotmesh::ir {

// A setting as people may see it: `value`, or the reference where it came from one.
std::string shown(const std::vector<Reference>& references, std::string_view key,
                  std::string_view value);
std::string shown(const Link& link, std::string_view key, std::string_view value);

std::string dump(const Plan& plan);
std::string dump(const Link& link);
std::string dump(const Bridge& bridge);
std::string dump(const Rule& rule);
std::uint64_t fingerprint(const Plan& plan);

}  // namespace lotmesh::ir
