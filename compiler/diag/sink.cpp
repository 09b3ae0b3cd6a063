#include "compiler/diag/sink.h"

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

namespace lotmesh::diag {

namespace {

bool before(const Diagnostic& left, const Diagnostic& right) {
    return std::tie(left.span.begin, left.span.end, left.code, left.message) <
           std::tie(right.span.begin, right.span.end, right.code, right.message);
}

bool errors_first(const Diagnostic& left, const Diagnostic& right) {
    if (left.severity != right.severity) return left.severity < right.severity;
    return before(left, right);
}

// Keeps the first `count` in order of position; when there are more, warnings go before errors do.
void keep_first(std::vector<Diagnostic>& diagnostics, std::size_t count) {
    if (diagnostics.size() > count) {
        std::ranges::sort(diagnostics, errors_first);
        diagnostics.resize(count);
    }
    std::ranges::sort(diagnostics, before);
}

}  // namespace

Sink::Sink(std::size_t file_count, const CompilerLimits& limits)
    : limits_(limits), per_file_(file_count), dropped_(file_count) {}

void Sink::report(Diagnostic diagnostic) {
    const std::size_t file = diagnostic.span.file;
    if (diagnostic.severity == Severity::Error) ++errors_;
    std::vector<Diagnostic>& kept = per_file_[file];
    if (kept.size() < limits_.diagnostics_kept_max) {
        kept.push_back(std::move(diagnostic));
        return;
    }
    // Full: an error still finds a place, so that warnings alone can never hide one.
    ++dropped_[file];
    if (diagnostic.severity == Severity::Error && kept.back().severity == Severity::Warning)
        kept.back() = std::move(diagnostic);
}

Report Sink::finish(source::SourceSet sources) {
    Report report;
    report.sources = std::move(sources);
    for (std::size_t file = 0; file < per_file_.size(); ++file) {
        std::vector<Diagnostic>& kept = per_file_[file];
        const std::size_t total = kept.size() + dropped_[file];
        keep_first(kept, limits_.diagnostics_shown_max);
        report.omitted.push_back(total - kept.size());
        std::ranges::move(kept, std::back_inserter(report.diagnostics));
        kept.clear();
    }
    return report;
}

}  // namespace lotmesh::diag
