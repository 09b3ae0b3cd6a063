#include "tools/lotmesh/lint_command.h"

#include <unistd.h>

#include <cstdlib>
#include <iostream>
#include <utility>

#include "compiler/compile.h"
#include "compiler/diag/render.h"
#include "compiler/ir/dump.h"
#include "tools/lotmesh/route_files.h"
#include "tools/lotmesh/version.h"

namespace lotmesh::tool {

namespace {

bool wants_colour(ColourChoice choice) {
    switch (choice) {
        case ColourChoice::Always: return true;
        case ColourChoice::Never: return false;
        case ColourChoice::Auto: break;
    }
    const char* const no_color = std::getenv("NO_COLOR");
    const bool refused = no_color != nullptr && *no_color != '\0';
    return !refused && isatty(STDOUT_FILENO) != 0;
}

}  // namespace

LintExit lint(const LintOptions& options, bool colour, LintStreams streams) {
    if (options.paths.empty()) {
        streams.error << "lotmesh lint: no file or folder given\n";
        return LintExit::CouldNotRun;
    }
    const auto plans = read_route_files(options.paths, streams.in);
    if (!plans) {
        streams.error << "lotmesh lint: " << plans.error() << "\n";
        return LintExit::CouldNotRun;
    }
    CompileOptions compile_options;
    compile_options.portable = options.portable;
    compile_options.levels = options.levels;
    diag::Report report;
    std::string plans_shown;
    bool ok = true;
    for (const PlanFiles& files : *plans) {
        CompileResult result = compile(files, compile_options);
        ok = ok && result.ok();
        if (options.print_plan && result.plan) plans_shown += ir::dump(*result.plan);
        report.append(std::move(result.report));
    }
    streams.out << diag::render(report, options.format, {.colour = colour}, kVersion)
                << plans_shown;
    return ok && !report.has_errors() ? LintExit::Clean : LintExit::Findings;
}

int run_lint(const LintOptions& options) {
    const LintStreams streams{std::cin, std::cout, std::cerr};
    return static_cast<int>(lint(options, wants_colour(options.colour), streams));
}

}  // namespace lotmesh::tool
