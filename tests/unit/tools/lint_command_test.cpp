#include "tools/lotmesh/lint_command.h"

#include <doctest/doctest.h>

#include <sstream>

#include "tests/support/temporary_folder.h"

using namespace lotmesh::tool;
using lotmesh::test::TemporaryFolder;

namespace {

const std::string kRoutes = LOTMESH_SOURCE_DIR "/routes/";

struct Run {
    LintExit exit = LintExit::CouldNotRun;
    std::string out;
    std::string error;
};

Run run(const LintOptions& options, const std::string& input = {}, bool colour = false) {
    std::istringstream in(input);
    std::ostringstream out;
    std::ostringstream error;
    const LintExit exit = lint(options, {.colour = colour}, {in, out, error});
    return {exit, out.str(), error.str()};
}

Run run_text(const std::string& text) { return run({.paths = {"-"}}, text); }

constexpr const char* kWarned =
    "DEFINE ROUTE A WITH TYPE MQTT_CLUSTER ADD CLUSTER_CONFIG "
    "WITH BROKER_ADDRESS \"a\" WITH BROKER_PORT \"1883\" "
    "WITH CLIENT_ID \"a\"\n";

}  // namespace

TEST_CASE("a clean folder says nothing and exits with 0") {
    const Run clean = run({.paths = {kRoutes + "mesh3/node1", kRoutes + "single.lot"}});
    CHECK(clean.exit == LintExit::Clean);
    CHECK(clean.out.empty());
    CHECK(clean.error.empty());
}

TEST_CASE("a file with a mistake shows it and exits with 1") {
    const Run broken = run({.paths = {kRoutes + "broken/missing_value.lot"}});
    CHECK(broken.exit == LintExit::Findings);
    CHECK(broken.out.find("error[LOT0103]: BROKER_PORT has no value") != std::string::npos);
    CHECK(broken.out.ends_with("1 error, 0 warnings\n"));
}

TEST_CASE("a path that cannot be read is one line and exit 2") {
    const Run missing = run({.paths = {"/nowhere/a.lot"}});
    CHECK(missing.exit == LintExit::CouldNotRun);
    CHECK(missing.out.empty());
    CHECK(missing.error == "lotmesh lint: cannot read /nowhere/a.lot: No such file or directory\n");
    CHECK(run({}).exit == LintExit::CouldNotRun);
}

TEST_CASE("warnings alone exit with 0 unless they are denied") {
    const Run warned = run_text(kWarned);
    CHECK(warned.exit == LintExit::Clean);
    CHECK(warned.out.find("warning[LOT0501]") != std::string::npos);
    LintOptions denied{.paths = {"-"}};
    REQUIRE(denied.levels.set("warnings", lotmesh::diag::Level::Deny));
    CHECK(run(denied, kWarned).exit == LintExit::Findings);
}

TEST_CASE("standard input is called that") {
    CHECK(run_text("nonsense").out.find("--> <stdin>:1:1") != std::string::npos);
}

TEST_CASE("the folders of nodes side by side are a plan each, and clean") {
    LintOptions options{.paths = {kRoutes + "mesh3"}, .print_plan = true};
    REQUIRE(options.levels.set("warnings", lotmesh::diag::Level::Deny));
    const Run nodes = run(options);
    CHECK(nodes.exit == LintExit::Clean);
    std::size_t plans = 0;
    for (std::size_t at = 0; (at = nodes.out.find("2 links\n", at)) != std::string::npos; ++at)
        ++plans;
    CHECK(plans == 3);
}

TEST_CASE("the files of one folder, and files that are given together, are one plan") {
    const TemporaryFolder folder;
    const std::string text = kWarned;
    folder.write("a.lot", text);
    folder.write("b.lot", text);
    folder.write("deep/c.lot", text);
    const std::string path = folder.path();
    const std::string together = run({.paths = {path}}).out;
    CHECK(together.find("LOT0213") != std::string::npos);
    CHECK(together.find("deep/c.lot:1:6: error") == std::string::npos);
    CHECK(run({.paths = {path + "/deep"}}).exit == LintExit::Clean);
    CHECK(run({.paths = {path + "/a.lot", path + "/deep/c.lot"}}).out.find("LOT0213") !=
          std::string::npos);
}

