// Makes the fixes of a report that need no thought.
#pragma once

#include <cstdint>
#include <string>

#include "compiler/diag/diagnostic.h"

namespace lotmesh::diag {

struct Fixed {
    std::string text;       // of the file, with the fixes made
    std::size_t count = 0;  // of findings mended
};

// Of one file of the report. What overlaps an earlier fix is left for the next compilation.
Fixed apply_fixes(const Report& report, std::uint32_t file);

}  // namespace lotmesh::diag
