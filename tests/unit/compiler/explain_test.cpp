// LOTMESH_UPDATE_GOLDEN=1 test_compiler writes docs/diagnostics.md anew; read the difference.
#include "compiler/diag/explain.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "compiler/explain_render.h"
#include "tests/unit/compiler/golden.h"

using namespace lotmesh;
using namespace lotmesh::test;

namespace {

constexpr std::size_t kLineBytesMax = 100;
const std::string kManual = LOTMESH_SOURCE_DIR "/docs/diagnostics.md";

bool is_plain(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c == '\n' || (c >= ' ' && c <= '~'); });
}

std::size_t longest_line(std::string_view text) {
    std::istringstream lines{std::string(text)};
    std::size_t longest = 0;
    for (std::string line; std::getline(lines, line);)
        longest = std::max(longest, line.size());
    return longest;
}

}  // namespace

TEST_CASE("every code has one page, in the order of the registry") {
    std::vector<diag::Code> explained;
    for (const diag::Page& page : diag::pages())
        explained.push_back(page.code);
    std::vector<diag::Code> known;
    for (const diag::CodeInfo& code : diag::all_codes())
        known.push_back(code.code);
    CHECK(explained == known);
}

TEST_CASE("a page is a few short lines of plain text") {
    for (const diag::Page& page : diag::pages()) {
        CAPTURE(diag::to_string(page.code));
        CHECK(page.text.size() >= 100);
        CHECK(page.text.ends_with("."));
        CHECK(is_plain(page.text));
        CHECK(longest_line(page.text) <= kLineBytesMax);
    }
}

TEST_CASE("the bad sample of a page gives its code and no other") {
    for (const diag::Page& page : diag::pages()) {
        CAPTURE(diag::to_string(page.code));
        const diag::Report report = compile_sample(page, Sample::Bad).report;
        CAPTURE(summaries(report));
        CHECK_FALSE(report.diagnostics.empty());
        for (const diag::Diagnostic& diagnostic : report.diagnostics)
            CHECK(diagnostic.code == page.code);
    }
}

TEST_CASE("the good sample of a page gives nothing at all") {
    for (const diag::Page& page : diag::pages()) {
        CAPTURE(diag::to_string(page.code));
        const CompileResult result = compile_sample(page, Sample::Good);
        CHECK(summaries(result.report) == std::vector<std::string>{});
        REQUIRE(result.ok());
        const ir::Plan& plan = *result.plan;
        CHECK(plan.links.size() + plan.bridges.size() + plan.rules.size() > 0);
    }
}

TEST_CASE("a page shows title, samples and what lint says about the bad one") {
    const std::string page = render_page(diag::Code::OutOfRange);
    CHECK(page.starts_with("LOT0302: value out of range (error, group values)\n\n"));
    CHECK(page.find("    error[LOT0302]: `BROKER_PORT` is out of range\n"
                    "      --> node1.lot:4:26\n") != std::string::npos);
    CHECK(
        page.ends_with(":\n\n    DEFINE ROUTE ToNode2 WITH TYPE MQTT_CLUSTER\n"
                       "        ADD CLUSTER_CONFIG\n"
                       "            WITH BROKER_ADDRESS \"10.0.0.2\"\n"
                       "            WITH BROKER_PORT '1883'\n"
                       "            WITH CLIENT_ID \"node1-to-node2\"\n"));
}

TEST_CASE("a page says under which circumstances its samples were compiled") {
    const auto says = [](diag::Code code, std::string_view what) {
        return render_page(code).find(what) != std::string::npos;
    };
    CHECK(says(diag::Code::NotPortable, "This gives it (with --portable):"));
    CHECK(says(diag::Code::UnresolvedReference, "This gives it (loaded by a broker):"));
    CHECK(says(diag::Code::BadReferenceValue, "Mended (loaded with NODE2_PORT=1883):"));
    CHECK(says(diag::Code::FileTooLarge, "This gives it (as if 200 bytes were the limit):"));
    CHECK(says(diag::Code::InvalidUtf8, "M?ller"));
}

TEST_CASE("the list names every code below its group") {
    const std::string list = render_code_list();
    CHECK(list.starts_with("input: what a file is\n    LOT0001  file is too large\n"));
    CHECK(list.find("\n\nvalues: what a value may be\n    LOT0301  ") != std::string::npos);
    for (const diag::CodeInfo& code : diag::all_codes())
        CHECK(list.find(diag::to_string(code.code)) != std::string::npos);
}

TEST_CASE("docs/diagnostics.md is what the pages say") {
    const std::string manual = render_code_manual();
    if (std::getenv("LOTMESH_UPDATE_GOLDEN") != nullptr)
        std::ofstream(kManual, std::ios::binary) << manual;
    const bool up_to_date = read_text(kManual) == manual;
    CHECK_MESSAGE(up_to_date, "write it anew: LOTMESH_UPDATE_GOLDEN=1 test_compiler");
}
