#include "tools/lotmesh/graph_command.h"

#include <doctest/doctest.h>

#include <sstream>

#include "tests/support/temporary_folder.h"

using namespace lotmesh::tool;
using lotmesh::test::TemporaryFolder;
using lotmesh::topology::Drawing;

namespace {

const std::string kGolden = LOTMESH_SOURCE_DIR "/tests/golden/cluster/";

struct Run {
    GraphExit exit = GraphExit::CouldNotRun;
    std::string out;
    std::string error;
};

Run run(const GraphOptions& options) {
    std::ostringstream out;
    std::ostringstream error;
    const GraphExit exit = graph(options, out, error);
    return {exit, out.str(), error.str()};
}

}  // namespace

TEST_CASE("graph draws a folder of nodes and exits with 0") {
    const Run drawn = run({.folder = kGolden + "06-islands/pass"});
    CHECK(drawn.exit == GraphExit::Drawn);
    CHECK(drawn.out.starts_with("4 nodes, 6 links\n"));
    CHECK(drawn.error.empty());
    CHECK(run({.folder = kGolden + "06-islands/pass", .drawing = Drawing::Svg})
              .out.starts_with("<svg "));
}

TEST_CASE("graph draws what has errors as far as it goes, says so and exits with 1") {
    const Run drawn = run({.folder = kGolden + "06-islands/fail"});
    CHECK(drawn.exit == GraphExit::Incomplete);
    CHECK(drawn.out.starts_with("4 nodes, 2 links\n"));
    CHECK(drawn.error.find("lotmesh lint --cluster " + kGolden) != std::string::npos);
}

TEST_CASE("graph exits with 2 and one line where there is nothing to draw") {
    const TemporaryFolder empty;
    for (const std::string& folder : {empty.path(), std::string("/nowhere")}) {
        const Run nothing = run({.folder = folder});
        CHECK(nothing.exit == GraphExit::CouldNotRun);
        CHECK(nothing.out.empty());
        CHECK(nothing.error.find('\n') == nothing.error.size() - 1);
    }
}
