// What a command line means, as values. With describe_app.h the only place that sees CLI11.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "tools/lotmesh/apply_command.h"
#include "tools/lotmesh/command_info.h"
#include "tools/lotmesh/explain_command.h"
#include "tools/lotmesh/fmt_command.h"
#include "tools/lotmesh/graph_command.h"
#include "tools/lotmesh/lint_command.h"
#include "tools/lotmesh/new_command.h"
#include "tools/lotmesh/passwd_command.h"
#include "tools/lotmesh/plan_command.h"
#include "tools/lotmesh/serve_command.h"
#include "tools/lotmesh/status_command.h"
#include "tools/lotmesh/trace_command.h"

namespace lotmesh::tool {

// A configuration or command line that cannot be run; with 78 a service manager does not try again.
inline constexpr int kExitConfig = 78;
inline constexpr int kExitLintUsage = 2;
inline constexpr int kExitPlanUsage = 1;  // 2 is "there are changes"

// Nothing to run: help or a version for stdout, or one line about a mistake for stderr.
struct Finish {
    int exit_code = 0;
    std::string output;
    std::string error;
    bool operator==(const Finish&) const = default;
};

// CommandInfo answers describe_commands() and no command line.
using Command =
    std::variant<Finish, CommandInfo, ServeOptions, LintOptions, FmtOptions, ExplainOptions,
                 GraphOptions, TraceOptions, StatusOptions, PlanOptions, ApplyOptions,
                 RollbackOptions, ConfirmOptions, HistoryOptions, PasswdOptions, NewClusterOptions>;

// The words behind the program's name.
Command parse_command_line(const std::vector<std::string>& words);

// What each command takes, in the order of the help.
std::vector<CommandInfo> describe_commands();

}  // namespace lotmesh::tool
