// A report for people: one line that says what is wrong, the lines of source with carets under the
// wrong thing, notes and help. Colour only when asked for; whether the output is a terminal is the
// caller's knowledge. Nothing of the source can steer a terminal or fill a log (plain_text.h).
#pragma once

#include <string>

#include "compiler/diag/diagnostic.h"

namespace lotmesh::diag {

struct TextStyle {
    bool colour = false;
    // Of the terminal, in cells: source lines are cut there, captions, notes and help go on in the
    // next line. 0: none, source lines are as long as they are and nothing is wrapped.
    std::size_t columns = 0;
};

// One diagnostic, several lines, ends in a newline.
std::string render_text(const Diagnostic& diagnostic, const source::SourceSet& sources,
                        const TextStyle& style = {});

// The whole report with "and N more" per file, then a line that counts; empty for an empty report.
std::string render_text(const Report& report, const TextStyle& style = {});

// "routes/a.lot:4:14: error[LOT0103]: BROKER_PORT has no value", without newline: for logs.
std::string render_line(const Diagnostic& diagnostic, const source::SourceSet& sources);

}  // namespace lotmesh::diag
