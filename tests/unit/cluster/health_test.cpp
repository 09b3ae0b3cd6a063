#include "runtime/cluster/health.h"

#include <doctest/doctest.h>

using namespace lotmesh;
using namespace lotmesh::cluster;

namespace {

PeerReport good_peer(std::uint8_t id) {
    PeerReport peer;
    peer.id.bytes.fill(id);
    peer.name = "n" + std::to_string(id);
    peer.reachable = true;
    peer.interest_equal = true;
    peer.retained_equal = true;
    return peer;
}

RouteReport good_route() {
    RouteReport route;
    route.name = "r";
    route.state = RouteState::UpPrimary;
    return route;
}

Report good() {
    Report report;
    report.routes = {good_route()};
    report.peers = {good_peer(1), good_peer(2)};
    return report;
}

Verdict judged(const Report& report) { return judge(report, Limits{}); }

// One thing is wrong: that alone must show, with a reason.
void check_degraded(const Report& report, const std::string& reason) {
    const Verdict verdict = judged(report);
    INFO(reason);
    CHECK(verdict.health == Health::Degraded);
    REQUIRE(verdict.reasons.size() == 1);
    CHECK(verdict.reasons.front().find(reason) != std::string::npos);
}

}  // namespace

TEST_CASE("a node without routes and peers is single, one where all is well is healthy") {
    CHECK(judged({}) == Verdict{Health::Single, {}});
    CHECK(judged(good()) == Verdict{Health::Healthy, {}});
}

TEST_CASE("the status is never healthy while anything is not as it should be") {
    Report report = good();
    report.routes[0].state = RouteState::Refused;
    report.routes[0].reason = "Not authorized";
    check_degraded(report, "route r: refused (Not authorized)");
    report = good();
    report.routes[0].pending = LinkFailure{RouteState::Unreachable, "x"};
    check_degraded(report, "route r (new address): unreachable (x)");
    report = good();
    report.peers[0].oldest_ms = 1'001;
    check_degraded(report, "lags 1001 ms");
    report = good();
    report.peers[0].interest_equal = false;
    check_degraded(report, "interest differs");
    report = good();
    report.peers[0].interest_equal.reset();
    check_degraded(report, "interest not compared yet");
    report = good();
    report.peers[0].retained_equal = false;
    check_degraded(report, "retained messages differ");
    report = good();
    report.peers[0].retained_equal.reset();
    check_degraded(report, "retained messages not compared yet");
    report = good();
    report.clone = "another node has our uuid";
    check_degraded(report, "another node has our uuid");
    report = good();
    report.peers[0].clone = "another node has the same uuid";
    check_degraded(report, "peer n1 (01010101): another node has the same uuid");
    report = good();
    report.peers[0].skew_ms = -501;
    check_degraded(report, "its clock is -501 ms off");
}

TEST_CASE("a node that is a peer's peer and not ours, or two peers that are not linked, degrade") {
    Report report = good();
    const NodeId first = report.peers[0].id;
    const NodeId second = report.peers[1].id;
    report.peers[0].linked_with = {second};
    CHECK(judged(report).health == Health::Healthy);  // an older node does not say
    report.peers[1].linked_with = {first};
    CHECK(judged(report).health == Health::Healthy);
    report.peers[1].linked_with = {};
    report.peers[1].linked_with.emplace();
    check_degraded(report, "peers n1 (01010101) and n2 (02020202) are not linked with each other");
    NodeId third;
    third.bytes.fill(3);
    report.peers[0].linked_with = {second, third};
    report.peers[1].linked_with = {first, third};
    check_degraded(report, "node 03030303-0303-0303-0303-030303030303 is linked with peer n1");
    report.peers[0].linked_with->clear();
    report.peers[1].linked_with = {first};
    for (std::uint8_t i = 10; i < 30; ++i) {
        third.bytes.fill(i);
        report.peers[1].linked_with->push_back(third);
    }
    CHECK(judged(report).reasons.size() == 9);
    CHECK(judged(report).reasons.back() == "13 more pairs of nodes are not linked");
}

TEST_CASE("some peers away is partitioned, all away or none ever seen is isolated") {
    Report report = good();
    report.peers[0].reachable = false;
    CHECK(judged(report).health == Health::Partitioned);
    CHECK(judged(report).reasons == std::vector<std::string>{"peer n1 (01010101) is away"});
    report.peers[1].reachable = false;
    CHECK(judged(report).health == Health::Isolated);
    report.peers.clear();
    report.routes[0].state = RouteState::Connecting;
    CHECK(judged(report).health == Health::Isolated);
}

TEST_CASE("the documents are JSON with everything that people ask for") {
    Report report = good();
    report.id.bytes.fill(9);
    report.name = "a \"quoted\" name";
    report.incarnation = 4;
    LinkReport link;
    link.dialled = true;
    link.primary = true;
    link.route = "r";
    link.round_trip = Duration{250};
    report.peers[0].links = {link};
    report.peers.pop_back();
    CHECK(status_json(report, judged(report), 17) ==
          R"({"status":"healthy","reasons":[],"uuid":"09090909-0909-0909-0909-090909090909",)"
          R"("incarnation":4,"name":"a \"quoted\" name","version":"","since_ms":17})");
    const std::string nodes = nodes_json(report, Limits{});
    for (const char* part : {R"("direction":"out")", R"("state":"up_primary")", R"("rtt_us":250)",
                             R"("route":"r")", R"("warnings":[])"})
        CHECK(nodes.find(part) != std::string::npos);
    const std::string sync = sync_json(report);
    for (const char* part :
         {R"("lag_records":0)", R"("dup_suppressed":0)", R"("spool_limit":0)",
          R"("expired":{"validity":0,"message_expiry":0,"spool":0})", R"("digest_equal":true)"})
        CHECK(sync.find(part) != std::string::npos);
}
