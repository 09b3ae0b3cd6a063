// Golden .lot files: input and expectation in one file.
//
// The first line may be `// OPTIONS: load portable plan env NAME=value secret NAME=value limit
// NAME=N`.
// `// FILE: name` starts another file. The `// CHECK:` lines at the end are what is expected: one
// for each diagnostic, then with the option `plan` the dump of the plan.
#pragma once

#include <string>
#include <vector>

#include "compiler/cluster.h"
#include "compiler/compile.h"

namespace lotmesh::test {

struct Golden {
    std::string input;  // everything but the CHECK lines
    std::vector<std::string> expected;
};

struct GoldenResult {
    CompileResult compiled;
    std::vector<std::string> lines;  // what the CHECK lines should say
};

Golden parse_golden(const std::string& text);
GoldenResult run_golden(const std::string& input);
std::string to_text(const std::string& input, const std::vector<std::string>& lines);

// A folder of nodes' folders, with names as below it.
std::vector<NodeFolder> read_cluster(const std::string& path);
// With the files beside them, and what running.txt says that they run (explain_render.h).
ClusterResult check_folder(const std::string& path);
// The folders below tests/golden/cluster that hold a cluster: NN-name/fail and NN-name/pass.
std::vector<std::string> cluster_folders();

std::string read_text(const std::string& path);
std::vector<std::string> lot_files(const std::string& folder);  // recursively, sorted

// One line for a diagnostic: "LOT0103 4:14 error: BROKER_PORT has no value | caption".
std::string summary(const diag::Diagnostic& diagnostic, const source::SourceSet& sources);
std::vector<std::string> summaries(const diag::Report& report);

}  // namespace lotmesh::test
