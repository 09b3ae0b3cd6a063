// A report in the format that its reader wants: people, editors, code review sites, test
// dashboards. Pure; none of them shows more of the source than the text for people does.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/diag/render_text.h"

namespace lotmesh::diag {

enum class Format : std::uint8_t {
    Text,    // lines of source with carets
    Short,   // one line each, as compilers do: file:line:column: severity[code]: message
    Json,    // {"version": 1, "diagnostics": [...]}, docs/lot-language.md
    Sarif,   // 2.1.0
    Github,  // workflow commands, which become annotations
    Junit,   // one test case for each file
};

std::optional<Format> parse_format(std::string_view word);
const std::vector<std::string_view>& format_words();  // in the order of the enumerators

// `style` is for Format::Text alone; `version` is that of the program, which SARIF names.
std::string render(const Report& report, Format format, const TextStyle& style,
                   std::string_view version);

std::string render_json(const Report& report);
std::string render_sarif(const Report& report, std::string_view version);
std::string render_short(const Report& report);
std::string render_github(const Report& report);
std::string render_junit(const Report& report);

}  // namespace lotmesh::diag
