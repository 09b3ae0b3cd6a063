// The files in routes/: the good ones are clean, each broken one has the one error that it names.
#include <doctest/doctest.h>

#include "compiler/format_file.h"
#include "tests/unit/compiler/golden.h"

using namespace lotmesh;
using namespace lotmesh::test;

namespace {

const std::string kRoutes = LOTMESH_SOURCE_DIR "/routes/";

CompileResult compile_file(const std::string& path, const CompileOptions& options = {}) {
    const SourceText file{path, read_text(path)};
    return compile({&file, 1}, options);
}

}  // namespace

TEST_CASE("every broken route file gives exactly the error that its first line names") {
    const std::vector<std::string> files = lot_files(kRoutes + "broken");
    CHECK(files.size() >= 15);
    for (const std::string& file : files) {
        CAPTURE(file);
        const CompileResult result = compile_file(file);
        CHECK_FALSE(result.ok());
        REQUIRE(result.report.diagnostics.size() == 1);
        const diag::Diagnostic& only = result.report.diagnostics[0];
        CHECK(only.severity == diag::Severity::Error);
        CHECK(read_text(file).starts_with("// " + diag::to_string(only.code) + ": "));
    }
}

TEST_CASE("every good route file compiles clean for running") {
    CompileOptions options;
    options.mode = CompileMode::Load;
    for (const char* const folder : {"pair", "mesh3"}) {
        for (const std::string& file : lot_files(kRoutes + folder)) {
            CAPTURE(file);
            const CompileResult result = compile_file(file, options);
            CHECK(summaries(result.report).empty());
            REQUIRE(result.ok());
            CHECK_FALSE(result.plan->links.empty());
        }
    }
}

TEST_CASE("the sample of rules compiles clean for running, and is in its one form") {
    CompileOptions options;
    options.mode = CompileMode::Load;
    const CompileResult result = compile_file(kRoutes + "access/rules.lot", options);
    CHECK(summaries(result.report).empty());
    REQUIRE(result.ok());
    CHECK(result.plan->rules.size() == 6);
    const std::string text = read_text(kRoutes + "access/rules.lot");
    CHECK(format_file({"rules.lot", text}).text == text);
}

TEST_CASE("the broker on its own has an empty plan") {
    const CompileResult result = compile_file(kRoutes + "single.lot");
    REQUIRE(result.ok());
    CHECK(result.plan->links.empty());
}

TEST_CASE("the nodes of the mesh lead to each other's ports") {
    const CompileResult result = compile_file(kRoutes + "mesh3/node2/peers.lot");
    REQUIRE(result.ok());
    REQUIRE(result.plan->links.size() == 2);
    CHECK(result.plan->links[0].port == 18831);
    CHECK(result.plan->links[1].port == 18833);
}
