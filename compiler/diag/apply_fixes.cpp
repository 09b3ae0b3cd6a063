#include "compiler/diag/apply_fixes.h"

#include <algorithm>
#include <vector>

namespace lotmesh::diag {

namespace {

const Fix* machine_fix(const Diagnostic& diagnostic) {
    const auto found =
        std::ranges::find(diagnostic.fixes, Applicability::Machine, &Fix::applicability);
    return found == diagnostic.fixes.end() ? nullptr : &*found;
}

// Two insertions at one place overlap too: nobody knows their order.
bool overlaps(const Edit& a, const Edit& b) {
    if (a.span.begin == b.span.begin) return true;
    return a.span.begin < b.span.end && b.span.begin < a.span.end;
}

}  // namespace

Fixed apply_fixes(const Report& report, std::uint32_t file) {
    Fixed result{std::string(report.sources[file].text()), 0};
    std::vector<Edit> edits;
    for (const Diagnostic& diagnostic : report.diagnostics) {
        const Fix* const fix = diagnostic.span.file == file ? machine_fix(diagnostic) : nullptr;
        if (fix == nullptr) continue;
        const bool clashes = std::ranges::any_of(fix->edits, [&](const Edit& edit) {
            return std::ranges::any_of(edits, [&](const Edit& e) { return overlaps(e, edit); });
        });
        if (clashes) continue;
        edits.insert(edits.end(), fix->edits.begin(), fix->edits.end());
        ++result.count;
    }
    // From the back, so that the places of those before stay true.
    std::ranges::sort(edits, std::greater{}, [](const Edit& edit) { return edit.span.begin; });
    for (const Edit& edit : edits)
        result.text.replace(edit.span.begin, edit.span.end - edit.span.begin, edit.text);
    return result;
}

}  // namespace lotmesh::diag
