// `lotmesh plan`: what would change if these route files were read by that broker, or instead of
// those files; what of it disturbs links, and how much waits on them now. Changes nothing.
//
// A broker's plan is known as it shows it: secrets are not compared then, and a reference is not
// the value that it stands for. `--out` saves what was found, for `lotmesh apply`.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "compiler/compile.h"
#include "runtime/server/plan_view.h"
#include "tools/lotmesh/running_node.h"
#include "tools/lotmesh/status_command.h"

namespace lotmesh::tool {

struct PlanOptions {
    std::string path = ".";             // a file or a folder, as a broker would read it
    std::string against = "127.0.0.1";  // a broker, or a file or folder
    OutputFormat format = OutputFormat::Text;
    std::string out;  // file to save to; empty: none
    bool operator==(const PlanOptions&) const = default;
};

enum class PlanExit : int { NoChange = 0, CouldNotRun = 1, Changes = 2 };

struct PlanStreams {
    std::ostream& out;
    std::ostream& error;
};

PlanExit show_plan(const PlanOptions& options, PlanStreams streams);

// With the process's own streams. The exit code.
int run_plan(const PlanOptions& options);

// Route files as a broker reads them, compiled for showing.
struct CompiledFiles {
    std::string path;  // whole
    std::vector<SourceText> files;
    ir::Plan plan;
};

// The error is what to show: one line, or the diagnostics with their carets.
Result<CompiledFiles, std::string> compile_files(const std::string& path);

// What the files say, to the letter.
std::string digest_of(const std::vector<SourceText>& files);

// What `--out` saves of a plan: the files are named, not copied, since they may hold secrets.
struct SavedPlan {
    std::string broker;
    std::uint64_t base_revision = 0;
    std::string base_hash;
    std::string path;
    std::string digest;  // digest_of() the files
    bool operator==(const SavedPlan&) const = default;
};

// The error is one line.
Result<SavedPlan, std::string> read_saved_plan(const std::string& file);
// Whether a file is one that `--out` wrote, whatever else may be wrong with it.
bool is_saved_plan(const std::string& file);

// The changes as text for people, without the first and last lines.
std::string changes_text(const std::vector<server::ShownChange>& changes, const RunningNode* node);
std::string summary_text(const std::vector<server::ShownChange>& changes);

}  // namespace lotmesh::tool
