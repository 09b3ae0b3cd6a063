#include "tools/lotmesh/trace_command.h"

#include <doctest/doctest.h>

#include <sstream>

using namespace lotmesh::tool;

namespace {

const std::string kGolden = LOTMESH_SOURCE_DIR "/tests/golden/cluster/";

struct Run {
    TraceExit exit = TraceExit::CouldNotRun;
    std::string out;
    std::string error;
};

Run run(const TraceOptions& options) {
    std::ostringstream out;
    std::ostringstream error;
    const TraceExit exit = trace(options, out, error);
    return {exit, out.str(), error.str()};
}

}  // namespace

TEST_CASE("trace exits with 0 where all hear, 1 where not all do, 2 where it cannot run") {
    const Run all = run({.folder = kGolden + "06-islands/pass", .from = "a", .topic = "t"});
    CHECK(all.exit == TraceExit::AllHear);
    CHECK(all.out.find("3 of 3 other nodes hear it.") != std::string::npos);
    const Run chain =
        run({.folder = kGolden + "07-single-point-of-failure/fail", .from = "a", .topic = "t"});
    CHECK(chain.exit == TraceExit::Unheard);
    CHECK(chain.out.find("no further") != std::string::npos);
    const Run nobody = run({.folder = kGolden + "06-islands/pass", .from = "x", .topic = "t"});
    CHECK(nobody.exit == TraceExit::CouldNotRun);
    CHECK(nobody.out.empty());
    CHECK(run({.folder = "/nowhere", .from = "a", .topic = "t"}).exit == TraceExit::CouldNotRun);
}

TEST_CASE("trace says where errors in the files may hide a link") {
    const Run parts = run({.folder = kGolden + "06-islands/fail",
                           .from = "a",
                           .topic = "t",
                           .without = {},
                           .format = TraceFormat::Json});
    CHECK(parts.error.find("lotmesh lint --cluster") != std::string::npos);
    CHECK(parts.out.find("\"fate\": \"unheard\"") != std::string::npos);
}
