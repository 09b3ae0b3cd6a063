// A peer's CONNECT is authenticated like a client's, and then needs the permission to be a peer.
#include <doctest/doctest.h>

#include "tests/support/broker_rig.h"
#include "tests/support/rules_policy.h"

using namespace lotmesh;
using namespace lotmesh::test;
using broker::AuditKind;
using broker::Permission;

namespace {

struct Bench {
    mqtt::Connect connect(std::string_view user) const {
        mqtt::Connect packet =
            TestClient::connect_packet(Hello{.client_id = "node-b", .user_name = user});
        packet.properties.user_properties.push_back({broker::kPeerProperty, "1"});
        return packet;
    }
    ReasonCode refused(const mqtt::Connect& packet) {
        TestClient peer(rig);
        peer.send(packet);
        const ReasonCode reason = peer.expect<mqtt::Connack>().reason;
        CHECK(peer.closed());
        CHECK(rig.cluster.peers.empty());
        CHECK(rig.last_audit().kind == AuditKind::PeerRefused);
        CHECK(rig.last_audit().client_id == "node-b");
        return reason;
    }

    RulesPolicy policy;
    BrokerRig rig{{}, policy};
};

}  // namespace

TEST_CASE("S34 a device that may not be a peer is refused with 0x87, and that is told") {
    Bench bench;
    bench.policy.deny("device", Permission::Cluster);
    CHECK(bench.refused(bench.connect("device")) == ReasonCode::NotAuthorized);
    CHECK(bench.rig.last_audit().user_name == "device");
    CHECK(bench.rig.core.counters().denied.connects == 1);
}

TEST_CASE("a peer that the policy does not believe is refused as a client is") {
    Bench bench;
    CHECK(bench.refused(bench.connect("mallory")) == ReasonCode::BadUserNameOrPassword);
    CHECK(bench.rig.last_audit().user_name == "mallory");
}

TEST_CASE("a peer that may is handed over, as who it is, whether or not there are rules") {
    for (const bool has_rules : {true, false}) {
        Bench bench;
        bench.policy.has_rules = has_rules;
        bench.policy.deny("node", Permission::Connect);  // of clients
        TestClient peer(bench.rig);
        Bytes bytes = peer.encoded(bench.connect("node"));
        bytes.insert(bytes.end(), {1, 2, 3});
        peer.send_raw(bytes);
        REQUIRE(bench.rig.cluster.peers.size() == 1);
        CHECK(bench.rig.cluster.peers[0].principal.user_name == "node");
        CHECK(bench.rig.cluster.peers[0].known_by_policy == has_rules);
        CHECK(bench.rig.cluster.peers[0].rest == Bytes{1, 2, 3});
        CHECK(bench.rig.last_audit().kind == AuditKind::PeerConnected);
        CHECK(bench.rig.core.connected_clients() == 0);
    }
}

TEST_CASE("a peer's answer may come later, too, and what it said meanwhile goes along") {
    Bench bench;
    bench.policy.deferring = true;
    TestClient peer(bench.rig);
    Bytes bytes = peer.encoded(bench.connect("node"));
    bytes.push_back(9);
    peer.send_raw(bytes);
    peer.send_raw(Bytes{8});
    CHECK(bench.rig.cluster.peers.empty());
    bench.rig.handle(broker::Authenticated{1, {.user_name = "node"}});
    REQUIRE(bench.rig.cluster.peers.size() == 1);
    CHECK(bench.rig.cluster.peers[0].rest == Bytes{9, 8});
    CHECK(bench.rig.count(broker::ResumeReading{peer.conn()}) == 1);
    // It is the cluster's.
    peer.send_raw(Bytes{0xFF, 0xFF});
    bench.rig.handle(broker::Closed{peer.conn(), "gone"});
    CHECK(peer.silent());
}

TEST_CASE("S34 a peer's answer that comes later can be that it may not") {
    Bench bench;
    bench.policy.deferring = true;
    bench.policy.deny("device", Permission::Cluster);
    TestClient peer(bench.rig);
    peer.send(bench.connect("node"));
    bench.rig.handle(broker::Authenticated{1, {.user_name = "device"}});
    CHECK(peer.expect<mqtt::Connack>().reason == ReasonCode::NotAuthorized);
    CHECK(peer.closed());
    CHECK(bench.rig.cluster.peers.empty());
}

TEST_CASE("a peer that names an authentication method is refused") {
    Bench bench;
    mqtt::Connect packet = bench.connect("node");
    packet.properties.authentication_method = "SCRAM-SHA-256";
    CHECK(bench.refused(packet) == ReasonCode::BadAuthenticationMethod);
}

TEST_CASE("S34 whoever publishes or subscribes to the cluster's topics is disconnected") {
    Bench bench;
    const auto offends = [&bench](const auto& act) {
        TestClient client(bench.rig, Hello{.user_name = "ada"});
        act(client);
        CHECK(client.expect<mqtt::Disconnect>().reason == ReasonCode::NotAuthorized);
        CHECK(client.closed());
    };
    for (const char* topic : {"$cluster", "$cluster/x"})
        for (const QoS qos : {kQoS0, kQoS1, kQoS2})
            offends(
                [&](TestClient& client) { client.publish(topic, "x", qos, qos == kQoS0 ? 0 : 1); });
    for (const char* filter :
         {"$cluster", "$cluster/#", "$share/g/$cluster", "$share/g/$cluster/+"})
        offends([&](TestClient& client) { client.send_subscribe(filter, {}); });
    CHECK(bench.rig.audited(AuditKind::ClusterTopic) == 10);
    CHECK(bench.rig.audited(AuditKind::Disconnected) == 10);
    CHECK(bench.rig.cluster.messages.empty());
    CHECK(bench.rig.cluster.interest.empty());
}

TEST_CASE("S34 also in 3.1.1, behind an alias, and beside filters that are allowed") {
    Bench bench;
    TestClient old(bench.rig, Hello{.client_id = "old", .version = ProtocolVersion::V311});
    old.publish("$cluster", "x");
    CHECK(old.silent());
    CHECK(old.closed());
    TestClient client(bench.rig, Hello{});
    client.send(mqtt::Subscribe{
        .packet_id = 1, .entries = {{"a", {}}, {"$cluster", {}}}, .properties = {}});
    CHECK(client.expect<mqtt::Disconnect>().reason == ReasonCode::NotAuthorized);
    CHECK(bench.rig.cluster.interest.empty());
    TestClient will(bench.rig);
    will.connect(Hello{.client_id = "w",
                       .will = mqtt::Will{.topic = "$cluster", .payload = {}, .properties = {}}});
    CHECK(will.expect<mqtt::Connack>().reason == ReasonCode::TopicNameInvalid);
}
