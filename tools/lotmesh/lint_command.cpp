#include "tools/lotmesh/lint_command.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <ctime>
#include <iostream>
#include <utility>

#include "base/result.h"
#include "compiler/cluster.h"
#include "compiler/compile.h"
#include "compiler/diag/apply_fixes.h"
#include "compiler/diag/render.h"
#include "compiler/ir/dump.h"
#include "compiler/source/notebook.h"
#include "tools/lotmesh/ask_node.h"
#include "tools/lotmesh/cluster_folders.h"
#include "tools/lotmesh/replace_file.h"
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

// Of the terminal that findings go to; 0 where it is none, so that nothing is cut in a file.
std::size_t terminal_columns() {
    winsize size{};
    if (isatty(STDOUT_FILENO) == 0 || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) return 0;
    return size.ws_col;
}

// Findings of one plan, after what needs no thought was mended in its files, if that was asked for.
class Linter {
public:
    Linter(const LintOptions& options, LintStreams streams) : fix_(options.fix), streams_(streams) {
        compile_options_.portable = options.portable;
        compile_options_.levels = options.levels;
    }

    Result<CompileResult, std::string> lint(PlanFiles files) {
        if (!fix_) return compile(std::move(files), compile_options_);
        const PlanFiles before = files;
        std::vector<std::size_t> counts(files.size());
        CompileResult result = compile(files, compile_options_);
        // Mending one thing can bring to light another, which was not understood before.
        for (std::size_t round = 0; round < kFixRounds; ++round) {
            if (!mend(result.report, files, counts)) break;
            result = compile(files, compile_options_);
        }
        for (std::size_t i = 0; i < before.size(); ++i)
            if (auto written = write(before[i], files[i], counts[i]); !written)
                return failure(written.error());
        return result;
    }

private:
    static constexpr std::size_t kFixRounds = 10;

    // Whether anything was mended. A notebook has a source for each of its cells.
    static bool mend(const diag::Report& report, PlanFiles& files,
                     std::vector<std::size_t>& counts) {
        bool mended = false;
        std::uint32_t next = 0;
        for (std::size_t i = 0; i < files.size(); ++i) {
            std::vector<std::string> texts;
            std::size_t count = 0;
            const std::size_t sources = source_count(files[i]);
            for (std::size_t source = 0; source < sources; ++source) {
                diag::Fixed fixed = diag::apply_fixes(report, next++);
                count += fixed.count;
                texts.push_back(std::move(fixed.text));
            }
            if (count == 0) continue;
            const bool has_cells = report.sources[next - 1].cell().has_value();
            files[i].text = has_cells ? source::with_cells(files[i], texts) : texts.front();
            counts[i] += count;
            mended = true;
        }
        return mended;
    }

    static std::size_t source_count(const source::SourceText& file) {
        return source::expand_notebooks({&file, 1}, CompilerLimits{}.file_bytes_max).size();
    }

    Result<void, std::string> write(const source::SourceText& before,
                                    const source::SourceText& after, std::size_t count) {
        if (count == 0) return {};
        if (before.name == kStandardInputName)
            return failure("--fix changes files, and standard input is none");
        if (auto replaced = replace_file(before.name, after.text); !replaced) return replaced;
        streams_.error << "lotmesh lint: mended " << count << " in " << before.name << "\n";
        return {};
    }

    bool fix_;
    LintStreams streams_;
    CompileOptions compile_options_;
};

LintExit lint_cluster(const LintOptions& options, const diag::TextStyle& style,
                      LintStreams streams) {
    const auto folders = read_cluster_folders(options.cluster);
    if (!folders) {
        streams.error << "lotmesh lint: " << folders.error() << "\n";
        return LintExit::CouldNotRun;
    }
    const NodeFiles files;
    ClusterOptions cluster_options;
    const NodeCrypto crypto;
    cluster_options.files = &files;
    cluster_options.crypto = &crypto;
    cluster_options.now_s = std::time(nullptr);
    if (options.deploy) cluster_options.profile = topology::Profile::Deploy;
    cluster_options.portable = options.portable;
    cluster_options.levels = options.levels;
    ClusterResult result = check_cluster(*folders, cluster_options);
    if (options.online) {
        cluster_options.answers = ask_nodes(result.model);
        result = check_cluster(*folders, cluster_options);
    }
    streams.out << diag::render(result.report, options.format, style, kVersion);
    return result.ok && !result.report.has_errors() ? LintExit::Clean : LintExit::Findings;
}

}  // namespace

LintExit lint(const LintOptions& options, const diag::TextStyle& style, LintStreams streams) {
    if (!options.cluster.empty()) return lint_cluster(options, style, streams);
    if (options.paths.empty()) {
        streams.error << "lotmesh lint: no file or folder given\n";
        return LintExit::CouldNotRun;
    }
    auto plans = read_route_files(options.paths, streams.in);
    if (!plans) {
        streams.error << "lotmesh lint: " << plans.error() << "\n";
        return LintExit::CouldNotRun;
    }
    Linter linter(options, streams);
    diag::Report report;
    std::string plans_shown;
    bool ok = true;
    for (PlanFiles& files : *plans) {
        auto result = linter.lint(std::move(files));
        if (!result) {
            streams.error << "lotmesh lint: " << result.error() << "\n";
            return LintExit::CouldNotRun;
        }
        ok = ok && result->ok();
        if (options.print_plan && result->plan) plans_shown += ir::dump(*result->plan);
        report.append(std::move(result->report));
    }
    streams.out << diag::render(report, options.format, style, kVersion) << plans_shown;
    return ok && !report.has_errors() ? LintExit::Clean : LintExit::Findings;
}

int run_lint(const LintOptions& options) {
    const LintStreams streams{std::cin, std::cout, std::cerr};
    const diag::TextStyle style{wants_colour(options.colour), terminal_columns()};
    return static_cast<int>(lint(options, style, streams));
}

}  // namespace lotmesh::tool
