#include "compiler/topology/live.h"

#include <doctest/doctest.h>

#include "compiler/cluster.h"
#include "tests/unit/compiler/cluster_text.h"
#include "tests/unit/compiler/golden.h"

using namespace lotmesh;
using namespace lotmesh::test;

namespace {

constexpr const char* kStatus = R"({"status":"healthy","uuid":"u1","name":"a"})";
constexpr const char* kNodes =
    R"({"routes":[{"route":"aTob","address":"10.0.0.2","port":1883,"client_id":"a-to-b","state":"up"}],)"
    R"("peers":[{"name":"b","state":"up","links":[{"state":"up-primary","rtt_us":850}]}]})";
constexpr const char* kSync = R"({"peers":[{"name":"b","lag_records":4,"lag_bytes":512}]})";

}  // namespace

TEST_CASE("what a node retains about its cluster is read") {
    const auto node = topology::read_live(kStatus, kNodes, kSync);
    REQUIRE(node);
    CHECK(node->name == "a");
    CHECK(node->status == "healthy");
    REQUIRE(node->links.size() == 1);
    CHECK(node->links[0].is_up());
    CHECK(node->links[0].rtt_us == 850);
    CHECK(node->links[0].queued == 4);
    CHECK(node->links[0].queued_bytes == 512);
    CHECK(node->routes ==
          std::vector<topology::LiveRoute>{{"aTob", "10.0.0.2", "1883", "a-to-b", "up"}});
}

TEST_CASE("what is strange in an answer is left out, and what is no JSON is told") {
    CHECK_FALSE(topology::read_live("", kNodes, kSync));
    CHECK_FALSE(topology::read_live(kStatus, "[]", kSync));
    const auto odd = topology::read_live(R"({"name":7})", R"({"peers":["x",{"name":"\u001b[2J"}]})",
                                         R"({"peers":3})");
    REQUIRE(odd);
    CHECK(odd->name == "7");
    REQUIRE(odd->links.size() == 2);
    CHECK(odd->links[1].peer == "\\x1b[2J");
}

TEST_CASE("a node that does not answer, or is another one, has drifted") {
    ClusterOptions options;
    topology::LiveNode other;
    other.name = "z";
    options.answers = {{"a", failure(std::string("10.0.0.1:1883: refused"))}, {"b", other}};
    const std::vector<std::string> said =
        summaries(check_cluster(cluster_of("ab", {"ab", "ba"}), options).report);
    REQUIRE(said.size() == 3);
    CHECK(said[0].find("node `a` does not answer | 10.0.0.1:1883: refused") != std::string::npos);
    CHECK(said[1].find("the node that answers calls itself `z`") != std::string::npos);
    CHECK(said[2].find("node `b` does not run this route") != std::string::npos);
}
