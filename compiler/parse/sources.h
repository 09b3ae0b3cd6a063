// What was read becomes sources: bounded, and known to be UTF-8 or reported.
#pragma once

#include <vector>

#include "compiler/diag/sink.h"
#include "compiler/limits.h"
#include "compiler/source/source.h"

namespace lotmesh::parse {

// One source for each file, in their order. A file that is too large is not looked into: its text
// is dropped.
source::SourceSet open_sources(std::vector<source::SourceText> files, const CompilerLimits& limits,
                               diag::Sink& sink);

}  // namespace lotmesh::parse
