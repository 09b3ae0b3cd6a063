// Advice: what is allowed and probably not meant. Warnings only. One function for each group of
// rules, on routes that are understood.
#pragma once

#include "compiler/diag/sink.h"
#include "compiler/sema/check.h"

namespace lotmesh::lint {

enum class Portability : std::uint8_t { Ignore, Warn };

void lint(const sema::CheckedRoutes& routes, Portability portability, diag::Sink& sink);
// The part of it about rules of access (access_rules.cpp).
void lint_access(const std::vector<sema::CheckedRule>& rules, Portability portability,
                 diag::Sink& sink);

}  // namespace lotmesh::lint
