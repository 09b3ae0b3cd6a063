// apply(plan(a, b)) == load(b): a node that came to a plan over others is where one is that began
// with it.
#include <doctest/doctest.h>

#include <set>

#include "base/rng.h"
#include "tests/unit/cluster/two_nodes.h"

using namespace lotmesh;
using namespace lotmesh::cluster;
using namespace lotmesh::cluster::testing;

namespace {

// No change to what cannot work, which leaves the old link in place until it does (make before
// break). At most one route to each host: of two that lead to one peer the first one wins,
// whichever it is.
std::vector<ir::Link> random_routes(Rng& rng) {
    std::vector<ir::Link> routes;
    for (const char* const host : {"a", "b", "nobody"}) {
        if (rng.below(4) == 0) continue;
        const std::string name = (rng.below(2) == 0 ? "to_" : "link_") + std::string(host);
        ir::Link link = Net::route_to(host, name);
        if (rng.below(3) == 0) link.client_id += "_other";
        link.message_validity_sec = 10 + static_cast<std::uint32_t>(rng.below(3));
        link.overload.policy = static_cast<ir::OverloadPolicy>(rng.below(3));
        routes.push_back(std::move(link));
    }
    return routes;
}

// What a node makes of its plan, as far as it does not depend on who dials whom first.
std::vector<std::string> outcome(const TestNode& node) {
    std::vector<std::string> lines;
    for (const RouteReport& route : node.cluster->route_reports())
        lines.push_back(route.name + " " + route.address + " " + route.label + " " +
                        std::string(is_up(route.state) ? "up" : name(route.state)));
    return lines;
}

struct Cluster3 {
    Net net;
    TestNode& a = net.add("a", 1);
    TestNode& b = net.add("b", 2);
    TestNode& node = net.add("node", 3);

    Cluster3() {
        a.subscribe("#", net.now());
        b.subscribe("#", net.now());
    }
    void settle() { net.run(Duration::seconds(12)); }
    // Who hears what is published at the node.
    std::set<std::string> hear(const std::string& topic) {
        net.publish(node, topic, "x");
        net.run(Duration::seconds(1));
        std::set<std::string> nodes;
        for (const TestNode* peer : {&a, &b})
            if (!peer->broker.payloads(topic).empty()) nodes.insert(peer->host);
        return nodes;
    }
};

}  // namespace

TEST_CASE("a plan that comes after others is as if it had come alone") {
    for (std::uint64_t seed = 1; seed <= 150; ++seed) {
        CAPTURE(seed);
        Rng rng(seed);
        Cluster3 over;
        for (std::uint64_t step = 0; step < 1 + seed % 3; ++step) {
            over.net.set_routes(over.node, random_routes(rng));
            over.net.run(Duration::milliseconds(static_cast<std::int64_t>(rng.below(4'000))));
        }
        const std::vector<ir::Link> last = random_routes(rng);
        over.net.set_routes(over.node, last);
        over.settle();
        Cluster3 alone;
        alone.net.set_routes(alone.node, last);
        alone.settle();
        REQUIRE(outcome(over.node) == outcome(alone.node));
        REQUIRE(over.hear("t") == alone.hear("t"));
        REQUIRE(over.net.open_connections() == alone.net.open_connections());
    }
}