TEST_CASE("hidden files and folders are not read, as the broker does not read them") {
    const TemporaryFolder folder;
    folder.write(".hidden.lot", "a");
    folder.write(".git/b.lot", "b");
    CHECK(run({.paths = {folder.path()}}).exit == LintExit::Clean);
}

TEST_CASE("a folder gives its route files, then those of the folders in it, in order") {
    const TemporaryFolder folder;
    folder.write("b.lot", "b");
    folder.write("a.lot", "a");
    folder.write("deep/c.lot", "c");
    folder.write("notes.txt", "not a route");
    const std::string out = run({.paths = {folder.path()}}).out;
    const std::size_t a = out.find("/a.lot:1:1");
    const std::size_t b = out.find("/b.lot:1:1");
    const std::size_t c = out.find("/deep/c.lot:1:1");
    CHECK(a < b);
    CHECK(b < c);
    CHECK(c != std::string::npos);
    CHECK(out.ends_with("3 errors, 0 warnings\n"));
}

TEST_CASE("an empty folder is clean") {
    const TemporaryFolder folder;
    CHECK(run({.paths = {folder.path()}}).exit == LintExit::Clean);
}

TEST_CASE("colour and the plan are there only when asked for") {
    CHECK(run({.paths = {"-"}}, "nonsense").out.find('\x1b') == std::string::npos);
    CHECK(run({.paths = {"-"}}, "nonsense", true).out.find('\x1b') != std::string::npos);
    const Run plan = run({.paths = {kRoutes + "pair/node1"}, .print_plan = true});
    CHECK(plan.out.find("link Node1ToNode2\n") != std::string::npos);
}

TEST_CASE("--fix mends the files, says so, and shows what is left") {
    const TemporaryFolder folder;
    const std::string path = folder.write("a.lot", kWarned);
    const Run run_fix = run({.paths = {path}, .fix = true});
    CHECK(run_fix.exit == LintExit::Clean);
    CHECK(run_fix.out.empty());
    CHECK(run_fix.error == "lotmesh lint: mended 1 in " + path + "\n");
    CHECK(folder.read("a.lot").find("WITH BROKER_PORT '1883'") != std::string::npos);
    CHECK(run({.paths = {path}, .fix = true}).error.empty());
}

TEST_CASE("--fix has no use for standard input, and leaves what it cannot mend") {
    const Run piped = run({.paths = {"-"}, .fix = true}, kWarned);
    CHECK(piped.exit == LintExit::CouldNotRun);
    CHECK(piped.error.find("standard input is none") != std::string::npos);
    const TemporaryFolder folder;
    const std::string path = folder.write("a.lot", "nonsense\n");
    CHECK(run({.paths = {path}, .fix = true}).exit == LintExit::Findings);
    CHECK(folder.read("a.lot") == "nonsense\n");
}

TEST_CASE("a notebook's cells are linted by their names, each notebook of a folder for itself") {
    const TemporaryFolder folder;
    const std::string cell =
        "[{\"kind\":2,\"language\":\"lot\",\"value\":\"DEFINE ROUTE A WITH TYPE X\"}]";
    folder.write("one.lotnb", cell);
    folder.write("two.lotnb", cell);
    const Run result = run({.paths = {folder.path()}, .format = lotmesh::diag::Format::Short});
    CHECK(result.exit == LintExit::Findings);
    CHECK(result.out.find("one.lotnb#cell0:1:26: error[LOT0201]") != std::string::npos);
    CHECK(result.out.find("two.lotnb#cell0:1:26: error[LOT0201]") != std::string::npos);
    CHECK(result.out.find("LOT0213") == std::string::npos);
}

TEST_CASE("lint --fix mends a notebook's cells and leaves the rest of it as it was") {
    const TemporaryFolder folder;
    const std::string before =
        "[ {\"kind\":2, \"language\":\"python\", \"value\":\"# x\"},\n"
        "{\"value\":\"# one\\n# two\", \"language\":\"lot\"} ]";
    const std::string path = folder.write("n.lotnb", before);
    const std::string plain = folder.write("plain.lot", "# three\n");
    CHECK(run({.paths = {path, plain}, .fix = true}).exit == LintExit::Clean);
    CHECK(folder.read("n.lotnb") ==
          "[ {\"kind\":2, \"language\":\"python\", \"value\":\"# x\"},\n"
          "{\"value\":\"// one\\n// two\", \"language\":\"lot\"} ]");
    CHECK(folder.read("plain.lot") == "// three\n");
}
