#include "compiler/topology/model.h"

#include <doctest/doctest.h>

#include <fmt/core.h>

#include "compiler/cluster.h"
#include "compiler/topology/shape.h"
#include "tests/unit/compiler/cluster_text.h"
#include "tests/unit/compiler/golden.h"

using namespace lotmesh;
using namespace lotmesh::test;
using topology::Aim;
using topology::NodePair;

namespace {

// Where the only route of node a leads: "b:0" is b's first listener.
std::string aim(const std::string& listen_a, const std::string& listen_b,
                const std::string& address, const std::string& toml_b = {}) {
    std::vector<NodeFolder> folders = {
        {.name = "a", .files = {{"a.lot", pragma("a", listen_a) + route("a", "b", address)}}},
        {.name = "b", .files = {{"b.lot", toml_b.empty() ? pragma("b", listen_b) : ""}}}};
    if (!toml_b.empty()) folders[1].declaration = SourceText{"node.toml", toml_b};
    const ClusterResult result = check_cluster(folders);
    REQUIRE(result.model.links.size() == 1);
    const topology::Target& target = result.model.links[0].target;
    if (target.aim != Aim::Node) return target.aim == Aim::Nobody ? "nobody" : "unknown";
    return fmt::format("{}:{}", result.model.nodes[target.node].name, target.listener);
}

}  // namespace

TEST_CASE("a route leads to the listener that has its address and port") {
    CHECK(aim("10.0.0.1:1883", "10.0.0.2:1883", "10.0.0.2") == "b:0");
    CHECK(aim("10.0.0.1:1883", "10.0.0.2:8883 tls, 10.0.0.2:1883", "10.0.0.2") == "b:1");
    CHECK(aim("10.0.0.1:1883", "b.example:1883", "B.Example") == "b:0");
    CHECK(aim("10.0.0.1:1883", "[fd00::2]:1883", "fd00::2") == "b:0");
    CHECK(aim("10.0.0.1:1883", "10.0.0.2:1884", "10.0.0.2") == "nobody");
    CHECK(aim("10.0.0.1:1883", "10.0.0.2:1883", "10.0.0.3") == "nobody");
}

TEST_CASE("a listener on all addresses answers to its node's names") {
    CHECK(aim("10.0.0.1:1883", "0.0.0.0:1883", "b") == "b:0");
    CHECK(aim("10.0.0.1:1883", "1883", "b") == "b:0");
    CHECK(aim("10.0.0.1:1883", "0.0.0.0:1883", "10.0.0.2") == "nobody");
    CHECK(aim("10.0.0.1:1883", "", "10.0.0.2",
              "listen = 1883\nhosts = [\"10.0.0.2\", \"b.example\"]\n") == "b:0");
}

TEST_CASE("a loopback address leads to a node of the same machine, to oneself first") {
    CHECK(aim("127.0.0.1:18831", "127.0.0.1:1883", "localhost") == "b:0");
    CHECK(aim("0.0.0.0:18831", "0.0.0.0:1883", "127.0.0.1") == "b:0");
    CHECK(aim("0.0.0.0:1883", "0.0.0.0:1883", "127.0.0.1") == "a:0");
    CHECK(aim("10.0.0.1:18831", "10.0.0.2:1883, 127.0.0.1:1883", "127.0.0.1") == "nobody");
    CHECK(aim("10.0.0.1:18831", "10.0.0.1:18832, 127.0.0.1:1883", "127.0.0.1") == "b:1");
}

TEST_CASE("an address behind a reference is known where its node says so") {
    const std::string by_env =
        "DEFINE ROUTE R WITH TYPE MQTT_CLUSTER ADD CLUSTER_CONFIG WITH BROKER_ADDRESS GET ENV "
        "\"PEER\" WITH BROKER_PORT '1883' WITH CLIENT_ID \"a-b\"\n";
    std::vector<NodeFolder> folders = {
        {.name = "a",
         .files = {{"a.lot", by_env}},
         .declaration = SourceText{"node.toml", "listen = [1883]\n"}},
        {.name = "b", .files = {{"b.lot", pragma("b", "10.0.0.2:1884")}}}};
    const ClusterResult unknown = check_cluster(folders);
    CHECK(unknown.model.links[0].target.aim == Aim::Unknown);
    folders[0].declaration->text += "env = [\"PEER=10.0.0.2\"]\n";
    const ClusterResult known = check_cluster(folders);
    CHECK(known.model.links[0].target.aim == Aim::Nobody);
    const std::string all = summaries(known.report).front();
    CHECK(all.find("no node of this cluster listens on GET ENV \"PEER\":1883") !=
          std::string::npos);
    CHECK(all.find("10.0.0.2") == std::string::npos);
}

