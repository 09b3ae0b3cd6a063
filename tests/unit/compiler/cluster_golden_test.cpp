// tests/golden/cluster/NN-name: for the rule LOT06NN a cluster that breaks it, with what is said
// about that in fail/expected.txt, and one that does not.
#include <doctest/doctest.h>

#include <fmt/core.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "compiler/cluster.h"
#include "compiler/diag/render_text.h"
#include "tests/unit/compiler/golden.h"

using namespace lotmesh;
using namespace lotmesh::test;

namespace {

// "LOT0607" of ".../07-single-point-of-failure/fail".
std::string code_of(const std::string& folder) {
    const std::string rule = std::filesystem::path(folder).parent_path().filename().string();
    return "LOT06" + rule.substr(0, 2);
}

bool names(const diag::Report& report, const std::string& code) {
    for (const diag::Diagnostic& diagnostic : report.diagnostics)
        if (diag::to_string(diagnostic.code) == code) return true;
    return false;
}

}  // namespace

// LOTMESH_UPDATE_GOLDEN=1 test_compiler writes the expectations anew; read the difference.
TEST_CASE("clusters that break a rule get what they expect") {
    for (const std::string& folder : cluster_folders()) {
        if (!folder.ends_with("/fail")) continue;
        CAPTURE(folder);
        const ClusterResult result = check_folder(folder);
        CHECK(names(result.report, code_of(folder)));
        const std::string text =
            diag::render_text(result.report, {.colour = false, .columns = 100});
        const std::string expected = folder + "/expected.txt";
        if (std::getenv("LOTMESH_UPDATE_GOLDEN") != nullptr)
            std::ofstream(expected, std::ios::binary) << text;
        CHECK(text == read_text(expected));
        CHECK(result.ok != result.report.has_errors());
    }
}

TEST_CASE("clusters that keep a rule get nothing at all") {
    for (const std::string& folder : cluster_folders()) {
        if (!folder.ends_with("/pass")) continue;
        CAPTURE(folder);
        const ClusterResult result = check_folder(folder);
        CHECK(summaries(result.report) == std::vector<std::string>{});
        CHECK(result.ok);
    }
}

TEST_CASE("every rule about clusters has a folder with both") {
    std::size_t codes = 0;
    for (const diag::CodeInfo& code : diag::all_codes())
        if (diag::group_of(code.code).name == diag::kClusterGroup) ++codes;
    CHECK(cluster_folders().size() == 2 * codes);
}
