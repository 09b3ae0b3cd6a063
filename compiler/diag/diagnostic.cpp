#include "compiler/diag/diagnostic.h"

#include <fmt/core.h>

#include <algorithm>
#include <iterator>

#include "base/assert.h"

namespace lotmesh::diag {

const std::vector<CodeInfo>& all_codes() {
    static const std::vector<CodeInfo> codes = {
#define LOT_CODE(identifier, number, severity, title) {Code::identifier, Severity::severity, title},
#include "compiler/diag/codes.def"
#undef LOT_CODE
    };
    return codes;
}

const CodeInfo& info(Code code) {
    const auto found = std::ranges::find(all_codes(), code, &CodeInfo::code);
    ASSERT(found != all_codes().end());
    return *found;
}

std::string to_string(Code code) {
    return fmt::format("LOT{:04}", static_cast<std::uint16_t>(code));
}

std::string_view to_string(Severity severity) {
    switch (severity) {
        case Severity::Error: return "error";
        case Severity::Warning: return "warning";
        case Severity::Note: return "note";
    }
    UNREACHABLE();
}

std::string_view to_string(Applicability applicability) {
    switch (applicability) {
        case Applicability::Machine: return "machine-applicable";
        case Applicability::Maybe: return "maybe-incorrect";
        case Applicability::Placeholders: return "has-placeholders";
    }
    UNREACHABLE();
}

Fix replacement(source::Span span, std::string text, Applicability applicability) {
    std::string title = fmt::format("write `{}`", text);
    return {std::move(title), applicability, {{span, std::move(text)}}};
}

Diagnostic draft(Code code, source::Span span, std::string message) {
    Diagnostic diagnostic;
    diagnostic.code = code;
    diagnostic.severity = info(code).severity;
    diagnostic.span = span;
    diagnostic.message = std::move(message);
    return diagnostic;
}

namespace {

std::size_t count(const Report& report, Severity severity) {
    return static_cast<std::size_t>(
        std::ranges::count(report.diagnostics, severity, &Diagnostic::severity));
}

}  // namespace

std::size_t Report::error_count() const { return count(*this, Severity::Error); }
std::size_t Report::warning_count() const { return count(*this, Severity::Warning); }
std::size_t Report::note_count() const { return count(*this, Severity::Note); }

void Report::append(Report more) {
    const auto shift = static_cast<std::uint32_t>(sources.size());
    for (Diagnostic& diagnostic : more.diagnostics) {
        diagnostic.span.file += shift;
        for (Label& label : diagnostic.related)
            label.span.file += shift;
        for (Fix& fix : diagnostic.fixes)
            for (Edit& edit : fix.edits)
                edit.span.file += shift;
    }
    std::ranges::move(more.sources, std::back_inserter(sources));
    std::ranges::move(more.diagnostics, std::back_inserter(diagnostics));
    std::ranges::move(more.omitted, std::back_inserter(omitted));
}

}  // namespace lotmesh::diag
