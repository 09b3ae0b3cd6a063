#include "tools/lotmesh/explain_command.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <sstream>

#include "tools/lotmesh/command_line.h"

using namespace lotmesh;
using namespace lotmesh::tool;

namespace {

struct Run {
    ExplainExit exit;
    std::string out;
    std::string error;
};

Run run(const std::vector<std::string>& codes) {
    std::ostringstream out;
    std::ostringstream error;
    const ExplainExit exit = explain({codes}, out, error);
    return {exit, out.str(), error.str()};
}

}  // namespace

TEST_CASE("a code is explained however it is written") {
    const Run page = run({"LOT0302"});
    CHECK(page.exit == ExplainExit::Explained);
    CHECK(page.out.starts_with("LOT0302: value out of range (error, group values)\n\n"));
    CHECK(page.out.find("error[LOT0302]") != std::string::npos);
    CHECK(page.error.empty());
    for (const char* code : {"lot0302", "0302"})
        CHECK(run({code}).out == page.out);
}

TEST_CASE("several codes are explained in their order, an empty line between") {
    const Run both = run({"0506", "0101"});
    CHECK(both.exit == ExplainExit::Explained);
    CHECK(both.out == run({"0506"}).out + "\n" + run({"0101"}).out);
}

TEST_CASE("without a code all are listed by group") {
    const Run list = run({});
    CHECK(list.exit == ExplainExit::Explained);
    CHECK(list.out.starts_with("input: what a file is\n    LOT0001  file is too large\n"));
    CHECK(list.out.find("    LOT0511  ") != std::string::npos);
    CHECK(list.error.empty());
}

TEST_CASE("an unknown code is one line with a suggestion, and nothing is explained") {
    const Run near = run({"LOT0302", "LOT0320"});
    CHECK(near.exit == ExplainExit::UnknownCode);
    CHECK(near.out.empty());
    CHECK(near.error == "lotmesh explain: there is no code `LOT0320`, did you mean `LOT0220`?\n");
    CHECK(run({"302"}).error.ends_with("did you mean `LOT0302`?\n"));
    CHECK(run({"L0T0302"}).error.ends_with("did you mean `LOT0302`?\n"));
    for (const char* code : {"", "port", "999", "LOT0999", "LOT99999999", "7777777"}) {
        CAPTURE(code);
        const Run far = run({code});
        CHECK(far.exit == ExplainExit::UnknownCode);
        CHECK(far.error.ends_with("`: `lotmesh explain` alone lists them all\n"));
        CHECK(std::ranges::count(far.error, '\n') == 1);
    }
}

TEST_CASE("the command line takes codes after explain, or none") {
    const Command some = parse_command_line({"explain", "LOT0302", "0506"});
    REQUIRE(std::holds_alternative<ExplainOptions>(some));
    CHECK(std::get<ExplainOptions>(some).codes == std::vector<std::string>{"LOT0302", "0506"});
    CHECK(std::get<ExplainOptions>(parse_command_line({"explain"})).codes.empty());
    CHECK(std::get<Finish>(parse_command_line({"explain", "--nosuch"})).exit_code == 2);
    CHECK(std::get<Finish>(parse_command_line({"explain", "--help"})).exit_code == 0);
}
