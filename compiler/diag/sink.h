// Where diagnostics are collected. Bounded per file (limits.h); what does not fit is counted.
#pragma once

#include <vector>

#include "compiler/diag/diagnostic.h"
#include "compiler/limits.h"

namespace lotmesh::diag {

class Sink {
public:
    Sink(std::size_t file_count, const CompilerLimits& limits);

    void report(Diagnostic diagnostic);
    bool has_errors() const { return errors_ != 0; }

    // Orders by file and position, errors first where a file has more than may be shown. Empties
    // the sink.
    Report finish(source::SourceSet sources);

private:
    CompilerLimits limits_;
    std::vector<std::vector<Diagnostic>> per_file_;
    std::vector<std::size_t> dropped_;
    std::size_t errors_ = 0;
};

}  // namespace lotmesh::diag
