#include "compiler/topology/trace.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "compiler/cluster.h"
#include "tests/unit/compiler/cluster_text.h"

using namespace lotmesh;
using namespace lotmesh::test;
using topology::TraceQuestion;

namespace {

topology::Model chain() { return check_cluster(cluster_of("abc", {"ab", "cb"})).model; }

std::string error_of(const TraceQuestion& question) {
    const auto traced = topology::trace(chain(), question);
    return traced ? std::string() : traced.error();
}

}  // namespace

TEST_CASE("a message goes over one link, whoever dials, and no further") {
    const topology::Model model = chain();
    const auto middle = topology::trace(model, {"b", "plant/x"});
    REQUIRE(middle);
    CHECK(middle->all_hear());
    CHECK(topology::trace_text(model, *middle) ==
          "plant/x, published on b:\n\n"
          "    b -> a  over aTob (a dials)\n"
          "    b -> c  over cTob (c dials)\n"
          "\n2 of 2 other nodes hear it.\n");
    const auto end = topology::trace(model, {"a", "plant/x"});
    REQUIRE(end);
    CHECK_FALSE(end->all_hear());
    CHECK(topology::trace_text(model, *end).find("    a  x c  no link with a\n") !=
          std::string::npos);
}

TEST_CASE("for a node that is away the message waits as long as the route says") {
    const topology::Model model = chain();
    const auto traced = topology::trace(model, {"b", "t", {"c"}});
    REQUIRE(traced);
    CHECK(traced->all_hear());
    const std::string text = topology::trace_text(model, *traced);
    CHECK(text.find("b .. c  away: the message waits 60 seconds") != std::string::npos);
    CHECK(text.find("1 of 2 other nodes hear it.") != std::string::npos);
    const auto json = nlohmann::json::parse(topology::trace_json(model, *traced));
    CHECK(json["nodes"][1]["fate"] == "waiting");
    CHECK(json["nodes"][1]["waits_sec"] == 60);
    CHECK(json["nodes"][0]["routes"][0] == "aTob");
}

TEST_CASE("a link that cannot come up carries nothing") {
    std::vector<NodeFolder> folders = cluster_of("ab", {"ba"});
    folders[0].files[0].text = pragma("a", "10.0.0.1:1883 tls");
    const topology::Model model = check_cluster(folders).model;
    CHECK_FALSE(topology::trace(model, {"a", "t"})->all_hear());
}

TEST_CASE("questions that have no answer say why") {
    CHECK(error_of({"zzz", "t"}).find("there is no node zzz: expected `a`, `b` or `c`") == 0);
    CHECK(error_of({"a", "plant/#"}).find("no topic") != std::string::npos);
    CHECK(error_of({"a", "$SYS/x"}).find("begin with $") != std::string::npos);
    CHECK(error_of({"a", "t", {"a"}}).find("cannot be away") != std::string::npos);
    CHECK(error_of({"a", "t", {"x"}}).find("there is no node x") == 0);
}
