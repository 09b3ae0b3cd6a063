// Text to tree. Every mistake in the writing is found in one go and reported once; what is behind
// it is read as if it had been right. ANTLR is inside and nowhere to be seen from here.
#pragma once

#include "compiler/ast/ast.h"
#include "compiler/diag/sink.h"
#include "compiler/limits.h"
#include "compiler/source/source.h"

namespace lotmesh::parse {

// `file` is the index that spans carry. Findings outside of routes go into the sink, those inside
// stay with the route. Definitions are read one at a time; memory is that of the tree.
ast::File parse(const source::Source& source, std::uint32_t file, const CompilerLimits& limits,
                diag::Sink& sink, ast::KeepComments keep = ast::KeepComments::Markers);

}  // namespace lotmesh::parse
