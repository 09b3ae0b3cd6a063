// n independent mistakes give exactly n diagnostics, each with its code and on its line: each
// mistake alone in every layout, and many together in files from a seed.
#include <doctest/doctest.h>

#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>

#include "compiler/diag/levels.h"
#include "tests/unit/compiler/corpus.h"
#include "tests/unit/compiler/golden.h"

using namespace lotmesh;
using namespace lotmesh::test;

namespace {

constexpr std::uint64_t kSeed = 20261125;
constexpr std::size_t kFiles = 600;
constexpr std::size_t kFilesWritten = 64;

std::string listed(const std::vector<Expected>& all) {
    std::string text;
    for (const Expected& one : all)
        text += fmt::format("{}:{} ", one.line, diag::to_string(one.code));
    return text;
}

void check_file(const BrokenFile& file) {
    const SourceText text{"corpus.lot", file.text};
    const diag::Report report = compile({&text, 1}).report;
    std::vector<Expected> found;
    for (const diag::Diagnostic& diagnostic : report.diagnostics)
        found.push_back(
            {source::position_of(report.sources, diagnostic.span).line, diagnostic.code});
    std::ranges::sort(found);
    if (found == file.expected) return;
    std::string said;
    for (const std::string& line : summaries(report))
        said += line + "\n";
    CAPTURE(file.text);
    CAPTURE(said);
    CHECK(listed(found) == listed(file.expected));
}

}  // namespace

TEST_CASE("one mistake gives one diagnostic, in every layout") {
    CHECK(mistakes().size() >= 200);
    for (const Mistake& mistake : mistakes())
        for (std::size_t layout = 0; layout < kLayoutCount; ++layout)
            check_file(file_with(mistake, layout));
}

// LOTMESH_WRITE_CORPUS=tests/fuzz/corpus/lot writes the first of them, for the fuzz target.
TEST_CASE("n mistakes give n diagnostics, with the right codes and on the right lines") {
    Rng rng(kSeed);
    std::set<std::size_t> counts;
    const char* const folder = std::getenv("LOTMESH_WRITE_CORPUS");
    for (std::size_t i = 0; i < kFiles; ++i) {
        const BrokenFile file = broken_file(rng);
        counts.insert(file.expected.size());
        if (folder != nullptr && i < kFilesWritten)
            std::ofstream(fmt::format("{}/seeded_{:02}.lot", folder, i), std::ios::binary)
                << file.text;
        check_file(file);
    }
    CHECK(counts == std::set<std::size_t>{2, 3, 4, 5, 6, 7, 8, 9});
}

// Written by hand; lines `// MISTAKE: LINE CODE` at the end say what must be found.
TEST_CASE("the mistakes that people make in whole files are found, and no other") {
    constexpr std::string_view kMistake = "// MISTAKE: ";
    const auto paths = lot_files(LOTMESH_SOURCE_DIR "/tests/golden/corpus");
    CHECK(paths.size() >= 15);
    for (const std::string& path : paths) {
        CAPTURE(path);
        BrokenFile file;
        std::istringstream lines(read_text(path));
        for (std::string line; std::getline(lines, line);) {
            if (!line.starts_with(kMistake)) {
                file.text += line + "\n";
                continue;
            }
            std::istringstream words(line.substr(kMistake.size()));
            Expected one;
            std::string code;
            words >> one.line >> code;
            one.code = diag::parse_code(code).value();
            file.expected.push_back(one);
        }
        std::ranges::sort(file.expected);
        check_file(file);
    }
}
