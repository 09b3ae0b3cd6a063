// `lotmesh lint --cluster`.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include <sstream>

#include "tests/support/temporary_folder.h"
#include "tools/lotmesh/cluster_folders.h"
#include "tools/lotmesh/lint_command.h"

using namespace lotmesh::tool;
using lotmesh::diag::Format;
using lotmesh::diag::Level;
using lotmesh::test::TemporaryFolder;

namespace {

const std::string kGolden = LOTMESH_SOURCE_DIR "/tests/golden/cluster/";

struct Run {
    LintExit exit = LintExit::CouldNotRun;
    std::string out;
    std::string error;
};

Run run(const LintOptions& options) {
    std::istringstream in;
    std::ostringstream out;
    std::ostringstream error;
    const LintExit exit = lint(options, {}, {in, out, error});
    return {exit, out.str(), error.str()};
}

LintOptions warned(Format format = Format::Text) {
    return {.format = format, .cluster = kGolden + "22-no-direct-link/fail"};
}

}  // namespace

TEST_CASE("lint of a cluster exits with 0, 1 and 2") {
    CHECK(run({.cluster = kGolden + "06-islands/pass"}).exit == LintExit::Clean);
    CHECK(run({.cluster = kGolden + "06-islands/pass"}).out.empty());
    CHECK(run({.cluster = kGolden + "06-islands/fail"}).exit == LintExit::Findings);
    const Run missing = run({.cluster = "/nowhere"});
    CHECK(missing.exit == LintExit::CouldNotRun);
    CHECK(missing.error == "lotmesh lint: cannot read /nowhere: No such file or directory\n");
    const TemporaryFolder empty;
    CHECK(run({.cluster = empty.path()}).error.find("holds no folder of a node") !=
          std::string::npos);
}

TEST_CASE("findings about a cluster are let pass and denied like others") {
    CHECK(run(warned()).exit == LintExit::Clean);
    LintOptions denied = warned();
    REQUIRE(denied.levels.set("cluster", Level::Deny));
    CHECK(run(denied).exit == LintExit::Findings);
    CHECK(run(denied).out.find("error[LOT0622]") != std::string::npos);
    LintOptions allowed = warned();
    REQUIRE(allowed.levels.set("LOT0622", Level::Allow));
    CHECK(run(allowed).out.empty());
    LintOptions note{.cluster = kGolden + "05-one-way-link/fail"};
    REQUIRE(note.levels.set("LOT0605", Level::Warn));
    CHECK(run(note).out.find("warning[LOT0605]") != std::string::npos);
}

TEST_CASE("findings about a cluster come in all formats, each with its file") {
    CHECK(run(warned(Format::Short)).out.find("/node-a/peers.lot:1:11: warning[LOT0622]: ") !=
          std::string::npos);
    const auto json = nlohmann::json::parse(run(warned(Format::Json)).out);
    CHECK(json["diagnostics"][0]["code"] == "LOT0622");
    CHECK(nlohmann::json::parse(run(warned(Format::Sarif)).out)["version"] == "2.1.0");
    CHECK(run(warned(Format::Github)).out.starts_with("::warning "));
    CHECK(run(warned(Format::Junit)).out.find("LOT0622") != std::string::npos);
}

TEST_CASE("with --deploy a reference that its node does not have is an error") {
    LintOptions options{.cluster = kGolden + "15-undeclared-reference/fail"};
    CHECK(run(options).exit == LintExit::Clean);
    options.deploy = true;
    CHECK(run(options).exit == LintExit::Findings);
}

TEST_CASE("with --deploy a certificate that is not on this machine is an error") {
    const TemporaryFolder folder;
    folder.write("a/peers.lot",
                 "//! node: a listen: 10.0.0.1:1883\n"
                 "DEFINE ROUTE AToB WITH TYPE MQTT_CLUSTER\n    ADD CLUSTER_CONFIG\n"
                 "        WITH BROKER_ADDRESS \"10.0.0.2\"\n        WITH BROKER_PORT '8883'\n"
                 "        WITH CLIENT_ID \"a-to-b\"\n        WITH USE_TLS true\n"
                 "        WITH SERVER_CA_CERT_PATH \"/nowhere/lotmesh/ca.pem\"\n");
    folder.write("b/node.toml", "listen = \"10.0.0.2:8883 tls\"\n");
    LintOptions options{.cluster = folder.path()};
    CHECK(run(options).out.find("note[LOT0610]") != std::string::npos);
    CHECK(run(options).exit == LintExit::Clean);
    options.deploy = true;
    CHECK(run(options).out.find("error[LOT0610]") != std::string::npos);
    CHECK(run(options).exit == LintExit::Findings);
}

TEST_CASE("a cluster's folder gives its nodes by name; hidden and deeper ones are not read") {
    const TemporaryFolder folder;
    folder.write("b/z.lot", "");
    folder.write("b/a.lot", "");
    folder.write("b/deep/c.lot", "");
    folder.write("a/node.toml", "listen = 1883\n");
    folder.write(".git/x.lot", "");
    folder.write("notes/readme.txt", "");
    folder.write("top.lot", "");
    const auto nodes = read_cluster_folders(folder.path());
    REQUIRE(nodes);
    REQUIRE(nodes->size() == 2);
    CHECK(nodes->at(0).name == "a");
    CHECK(nodes->at(0).declaration->text == "listen = 1883\n");
    REQUIRE(nodes->at(1).files.size() == 2);
    CHECK(nodes->at(1).files[0].name == folder.path("b/a.lot"));
}