TEST_CASE("parts, cuts and pairs of a chain, a star, a ring and a mesh") {
    const auto model = [](const std::vector<std::string>& links) {
        return check_cluster(cluster_of("abcde", links)).model;
    };
    const topology::Model chain = model({"ab", "bc", "cd", "de"});
    CHECK(topology::find_cuts(chain).nodes == std::vector<std::size_t>{1, 2, 3});
    CHECK(topology::find_cuts(chain).links.size() == 4);
    CHECK(topology::unlinked_pairs(chain).size() == 6);
    const topology::Model star = model({"ab", "ac", "ad", "ae"});
    CHECK(topology::find_cuts(star).nodes == std::vector<std::size_t>{0});
    const topology::Model ring = model({"ab", "bc", "cd", "de", "ea"});
    CHECK(topology::find_cuts(ring).nodes.empty());
    CHECK(topology::find_cuts(ring).links.empty());
    CHECK(topology::unlinked_pairs(ring).size() == 5);
    const topology::Model bow_tie = model({"ab", "bc", "ca", "cd", "de", "ec"});
    CHECK(topology::find_cuts(bow_tie).nodes == std::vector<std::size_t>{2});
    CHECK(topology::find_cuts(bow_tie).links.empty());
    const topology::Model parts = model({"ab", "cd"});
    CHECK(topology::islands(parts) == std::vector<std::vector<std::size_t>>{{0, 1}, {2, 3}, {4}});
    CHECK(topology::neighbours(parts)[1] == std::vector<std::size_t>{0});
    CHECK(topology::unlinked_pairs(model({"ab", "bc"})) == std::vector<NodePair>{{0, 2}});
}

TEST_CASE("two triangles that one link joins are cut by it, and it is told once") {
    const ClusterResult result =
        check_cluster(cluster_of("abcdef", {"ab", "bc", "ca", "de", "ef", "fd", "cd"}));
    std::size_t cuts = 0;
    for (const diag::Diagnostic& diagnostic : result.report.diagnostics)
        if (diagnostic.code == diag::Code::SinglePointOfFailure) ++cuts;
    CHECK(cuts == 2);  // both ends of the link; the link itself says nothing more
}

TEST_CASE("as many nodes as may be are looked at, and one more is told") {
    ClusterOptions options;
    options.limits.cluster_nodes_max = 2;
    const std::vector<NodeFolder> three = cluster_of("abc", {"ab", "ba"});
    CHECK(check_cluster(std::span(three).first(2), options).ok);
    const ClusterResult more = check_cluster(three, options);
    CHECK(more.model.nodes.size() == 2);
    CHECK(summaries(more.report).front().find("there are more than 2 nodes | 1 were not") !=
          std::string::npos);
}

TEST_CASE("of a cluster a comment lets findings pass, and alone a file says nothing about that") {
    const std::string text =
        pragma("a", "10.0.0.1:1883") + "// lot: allow(LOT0603)\n" + route("a", "b", "10.9.9.9");
    const SourceText file{"a.lot", text};
    CHECK(compile({&file, 1}).report.diagnostics.empty());
    const std::vector<NodeFolder> one = {{.name = "a", .files = {file}}};
    CHECK(check_cluster(one).report.diagnostics.empty());
    const std::vector<NodeFolder> unused = {
        {.name = "a",
         .files = {{"a.lot", pragma("a", "1883") + "// lot: allow(LOT0608)\n" +
                                 route("a", "b", "10.9.9.9")}}}};
    const std::vector<std::string> said = summaries(check_cluster(unused).report);
    CHECK(said.size() == 2);
    CHECK(said.front().starts_with("LOT0510 "));
}
