#include "tools/lotmesh/fmt_command.h"

#include <doctest/doctest.h>

#include <sstream>

#include "tests/support/temporary_folder.h"

using namespace lotmesh::tool;
using lotmesh::test::TemporaryFolder;
namespace fs = std::filesystem;

namespace {

const std::string kUntidy = "DEFINE ROUTE A WITH TYPE MQTT_CLUSTER\nADD CLUSTER_CONFIG\n";
const std::string kTidy = "DEFINE ROUTE A WITH TYPE MQTT_CLUSTER\n    ADD CLUSTER_CONFIG\n";
const std::string kBroken = "DEFINE ROUTE A WITH TYPE MQTT_CLUSTER ;\n";

struct Run {
    FmtExit exit = FmtExit::CouldNotRun;
    std::string out;
    std::string error;
};

Run run(const std::vector<std::string>& paths, FmtMode mode = FmtMode::Write,
        const std::string& input = {}) {
    std::istringstream in(input);
    std::ostringstream out;
    std::ostringstream error;
    const FmtExit exit = format_paths({paths, mode}, {in, out, error});
    return {exit, out.str(), error.str()};
}

}  // namespace

TEST_CASE("files that change are replaced and named, with their permissions; others are not") {
    const TemporaryFolder folder;
    const std::string untidy = folder.write("a.lot", kUntidy);
    folder.write("b.lot", kTidy);
    fs::permissions(untidy, fs::perms::owner_read | fs::perms::owner_write);
    const Run first = run({folder.path()});
    CHECK(first.exit == FmtExit::Clean);
    CHECK(first.out == untidy + "\n");
    CHECK(folder.read("a.lot") == kTidy);
    CHECK(fs::status(untidy).permissions() == (fs::perms::owner_read | fs::perms::owner_write));
    CHECK(run({folder.path()}).out.empty());
    CHECK(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()) == 2);
}

TEST_CASE("a link to a file stays a link") {
    const TemporaryFolder folder;
    folder.write("real.txt", kUntidy);
    fs::create_symlink(folder.path("real.txt"), folder.path("a.lot"));
    CHECK(run({folder.path("a.lot")}).exit == FmtExit::Clean);
    CHECK(fs::is_symlink(folder.path("a.lot")));
    CHECK(folder.read("real.txt") == kTidy);
}

TEST_CASE("standard input goes to standard output") {
    const Run piped = run({"-"}, FmtMode::Write, kUntidy);
    CHECK(piped.exit == FmtExit::Clean);
    CHECK(piped.out == kTidy);
    CHECK(run({"-"}, FmtMode::Write, kTidy).out == kTidy);
}

TEST_CASE("--check names what would change and changes nothing") {
    const TemporaryFolder folder;
    const std::string untidy = folder.write("a.lot", kUntidy);
    folder.write("b.lot", kTidy);
    const Run check = run({folder.path()}, FmtMode::Check);
    CHECK(check.exit == FmtExit::Differences);
    CHECK(check.out == untidy + "\n");
    CHECK(folder.read("a.lot") == kUntidy);
    CHECK(run({folder.path("b.lot")}, FmtMode::Check).exit == FmtExit::Clean);
}

TEST_CASE("--diff shows what would change and changes nothing") {
    const TemporaryFolder folder;
    const std::string untidy = folder.write("a.lot", kUntidy);
    const Run diff = run({untidy}, FmtMode::Diff);
    CHECK(diff.exit == FmtExit::Differences);
    CHECK(diff.out.find("-ADD CLUSTER_CONFIG\n+    ADD CLUSTER_CONFIG\n") != std::string::npos);
    CHECK(folder.read("a.lot") == kUntidy);
}

TEST_CASE("a file with mistakes is left alone, and the others are formatted") {
    const TemporaryFolder folder;
    folder.write("a.lot", kBroken);
    folder.write("b.lot", kUntidy);
    const Run mixed = run({folder.path()});
    CHECK(mixed.exit == FmtExit::CouldNotRun);
    CHECK(mixed.error.find("error[LOT0110]") != std::string::npos);
    CHECK(folder.read("a.lot") == kBroken);
    CHECK(folder.read("b.lot") == kTidy);
}

TEST_CASE("what cannot be read is one line") {
    const Run missing = run({"/nowhere/a.lot"});
    CHECK(missing.exit == FmtExit::CouldNotRun);
    CHECK(missing.error == "lotmesh fmt: cannot read /nowhere/a.lot: No such file or directory\n");
}
