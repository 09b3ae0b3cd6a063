// Pages about codes (diag/explain.h) as text: for people at a terminal and as docs/diagnostics.md.
// Compiles the samples, so that what is shown is what the compiler says. Pure; any thread; bounded
// by the table.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/cluster.h"
#include "compiler/compile.h"
#include "compiler/diag/explain.h"

namespace lotmesh {

enum class Sample : std::uint8_t { Bad, Good };

CompileResult compile_sample(const diag::Page& page, Sample which);

// Lines `// running on NODE: ROUTE HOST PORT CLIENT_ID` as what those nodes answered; other lines
// are not looked at.
std::vector<topology::Answer> read_answers(std::string_view lines);

std::string render_page(diag::Code code);
std::string render_code_list();    // all codes with their titles, by group
std::string render_code_manual();  // all pages in Markdown

}  // namespace lotmesh
