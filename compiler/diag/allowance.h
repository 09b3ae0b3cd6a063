// One code that a comment in a file lets pass, and where.
#pragma once

#include "compiler/diag/diagnostic.h"

namespace lotmesh::diag {

struct Allowance {
    Code code{};
    source::Span at;     // the code's name in the comment
    source::Span scope;  // findings that begin in here are not shown
};

}  // namespace lotmesh::diag
