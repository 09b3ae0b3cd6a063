// Words of the language that reading has to know: what can be defined, and what is secret.
#pragma once

#include <span>
#include <string_view>

namespace lotmesh::ast {

// Every kind of DEFINE but ROUTE and RULE.
std::span<const std::string_view> foreign_kinds();
// In any case.
bool is_foreign_kind(std::string_view word);

// Keys whose values are secret wherever they stand, in other route types too.
std::span<const std::string_view> secret_keys();
// Near misses too.
bool is_secret_key(std::string_view word);

}  // namespace lotmesh::ast
