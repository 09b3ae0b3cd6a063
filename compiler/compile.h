// The compiler's face: route files in, one plan and all diagnostics out. Pure; any thread; sees no
// file, no clock and no environment (references resolve through a port). Bounds: limits.h.
//
// Each cell of a notebook is a source of its own in the report (source/notebook.h).
//
// All files together make one plan. There is a plan exactly when there is no error; no file, or
// files with nothing but comments, make an empty plan. Warnings never stop a plan, not even those
// that the levels turn into errors: whoever set them decides what to make of that.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "compiler/diag/diagnostic.h"
#include "compiler/diag/levels.h"
#include "compiler/ir/plan.h"
#include "compiler/limits.h"
#include "compiler/sema/references.h"
#include "compiler/source/source.h"

namespace lotmesh {

using source::SourceText;

enum class CompileMode : std::uint8_t {
    Check,  // for reading: an unresolved reference is no error and its setting is not checked
    Load,   // for running: an unresolved reference is an error
};

struct CompileOptions {
    CompileMode mode = CompileMode::Check;
    const ReferenceResolver* resolver = nullptr;  // borrowed; none: nothing resolves
    bool portable = false;                        // warn about what only this broker understands
    diag::Levels levels;                          // what is shown, and as what
    CompilerLimits limits;
};

// A route or a rule where it was written; of any type, also of one that is not supported.
struct RouteText {
    std::string name;
    source::Span span;  // the whole definition
};

struct CompileResult {
    // In Check mode a text that did not resolve reads `GET ENV "X"` and a number has its default:
    // good for showing. Only plans of Load mode may be run.
    std::optional<ir::Plan> plan;
    diag::Report report;            // render it with diag/render_text.h
    std::vector<RouteText> routes;  // in the order of the text; spans are in report.sources
    std::vector<RouteText> rules;   // the same of rules of access

    bool ok() const { return plan.has_value(); }
};

// As it may be shown, line by line: passwords are stars.
std::string shown_text(const source::SourceSet& sources, source::Span span);

CompileResult compile(std::span<const SourceText> files, const CompileOptions& options = {});
// Takes the texts instead of copying them.
CompileResult compile(std::vector<SourceText>&& files, const CompileOptions& options = {});

}  // namespace lotmesh
