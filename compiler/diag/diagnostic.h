// A diagnostic: what the author of a .lot file did wrong, as data. Nobody below render_*.h prints.
//
// Wording (docs/lot-language.md): one sentence, lower case start, no full stop, names in backticks;
// then what was expected, then how to mend it. Values of references and of secret keys never
// appear.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/source/source.h"

namespace lotmesh::diag {

// A note is worth knowing and never a finding.
enum class Severity : std::uint8_t { Error, Warning, Note };

// The registry is codes.def: number, severity, title. A number is never used again.
enum class Code : std::uint16_t {
#define LOT_CODE(identifier, number, severity, title) identifier = number,
#include "compiler/diag/codes.def"
#undef LOT_CODE
};

struct CodeInfo {
    Code code;
    Severity severity;
    std::string_view title;
};

const CodeInfo& info(Code code);
const std::vector<CodeInfo>& all_codes();  // in the order of their numbers
std::string to_string(Code code);          // "LOT0101"
std::string_view to_string(Severity severity);

// A second place that explains the first: "first defined here".
struct Label {
    source::Span span;
    std::string text;
    bool operator==(const Label&) const = default;
};

// Whether a fix may be made without looking at it.
enum class Applicability : std::uint8_t {
    Machine,       // what was meant is certain
    Maybe,         // probably what was meant
    Placeholders,  // something in it has to be filled in
};

std::string_view to_string(Applicability applicability);

// Replaces the bytes of the span; an empty span is a place to insert at.
struct Edit {
    source::Span span;
    std::string text;
    bool operator==(const Edit&) const = default;
};

// One way to mend the mistake: all of its edits, or none. They do not overlap and are in order.
struct Fix {
    std::string title;  // "write `WITH`"
    Applicability applicability = Applicability::Maybe;
    std::vector<Edit> edits;
    bool operator==(const Fix&) const = default;
};

// "write `text`" in the place of what the span has; an empty span is a place to insert at.
Fix replacement(source::Span span, std::string text, Applicability applicability);

struct Diagnostic {
    Code code{};
    Severity severity = Severity::Error;
    std::string message{};
    source::Span span{};         // exactly the wrong thing
    std::string caption;         // stands behind the carets; may be empty
    std::vector<Label> related;  // in any file
    std::vector<std::string> notes;
    std::string help;  // how to mend it; may be empty
    std::vector<Fix> fixes;
    bool operator==(const Diagnostic&) const = default;
};

// A diagnostic of the severity that the registry gives; the rest is filled in by the caller.
Diagnostic draft(Code code, source::Span span, std::string message);

// Everything that a compilation has to say, in order of file and position.
struct Report {
    source::SourceSet sources;
    std::vector<Diagnostic> diagnostics;
    std::vector<std::size_t> omitted;  // per file: how many more there are than are shown

    std::size_t error_count() const;  // of those that are shown; errors are never all omitted
    std::size_t warning_count() const;
    std::size_t note_count() const;
    bool has_errors() const { return error_count() != 0; }

    // Those of another compilation, behind ours.
    void append(Report more);
};

}  // namespace lotmesh::diag
