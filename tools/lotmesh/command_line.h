// What a command line means, as values. The only place that sees CLI11.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "tools/lotmesh/explain_command.h"
#include "tools/lotmesh/fmt_command.h"
#include "tools/lotmesh/graph_command.h"
#include "tools/lotmesh/lint_command.h"
#include "tools/lotmesh/serve_command.h"
#include "tools/lotmesh/trace_command.h"

namespace lotmesh::tool {

// A configuration or command line that cannot be run; with 78 a service manager does not try again.
inline constexpr int kExitConfig = 78;
inline constexpr int kExitLintUsage = 2;

// Nothing to run: help or a version for stdout, or one line about a mistake for stderr.
struct Finish {
    int exit_code = 0;
    std::string output;
    std::string error;
    bool operator==(const Finish&) const = default;
};

using Command = std::variant<Finish, ServeOptions, LintOptions, FmtOptions, ExplainOptions,
                             GraphOptions, TraceOptions>;

// The words behind the program's name.
Command parse_command_line(const std::vector<std::string>& words);

}  // namespace lotmesh::tool
