// Where diagnostics are collected, and where it is decided which of them are shown. Bounded per
// file (limits.h); what does not fit is counted.
#pragma once

#include <vector>

#include "compiler/diag/allowance.h"
#include "compiler/diag/diagnostic.h"
#include "compiler/diag/levels.h"
#include "compiler/limits.h"

namespace lotmesh::diag {

class Sink {
public:
    Sink(std::size_t file_count, const CompilerLimits& limits);

    void report(Diagnostic diagnostic);
    // Lets warnings and notes pass that would be shown; one that lets nothing pass is reported.
    void allow(const Allowance& allowance);
    const CompilerLimits& limits() const { return limits_; }
    // As reported, whatever the levels make of it.
    bool has_errors() const { return errors_ != 0; }

    // Orders by file and position, errors first where a file has more than may be shown. Empties
    // the sink.
    Report finish(source::SourceSet sources, const Levels& levels = {});

private:
    void apply_allowances(std::size_t file);
    void apply_levels(std::size_t file, const Levels& levels);

    CompilerLimits limits_;
    std::vector<std::vector<Diagnostic>> per_file_;
    std::vector<std::vector<Allowance>> allowances_;  // per file
    std::vector<std::size_t> dropped_;
    std::size_t errors_ = 0;
};

}  // namespace lotmesh::diag
