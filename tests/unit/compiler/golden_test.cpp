#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <set>

#include "tests/unit/compiler/golden.h"

using namespace lotmesh;
using namespace lotmesh::test;

namespace {

const std::string kFolder = LOTMESH_SOURCE_DIR "/tests/golden/lot";

bool is_update() { return std::getenv("LOTMESH_UPDATE_GOLDEN") != nullptr; }

std::string joined(const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines)
        text += line + "\n";
    return text;
}

}  // namespace

// LOTMESH_UPDATE_GOLDEN=1 test_compiler writes the CHECK lines anew; read the difference.
TEST_CASE("golden files get the diagnostics that they expect") {
    const std::vector<std::string> files = lot_files(kFolder);
    CHECK(files.size() >= 20);
    for (const std::string& file : files) {
        CAPTURE(file);
        const Golden golden = parse_golden(read_text(file));
        const GoldenResult result = run_golden(golden.input);
        if (is_update())
            std::ofstream(file, std::ios::binary) << to_text(golden.input, result.lines);
        else
            CHECK(joined(result.lines) == joined(golden.expected));
        CHECK(result.compiled.ok() != result.compiled.report.has_errors());
    }
}

TEST_CASE("every code of the registry is produced by a golden file") {
    std::set<diag::Code> produced;
    for (const std::string& file : lot_files(kFolder)) {
        const GoldenResult result = run_golden(parse_golden(read_text(file)).input);
        for (const diag::Diagnostic& diagnostic : result.compiled.report.diagnostics)
            produced.insert(diagnostic.code);
    }
    for (const std::string& folder : cluster_folders())
        for (const diag::Diagnostic& diagnostic : check_folder(folder).report.diagnostics)
            produced.insert(diagnostic.code);
    for (const diag::CodeInfo& code : diag::all_codes()) {
        CAPTURE(diag::to_string(code.code));
        CHECK(produced.contains(code.code));
    }
}

TEST_CASE("codes stand in the order of their numbers, each once") {
    const std::vector<diag::CodeInfo>& codes = diag::all_codes();
    for (std::size_t i = 1; i < codes.size(); ++i)
        CHECK(codes[i - 1].code < codes[i].code);
}
