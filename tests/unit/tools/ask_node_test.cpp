#include "tools/lotmesh/ask_node.h"

#include <sstream>

#include "tests/unit/tools/scripted_broker.h"
#include "tools/lotmesh/graph_command.h"

using namespace lotmesh;
using namespace lotmesh::tool;
using lotmesh::test::retaining;
using lotmesh::test::ScriptedBroker;

namespace {

ScriptedBroker::Script node_a() {
    return retaining(
        {{"$SYS/broker/cluster/status", R"({"status":"healthy","name":"a"})"},
         {"$SYS/broker/cluster/nodes",
          R"({"peers":[{"name":"b","state":"up","links":[{"state":"up","rtt_us":900}]}]})"},
         {"$SYS/broker/cluster/sync", R"({"peers":[{"name":"b","lag_records":2}]})"}});
}

}  // namespace

TEST_CASE("a running node is asked, and drawn where there are no files") {
    ScriptedBroker broker(node_a());
    std::ostringstream out;
    std::ostringstream error;
    CHECK(graph({.folder = {}, .live = {broker.where}}, out, error) == GraphExit::Drawn);
    CHECK(out.str().find("a  (healthy)\n    <-> b  in no file; 0.9 ms, 2 queued\n") !=
          std::string::npos);
}

TEST_CASE("a broker that tells nothing about a cluster is named") {
    ScriptedBroker broker(retaining({}));
    const auto node = ask_node(broker.where);
    REQUIRE_FALSE(node);
    CHECK(node.error().starts_with(to_string(broker.where) + ": "));
    std::ostringstream out;
    std::ostringstream error;
    CHECK(graph({.folder = {}, .live = {broker.where}}, out, error) == GraphExit::CouldNotRun);
}

TEST_CASE("nodes are asked at their listener for plain text") {
    ScriptedBroker broker(node_a());
    topology::Model model;
    model.nodes.resize(2);
    model.nodes[0].name = "a";
    model.nodes[0].declaration.listeners = {
        {{"10.0.0.1", 8883}, topology::Transport::Tls, {}},
        {{"", broker.where.port}, topology::Transport::Plain, {}}};
    model.nodes[1].name = "b";
    const std::vector<topology::Answer> answers = ask_nodes(model);
    REQUIRE(answers.size() == 2);
    REQUIRE(answers[0].live);
    CHECK(answers[0].live->name == "a");
    CHECK(answers[1].live.error() == "it has no listener for plain text");
}
