// Formatting of one route file: text in, text out; of a notebook its lot cells, in their places.
// Pure; any thread; bounds as for compile().
#pragma once

#include <optional>
#include <string>

#include "compiler/diag/diagnostic.h"
#include "compiler/limits.h"
#include "compiler/source/source.h"

namespace lotmesh {

struct FormatResult {
    // Nothing where the writing has mistakes, which the report names: what is not understood is
    // left alone. Mistakes in the meaning are for compile() to tell.
    std::optional<std::string> text;
    diag::Report report;
};

FormatResult format_file(const source::SourceText& file, const CompilerLimits& limits = {});

}  // namespace lotmesh
