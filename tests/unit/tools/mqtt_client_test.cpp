#include "tools/lotmesh/mqtt_client.h"

#include "tests/unit/tools/scripted_broker.h"

using namespace lotmesh;
using namespace lotmesh::tool;
using lotmesh::test::retaining;
using lotmesh::test::ScriptedBroker;

namespace {

using Answers = ScriptedBroker::Answers;

constexpr std::chrono::milliseconds kLittlePatience{100};

std::string broker(const ScriptedBroker& scripted) { return to_string(scripted.where); }

}  // namespace

TEST_CASE("a broker is named by host and port, either of them alone, or as mqtt://") {
    CHECK(*parse_broker("node1:1884") == Endpoint{"node1", 1884});
    CHECK(*parse_broker("mqtt://[::1]:1884") == Endpoint{"::1", 1884});
    CHECK(*parse_broker("node1") == Endpoint{"node1", 1883});
    CHECK(*parse_broker("1884") == Endpoint{"127.0.0.1", 1884});
    for (const char* const wrong : {"", "node1:0", "node1:99999", "a b", "mqtt://"})
        CHECK(parse_broker(wrong).error() == "\"" + std::string(wrong) + "\" is no HOST:PORT");
}

TEST_CASE("what is retained comes whole, also what the broker is slow to send") {
    const auto quick = retaining({{"$SYS/a", "1"}, {"$SYS/b", ""}});
    int pings = 0;
    ScriptedBroker scripted([&](const mqtt::Packet& packet) {
        Answers answers = quick(packet);
        if (std::holds_alternative<mqtt::Pingreq>(packet) && ++pings < 3)
            answers.insert(answers.begin(), mqtt::Publish{.topic = pings == 1 ? "$SYS/c" : "$SYS/d",
                                                          .payload = as_bytes("late"),
                                                          .retain = true});
        return answers;
    });
    auto client = MqttClient::connect(scripted.where);
    REQUIRE(client.has_value());
    CHECK(*client->retained({"$SYS/#"}) ==
          MqttClient::Retained{
              {"$SYS/a", "1"}, {"$SYS/b", ""}, {"$SYS/c", "late"}, {"$SYS/d", "late"}});
}

TEST_CASE("nothing retained is an answer, too") {
    ScriptedBroker scripted(retaining({}));
    auto client = MqttClient::connect(scripted.where);
    REQUIRE(client.has_value());
    CHECK(client->retained({"a", "b"})->empty());
}

TEST_CASE("refusals say who refuses what, and why") {
    ScriptedBroker scripted([](const mqtt::Packet& packet) -> Answers {
        if (const auto* const subscribe = std::get_if<mqtt::Subscribe>(&packet))
            return {mqtt::Suback{subscribe->packet_id, {mqtt::ReasonCode::NotAuthorized}, {}}};
        if (const auto* const publish = std::get_if<mqtt::Publish>(&packet)) {
            mqtt::Puback puback{publish->packet_id, mqtt::ReasonCode::NotAuthorized, {}};
            puback.properties.reason_string = "from loopback only";
            return {puback};
        }
        return {};
    });
    auto client = MqttClient::connect(scripted.where);
    REQUIRE(client.has_value());
    CHECK(client->retained({"a"}).error() ==
          broker(scripted) + " refuses to tell a: Not authorized");
    CHECK(client->publish("c", "x").error() ==
          broker(scripted) + " refuses c: Not authorized (from loopback only)");
}

TEST_CASE("a broker that refuses the connection is named with its reason") {
    ScriptedBroker scripted(retaining({}), {.reason = mqtt::ReasonCode::ServerBusy});
    CHECK(MqttClient::connect(scripted.where).error() ==
          broker(scripted) + " refuses us: Server busy");
}

TEST_CASE("what is too large for the broker is not sent, and it is said what would help") {
    mqtt::Connack connack;
    connack.properties.maximum_packet_size = 100;
    ScriptedBroker scripted(
        [](const mqtt::Packet& packet) -> Answers {
            if (const auto* const publish = std::get_if<mqtt::Publish>(&packet))
                return {mqtt::Puback{publish->packet_id, mqtt::ReasonCode::Success, {}}};
            return {};
        },
        connack);
    auto client = MqttClient::connect(scripted.where);
    REQUIRE(client.has_value());
    // fixed header 2, topic 3, packet identifier 2, properties 1
    CHECK(client->publish("a", std::string(92, 'x')).has_value());
    CHECK(client->publish("a", std::string(93, 'x')).error() ==
          broker(scripted) +
              " takes packets of 100 bytes, and this one has 101: start it with --limit "
              "packet-bytes=101");
}

TEST_CASE("an answer is taken from our own response topic, also ahead of the PUBACK") {
    std::string response_topic;
    ScriptedBroker scripted([&](const mqtt::Packet& packet) -> Answers {
        Answers answers = retaining({})(packet);
        if (const auto* const subscribe = std::get_if<mqtt::Subscribe>(&packet))
            response_topic = subscribe->entries[0].filter;
        if (const auto* const publish = std::get_if<mqtt::Publish>(&packet)) {
            CHECK(as_text(publish->properties.forwarded).ends_with(response_topic));
            answers.insert(answers.begin(),
                           {mqtt::Publish{.topic = "other", .payload = as_bytes("no")},
                            mqtt::Publish{.topic = response_topic, .payload = as_bytes("yes")}});
        }
        return answers;
    });
    auto client = MqttClient::connect(scripted.where);
    REQUIRE(client.has_value());
    CHECK(*client->ask("question", "?") == "yes");
}

TEST_CASE("a broker that does not answer is waited for no longer than our patience") {
    ScriptedBroker silent([](const mqtt::Packet&) { return Answers{}; });
    auto client = MqttClient::connect(silent.where, kLittlePatience);
    REQUIRE(client.has_value());
    CHECK(client->retained({"a"}).error() == broker(silent) + " does not answer in time");
}

TEST_CASE("a broker that is not there is one clear line") {
    Endpoint nobody;
    {
        const ScriptedBroker passing(retaining({}));
        nobody = passing.where;
    }
    CHECK(MqttClient::connect(nobody).error() ==
          "cannot connect to " + to_string(nobody) + ": Connection refused");
    CHECK(MqttClient::connect({"no-such-host.invalid", 1})
              .error()
              .starts_with("cannot connect to no-such-host.invalid:1: "));
}
