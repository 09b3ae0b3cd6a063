#include "runtime/broker/alias_table.h"

#include <doctest/doctest.h>

#include "tests/support/broker_rig.h"

using namespace lotmesh;
using namespace lotmesh::test;
using broker::AliasTable;

namespace {

AliasTable::Choice send(AliasTable& table, std::string_view topic) {
    const AliasTable::Choice choice = table.choose(topic);
    table.sent(topic, choice);
    return choice;
}

// Takes aliases as a client does: gives the topic that each PUBLISH stands for.
class AliasClient {
public:
    AliasClient(BrokerRig& rig, std::uint16_t maximum, std::uint32_t packet_bytes_max = 10'000)
        : client_(rig) {
        const std::string id = "subscriber" + std::to_string(maximum);
        mqtt::Connect connect = TestClient::connect_packet(
            Hello{.client_id = id, .maximum_packet_size = packet_bytes_max});
        connect.properties.topic_alias_maximum = maximum;
        client_.send(connect);
        client_.expect<mqtt::Connack>();
        client_.subscribe("#", kQoS0);
    }

    // What came: "topic" or "topic/alias" or "(alias)" where the topic was left out.
    std::string next() {
        const mqtt::Publish publish = client_.expect<mqtt::Publish>();
        const std::uint16_t alias = publish.properties.topic_alias.value_or(0);
        std::string topic(publish.topic);
        if (alias != 0 && !topic.empty()) topics_[alias] = topic;
        REQUIRE((alias == 0 || topics_.contains(alias)));
        const std::string meant = alias == 0 ? topic : topics_.at(alias);
        CHECK(as_text(publish.payload) == meant);
        if (topic.empty()) return "(" + std::to_string(alias) + ")";
        return alias == 0 ? topic : topic + "=" + std::to_string(alias);
    }

private:
    TestClient client_;
    std::map<std::uint16_t, std::string> topics_;
};

}  // namespace

TEST_CASE("no alias is given where the client allows none [MQTT-3.1.2-27]") {
    AliasTable table(0);
    CHECK(send(table, "plant/line/1") == AliasTable::Choice{});
}

TEST_CASE(
    "a topic is announced once, and never above the maximum "
    "[MQTT-3.1.2-26] [MQTT-3.3.2-11]") {
    AliasTable table(2);
    CHECK(send(table, "plant/line/1") == AliasTable::Choice{1, false});
    CHECK(send(table, "plant/line/1") == AliasTable::Choice{1, true});
    CHECK(send(table, "plant/line/2") == AliasTable::Choice{2, false});
    CHECK(send(table, "plant/line/3") == AliasTable::Choice{0, false});
    CHECK(send(table, "plant/line/2") == AliasTable::Choice{2, true});
}

TEST_CASE("a short topic costs no more than an alias") {
    AliasTable table(2);
    CHECK(send(table, "1234567") == AliasTable::Choice{});
    CHECK(send(table, "12345678") == AliasTable::Choice{1, false});
}

TEST_CASE("the alias of a topic that is sent no more goes to another") {
    AliasTable table(1);
    CHECK(send(table, "plant/line/1") == AliasTable::Choice{1, false});
    std::uint64_t plain = 0;
    while (send(table, "plant/line/2") == AliasTable::Choice{})
        ++plain;
    CHECK(plain == AliasTable::kIdleMessages);
    CHECK(send(table, "plant/line/2") == AliasTable::Choice{1, true});
    CHECK(send(table, "plant/line/1") == AliasTable::Choice{});
}

TEST_CASE("topics that take turns do not push each other out") {
    AliasTable table(1);
    CHECK(send(table, "plant/line/1").alias == 1);
    for (int i = 0; i < 1000; ++i) {
        CHECK(send(table, "plant/line/2") == AliasTable::Choice{});
        CHECK(send(table, "plant/line/1") == AliasTable::Choice{1, true});
    }
}

TEST_CASE("a choice that was not sent changes nothing") {
    AliasTable table(1);
    CHECK(table.choose("plant/line/1") == AliasTable::Choice{1, false});
    CHECK(table.choose("plant/line/2") == AliasTable::Choice{1, false});
}

TEST_CASE("subscribers that allow it get aliases, others the topics") {
    BrokerRig rig;
    AliasClient aliased(rig, 1);
    AliasClient plain(rig, 0);
    TestClient publisher(rig, Hello{.client_id = "publisher"});
    for (const char* const topic : {"plant/line/1", "plant/line/1", "plant/line/2"})
        publisher.publish(topic, topic);
    CHECK(aliased.next() == "plant/line/1=1");
    CHECK(aliased.next() == "(1)");
    CHECK(aliased.next() == "plant/line/2");
    CHECK(plain.next() == "plant/line/1");
    CHECK(plain.next() == "plant/line/1");
    CHECK(plain.next() == "plant/line/2");
}

TEST_CASE("no more aliases are given than the node's own limit, however many a client allows") {
    BrokerRig rig(broker::Limits{.topic_aliases_out_max = 1});
    AliasClient client(rig, 0xFFFF);
    TestClient publisher(rig, Hello{.client_id = "publisher"});
    for (const char* const topic : {"plant/line/1", "plant/line/2"})
        publisher.publish(topic, topic);
    CHECK(client.next() == "plant/line/1=1");
    CHECK(client.next() == "plant/line/2");
}

TEST_CASE("a packet that fits without an alias only is sent without one [MQTT-3.1.2-24]") {
    BrokerRig rig;
    TestClient publisher(rig, Hello{.client_id = "publisher"});
    // fixed header 2, topic 2 + 12, properties 1, payload 12: 29, and 3 for an alias
    AliasClient client(rig, 1, 29 + 2);
    publisher.publish("plant/line/1", "plant/line/1");
    publisher.publish("plant/line/1", "plant/line/1");
    CHECK(client.next() == "plant/line/1");
    CHECK(client.next() == "plant/line/1");
}
