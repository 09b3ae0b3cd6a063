#include "runtime/cluster/node.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "runtime/cluster/peer_link.h"
#include "runtime/mqtt/encode.h"
#include "tests/support/rules_policy.h"

using namespace lotmesh;
using namespace lotmesh::cluster;

namespace {

const Now kNow{{1'000'000}, {1'700'000'000'000}};
constexpr broker::ConnId kConn{1, 1};

ir::Link labelled() {
    ir::Link link;
    link.client_id = "label";
    return link;
}

NodeConfig config() {
    NodeConfig config;
    config.id.bytes.fill(1);
    config.name = "n";
    return config;
}

struct Rig {
    explicit Rig(const NodeConfig& of_node = config()) : node(of_node) {}

    Node node;
    broker::Effects effects;

    // What the node sends in a turn in which these bytes came on a new connection.
    Bytes answer(ByteView bytes) {
        node.handle(broker::Accepted{kConn, {.remote_address = "10.0.0.1:1"}}, kNow, effects);
        node.handle(broker::Received{kConn, bytes}, kNow, effects);
        node.end_turn(kNow, effects);
        Bytes out;
        effects.output(kConn).for_each_run(
            [&](ByteView run) { out.insert(out.end(), run.begin(), run.end()); });
        effects.reset();
        return out;
    }
};

}  // namespace

TEST_CASE("a CONNECT of a peer goes to the cluster: CONNACK and HELLO in one turn") {
    Rig rig;
    Bytes connect;
    append_connect(connect, labelled());
    const Bytes out = rig.answer(connect);
    CHECK(as_text(out).find("lotmesh-peer") != std::string_view::npos);
    CHECK(as_text(out).find("$cluster") != std::string_view::npos);
}

TEST_CASE("S34 a peer that the policy does not let in never reaches the cluster") {
    constexpr std::uint8_t kNotAuthorized = 0x87;
    test::RulesPolicy policy;
    policy.deny("device", broker::Permission::Cluster);
    NodeConfig with_policy = config();
    with_policy.policy = &policy;
    for (const char* user : {"device", "node"}) {
        Rig rig(with_policy);
        ir::Link link = labelled();
        link.username = user;
        link.password = ir::Secret("secret");
        Bytes connect;
        append_connect(connect, link);
        const Bytes out = rig.answer(connect);
        REQUIRE(out.size() > 3);
        CHECK((out[3] == kNotAuthorized) == (link.username == "device"));
        CHECK((as_text(out).find("$cluster") == std::string_view::npos) ==
              (link.username == "device"));
    }
}

TEST_CASE("a policy's answer and its change reach the broker of a node") {
    test::RulesPolicy policy;
    policy.deferring = true;
    NodeConfig with_policy = config();
    with_policy.policy = &policy;
    Rig rig(with_policy);
    Bytes connect;
    append_connect(connect, labelled());
    CHECK(rig.answer(connect).empty());
    rig.node.handle(broker::PolicyChanged{}, kNow, rig.effects);
    rig.node.handle(broker::Authenticated{1, {.user_name = "node"}}, kNow, rig.effects);
    rig.node.end_turn(kNow, rig.effects);
    CHECK(rig.effects.pending_bytes(kConn) > 0);
}

TEST_CASE("a CONNECT of a client stays with the broker") {
    Rig rig;
    mqtt::Connect connect;
    connect.client_id = "client";
    Bytes bytes;
    mqtt::encode(connect, mqtt::ProtocolVersion::V5, bytes);
    const Bytes out = rig.answer(bytes);
    REQUIRE_FALSE(out.empty());
    CHECK(out[0] == 0x20);
    CHECK(as_text(out).find("$cluster") == std::string_view::npos);
}

TEST_CASE("the limits of a node reach its broker and its cluster") {
    constexpr std::uint8_t kQuotaExceeded = 0x97;
    NodeConfig nobody = config();
    nobody.broker_limits.sessions_max = 0;
    nobody.cluster_limits.handshakes_max = 0;
    mqtt::Connect client;
    client.client_id = "client";
    Bytes of_client;
    mqtt::encode(client, mqtt::ProtocolVersion::V5, of_client);
    Bytes of_peer;
    append_connect(of_peer, labelled());
    for (const Bytes& connect : {of_client, of_peer}) {
        const Bytes out = Rig(nobody).answer(connect);
        REQUIRE(out.size() > 3);
        CHECK(out[0] == 0x20);
        CHECK(out[3] == kQuotaExceeded);
    }
}

TEST_CASE("a plan dials at the end of the turn, and the deadline of the node is the nearest one") {
    Rig rig;
    ir::Link link;
    link.name = "r";
    link.address = "there";
    link.port = 1883;
    link.client_id = "label";
    rig.node.apply_plan({{link}}, kNow, rig.effects);
    rig.node.end_turn(kNow, rig.effects);
    bool dialled = false;
    for (const broker::Action& action : rig.effects.actions())
        dialled |= action == broker::Action(broker::Dial{1, "there", 1883});
    CHECK(dialled);
    REQUIRE(rig.node.next_deadline().has_value());
    CHECK(*rig.node.next_deadline() > kNow.instant);
    rig.effects.reset();
    rig.node.handle(broker::DialFailed{1, broker::DialError::Refused, "refused"}, kNow,
                    rig.effects);
    CHECK(*rig.node.next_deadline() <= kNow.instant + Duration::milliseconds(200));
}

TEST_CASE("shutting down closes peers and clients alike") {
    Rig rig;
    Bytes connect;
    append_connect(connect, labelled());
    rig.answer(connect);
    rig.node.shut_down(kNow, rig.effects);
    const auto& actions = rig.effects.actions();
    CHECK(std::find(actions.begin(), actions.end(),
                    broker::Action(broker::CloseConnection{kConn})) != actions.end());
}
