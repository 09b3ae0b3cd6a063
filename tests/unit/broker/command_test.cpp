// Commands to the node: who may give them, what becomes of them, where the answers go.
#include <doctest/doctest.h>

#include "runtime/broker/command.h"
#include "tests/support/broker_rig.h"

using namespace lotmesh;
using namespace lotmesh::test;

namespace {

const std::string kTopic(broker::kCommandTopic);
const std::string kOutput(broker::kCommandOutputTopic);

std::vector<broker::Command> commands_of(const BrokerRig& rig) {
    std::vector<broker::Command> commands;
    for (const broker::Action& action : rig.actions)
        if (const auto* command = std::get_if<broker::Command>(&action))
            commands.push_back(*command);
    return commands;
}

}  // namespace

TEST_CASE("a command of a client on this machine is acknowledged, handed over and not passed on") {
    BrokerRig rig;
    TestClient watcher(rig, Hello{.client_id = "watcher"});
    watcher.subscribe("$SYS/Coreflux/#");
    TestClient client(rig, Hello{.loopback = true});
    client.publish(kTopic, "-listRoutes", kQoS1, 7, true);
    const auto puback = client.expect<mqtt::Puback>();
    CHECK(puback.packet_id == 7);
    CHECK(puback.reason == ReasonCode::Success);
    const auto commands = commands_of(rig);
    REQUIRE(commands.size() == 1);
    CHECK(commands[0] == broker::Command{"-listRoutes", false, {}});
    CHECK(watcher.silent());
    CHECK(rig.cluster.messages.empty());
    TestClient late(rig, Hello{.client_id = "late"});
    late.subscribe(kTopic);
    CHECK(late.silent());
}

TEST_CASE("a command of QoS 2 is taken once") {
    BrokerRig rig;
    TestClient client(rig, Hello{.loopback = true});
    client.publish(kTopic, "-x", QoS::ExactlyOnce, 7);
    client.expect<mqtt::Pubrec>();
    mqtt::Publish again = TestClient::message(kTopic, "-x", QoS::ExactlyOnce, 7);
    again.dup = true;
    client.send(again);
    client.expect<mqtt::Pubrec>();
    CHECK(commands_of(rig).size() == 1);
}

TEST_CASE("nobody from elsewhere gives commands") {
    BrokerRig rig;
    TestClient client(rig, Hello{});
    client.publish(kTopic, "-removeAllRoutes", kQoS1, 1);
    CHECK(client.expect<mqtt::Puback>().reason == ReasonCode::NotAuthorized);
    TestClient old(rig, Hello{.client_id = "old", .version = ProtocolVersion::V311});
    old.publish(kTopic, "-removeAllRoutes", kQoS1, 1);
    old.expect<mqtt::Puback>();  // 3.1.1 has no way to say it
    CHECK(commands_of(rig).empty());
    CHECK(rig.core.counters().drops.not_allowed == 2);
}

TEST_CASE("no other topic of the broker's can be published to, also not from this machine") {
    BrokerRig rig;
    TestClient client(rig, Hello{.loopback = true});
    for (const std::string& topic : {kOutput, std::string("$SYS/broker/uptime"), kTopic + "/x"}) {
        client.publish(topic, "x", kQoS1, 1);
        CHECK(client.expect<mqtt::Puback>().reason == ReasonCode::TopicNameInvalid);
    }
}

TEST_CASE("a command at the bound has its text, one byte more comes without") {
    broker::Limits limits;
    limits.command_bytes_max = 4;
    BrokerRig rig(limits);
    TestClient client(rig, Hello{.loopback = true});
    client.publish(kTopic, "-abc");
    client.publish(kTopic, "-abcd");
    const auto commands = commands_of(rig);
    REQUIRE(commands.size() == 2);
    CHECK(commands[0].text == "-abc");
    CHECK(commands[1] == broker::Command{"", true, {}});
}

TEST_CASE("the answer goes to the output topic and to where the command wanted it") {
    BrokerRig rig;
    TestClient watcher(rig, Hello{.client_id = "watcher"});
    watcher.subscribe(kOutput);
    TestClient client(rig, Hello{.loopback = true});
    client.subscribe("replies/me");
    mqtt::Publish command = TestClient::message(kTopic, "-listRoutes");
    // response topic, correlation data
    const std::string properties("\x08\x00\x0Areplies/me\x09\x00\x02\x01\x02", 18);
    command.properties.forwarded.assign(properties.begin(), properties.end());
    client.send(command);
    const auto commands = commands_of(rig);
    REQUIRE(commands.size() == 1);
    CHECK(commands[0].reply_to.topic == "replies/me");
    rig.core.answer_command(commands[0].reply_to, "done", rig.now, rig.effects);
    rig.collect();
    CHECK(watcher.expect_message() == kOutput + "=done");
    const auto reply = client.expect<mqtt::Publish>();
    CHECK(as_text(reply.payload) == "done");
    CHECK(as_text(reply.properties.forwarded) == properties.substr(13));
    REQUIRE(rig.cluster.messages.size() == 1);  // the one who asks may be elsewhere by now
    CHECK(rig.cluster.messages[0]->topic() == "replies/me");
}

TEST_CASE("an answer is not published to a topic of the broker's") {
    BrokerRig rig;
    TestClient watcher(rig, Hello{.client_id = "watcher"});
    watcher.subscribe("$SYS/broker/uptime");
    watcher.next_type();
    watcher.expect<mqtt::Publish>();
    rig.core.answer_command({"$SYS/broker/uptime", {}}, "never", rig.now, rig.effects);
    rig.collect();
    CHECK(watcher.silent());
}
