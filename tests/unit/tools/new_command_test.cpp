#include "tools/lotmesh/new_command.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <sstream>

#include "runtime/access/text.h"
#include "tests/support/temporary_folder.h"
#include "tools/lotmesh/command_line.h"
#include "tools/lotmesh/lint_command.h"

using namespace lotmesh;
using namespace lotmesh::tool;
namespace fs = std::filesystem;

namespace {

std::vector<NewNode> nodes_of(const std::string& text, bool tls = false) {
    const auto nodes = parse_new_nodes({.folder = {}, .nodes = text, .tls = tls});
    REQUIRE(nodes);
    return *nodes;
}

std::string error_of(const std::string& text) {
    const auto nodes = parse_new_nodes({.folder = {}, .nodes = text});
    return nodes ? "" : nodes.error();
}

constexpr std::int64_t kNow_s = 1'800'000'000;

}  // namespace

TEST_CASE("nodes of a new cluster are beside each other, or each on its own host") {
    CHECK(nodes_of("a,b") == std::vector<NewNode>{{"a", "", 1883}, {"b", "", 1884}});
    CHECK(nodes_of("a,b", true) == std::vector<NewNode>{{"a", "", 8883}, {"b", "", 8884}});
    CHECK(nodes_of("a=10.0.0.1,b=b.example") ==
          std::vector<NewNode>{{"a", "10.0.0.1", 1883}, {"b", "b.example", 1883}});
}

TEST_CASE("a new cluster may have other ports") {
    const auto nodes = parse_new_nodes({.folder = {}, .nodes = "a,b,c=10.0.0.3", .port = 18'841});
    REQUIRE(nodes);
    CHECK(*nodes ==
          std::vector<NewNode>{{"a", "", 18'841}, {"b", "", 18'842}, {"c", "10.0.0.3", 18'841}});
}

TEST_CASE("names and hosts that cannot be are refused with which") {
    CHECK(error_of("").starts_with("\"\" is no name of a node"));
    CHECK(error_of("a,,b").starts_with("\"\" is no name of a node"));
    CHECK(error_of("a,../b").starts_with("\"../b\" is no name of a node"));
    CHECK(error_of("1a").starts_with("\"1a\" is no name of a node"));
    CHECK(error_of(std::string(41, 'a')).contains("is no name of a node"));
    CHECK(error_of(std::string(40, 'a')).empty());
    CHECK(error_of("a,b,a") == "there are two nodes of the name a");
    CHECK(error_of("a=") == "\"\" is no host");
    CHECK(error_of("a=x\"y") == "\"x\"y\" is no host");
}

TEST_CASE("a new cluster has up to a hundred nodes") {
    std::string names = "n0";
    for (std::size_t i = 1; i < kNewNodesMax; ++i)
        names += ",n" + std::to_string(i);
    CHECK(nodes_of(names).size() == kNewNodesMax);
    CHECK(error_of(names + ",more") == "more than 100 nodes");
}

TEST_CASE("each node gets its configuration, its routes and the common password") {
    const NewClusterOptions options{.folder = "x", .nodes = "a,b"};
    const auto files = new_cluster_files(options, nodes_of("a,b"), "pass", kNow_s);
    REQUIRE(files.size() == 6);
    CHECK(files.at("a/cluster-credentials") == "cluster:pass\n");
    CHECK(files.at("a/node.toml").contains("listen = \"127.0.0.1:1883\"\n"));
    CHECK(files.at("b/routes.lot").contains("WITH BROKER_PORT '1883'"));
    CHECK(files.at("b/routes.lot").contains("WITH PASSWORD \"pass\""));
    CHECK_FALSE(files.at("b/routes.lot").contains("USE_TLS"));
}

TEST_CASE("with TLS there are certificates for listeners and links, and one authority") {
    const NewClusterOptions options{.folder = "x", .nodes = "a,b", .tls = true};
    const auto files = new_cluster_files(options, nodes_of("a,b", true), "pass", kNow_s);
    CHECK(files.at("a/tls/ca.pem") == files.at("ca/ca.pem"));
    CHECK(files.at("ca/ca.key").starts_with("-----BEGIN PRIVATE KEY-----"));
    CHECK(files.at("a/tls/node.key") != files.at("b/tls/node.key"));
    CHECK(files.at("a/tls/link.pem").contains("PRIVATE KEY"));
    CHECK(files.at("a/node.toml").contains("listen = \"tls://127.0.0.1:8883\"\n"));
    CHECK(files.at("a/routes.lot").contains("WITH USE_TLS true"));
    CHECK_FALSE(files.at("a/routes.lot").contains("PASSWORD"));
    CHECK_FALSE(files.contains("a/cluster-credentials"));
    const auto rules = access::read_rules(files.at("a/rules.acl"));
    REQUIRE(rules);
    CHECK(rules->rules.size() == 4);
}

TEST_CASE("what is written has nothing that lint --cluster would say, and is for its owner alone") {
    const test::TemporaryFolder folder;
    const std::string path = folder.path("plant");
    const NewClusterOptions options{
        .folder = path, .nodes = "a=10.0.0.1,b=10.0.0.2,c=10.0.0.3", .tls = true};
    CHECK(run_new_cluster(options) == 0);
    for (const auto& entry : fs::recursive_directory_iterator(path)) {
        const fs::perms others =
            fs::status(entry).permissions() & (fs::perms::group_all | fs::perms::others_all);
        CHECK_MESSAGE(others == fs::perms::none, entry.path().string());
    }
    const Command lint = parse_command_line({"lint", "--cluster", path, "--deny-warnings"});
    CHECK(run_lint(std::get<LintOptions>(lint)) == 0);
    const Command serve = parse_command_line({"serve", "--config", path + "/a/node.toml"});
    const auto config = to_config(std::get<ServeOptions>(serve));
    REQUIRE(config);
    CHECK(config->routes == path + "/a/.");
    CHECK(config->tls.identities[0].certificate == path + "/a/tls/node.pem");
    // Nothing is written over.
    CHECK(run_new_cluster(options) == 1);
}
