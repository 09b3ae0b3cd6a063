// The tree as text, one node a line, for tests and for reading.
#pragma once

#include <string>

#include "compiler/ast/ast.h"

namespace lotmesh::ast {

// Values of strings appear: not for logs.
std::string dump(const File& file);

}  // namespace lotmesh::ast
