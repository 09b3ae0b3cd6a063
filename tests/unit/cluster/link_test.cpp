#include <doctest/doctest.h>

#include "tests/unit/cluster/two_nodes.h"

using namespace lotmesh;
using namespace lotmesh::cluster;
using namespace lotmesh::cluster::testing;

TEST_CASE("two nodes link over one route and pass a QoS 1 message in both directions") {
    Net net;
    TestNode& a = net.add("a", 1);
    TestNode& b = net.add("b", 2);
    net.set_routes(a, {Net::route_to("b")});
    a.subscribe("to/a", net.now());
    b.subscribe("to/b", net.now());
    REQUIRE(net.run_until([&] { return linked(a) && linked(b); }, Duration::seconds(5)));

    CHECK(net.publish(a, "to/b", "1") == broker::Forwarded::Accepted);
    CHECK(net.publish(b, "to/a", "2") == broker::Forwarded::Accepted);
    CHECK(net.publish(a, "elsewhere", "3") == broker::Forwarded::Nowhere);
    net.settle();
    CHECK(b.broker.delivered == std::vector<Delivered>{{"to/b", "1", 1}});
    CHECK(a.broker.delivered == std::vector<Delivered>{{"to/a", "2", 1}});
}
