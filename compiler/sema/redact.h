// Marks in a source what must not be shown when its lines are: the values of secret keys, however
// badly they are written.
#pragma once

#include "compiler/ast/ast.h"
#include "compiler/source/source.h"

namespace lotmesh::sema {

void redact_secrets(source::Source& source, const ast::File& file);

}  // namespace lotmesh::sema
