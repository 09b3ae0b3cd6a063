#include <doctest/doctest.h>

#include "tests/unit/cluster/two_nodes.h"

using namespace lotmesh;
using namespace lotmesh::cluster;
using namespace lotmesh::cluster::testing;

namespace {

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a chain is not healthy anywhere: its ends are not linked with each other") {
    Net net;
    TestNode& a = net.add("a", 1);
    TestNode& b = net.add("b", 2);
    TestNode& d = net.add("d", 4);
    net.set_routes(a, {Net::route_to("b")});
    net.set_routes(d, {Net::route_to("b")});
    net.run(Duration::seconds(5));
    CHECK(contains(a.sys("status"), d.config.id.text() + " is linked with peer node-b"));
    CHECK(contains(d.sys("status"), a.config.id.text() + " is linked with peer node-b"));
    CHECK(contains(b.sys("status"), "are not linked with each other"));
    for (const TestNode* node : {&a, &b, &d})
        CHECK(contains(node->sys("status"), "\"status\":\"degraded\""));
    net.set_routes(d, {Net::route_to("b"), Net::route_to("a")});
    net.run(Duration::seconds(5));
    for (const TestNode* node : {&a, &b, &d})
        CHECK(linked(*node));
    net.kill(b);
    net.run(Duration::seconds(5));
    CHECK(contains(a.sys("status"), "partitioned"));
}
