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
    : limits_(limits), per_file_(file_count), allowances_(file_count), dropped_(file_count) {}

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

void Sink::allow(const Allowance& allowance) {
    allowances_[allowance.at.file].push_back(allowance);
}

void Sink::apply_allowances(std::size_t file) {
    const std::vector<Allowance> allowances = std::exchange(allowances_[file], {});
    if (allowances.empty()) return;
    std::vector<Diagnostic>& kept = per_file_[file];
    std::ranges::sort(kept, before);
    std::vector<bool> passed(kept.size());
    std::vector<Diagnostic> unused;
    for (const Allowance& allowance : allowances) {
        bool used = false;
        const auto first = std::ranges::lower_bound(
            kept, allowance.scope.begin, {}, [](const Diagnostic& d) { return d.span.begin; });
        for (auto at = static_cast<std::size_t>(first - kept.begin());
             at < kept.size() && kept[at].span.begin < allowance.scope.end; ++at) {
            if (passed[at] || kept[at].code != allowance.code ||
                kept[at].severity == Severity::Error)
                continue;
            passed[at] = true;
            used = true;
        }
        // Of what was dropped nobody knows whether it was meant.
        if (used || dropped_[file] != 0) continue;
        unused.push_back(draft(Code::UnusedAllow, allowance.at,
                               "this lets nothing pass: there is no such finding here"));
        unused.back().caption = "remove it";
    }
    std::size_t at = 0;
    std::erase_if(kept, [&](const Diagnostic&) { return passed[at++]; });
    std::ranges::move(unused, std::back_inserter(kept));
}

void Sink::apply_levels(std::size_t file, const Levels& levels) {
    std::erase_if(per_file_[file], [&](Diagnostic& diagnostic) {
        const std::optional<Severity> severity =
            levels.severity_of(diagnostic.code, diagnostic.severity);
        diagnostic.severity = severity.value_or(diagnostic.severity);
        return !severity;
    });
}

Report Sink::finish(source::SourceSet sources, const Levels& levels) {
    Report report;
    report.sources = std::move(sources);
    for (std::size_t file = 0; file < per_file_.size(); ++file) {
        apply_allowances(file);
        apply_levels(file, levels);
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
