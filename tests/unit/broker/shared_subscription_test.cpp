// Who gets a message of a shared subscription. Where messages go whose member goes stands in
// shared_redispatch_test.cpp.
#include <doctest/doctest.h>

#include <set>

#include "tests/support/broker_rig.h"

using namespace lotmesh;
using namespace lotmesh::test;
using mqtt::SubscriptionOptions;

namespace {

struct Bench {
    explicit Bench(broker::Limits limits = {}) : rig(limits) {}

    BrokerRig rig;
    TestClient publisher{rig, Hello{.client_id = "publisher"}};
    TestClient a{rig, Hello{.client_id = "a"}};
    TestClient b{rig, Hello{.client_id = "b"}};

    void publish(std::string_view topic, std::string_view payload, QoS qos = kQoS0) {
        publisher.publish(topic, payload, qos, qos == kQoS0 ? 0 : next_id_++);
    }

private:
    mqtt::PacketId next_id_ = 1;
};

// All that is there to be read, without an answer.
std::vector<std::string> read_all(TestClient& client) {
    std::vector<std::string> messages;
    while (!client.silent())
        messages.push_back(client.expect_message());
    return messages;
}

std::size_t count_all(TestClient& client) { return read_all(client).size(); }

using Messages = std::vector<std::string>;

}  // namespace

TEST_CASE("members take turns and each message goes to one of them") {
    Bench bench;
    CHECK(bench.a.subscribe("$share/g/t") == ReasonCode::Success);
    CHECK(bench.b.subscribe("$share/g/t") == ReasonCode::Success);
    for (const char* payload : {"1", "2", "3", "4"})
        bench.publish("t", payload);
    CHECK(read_all(bench.a) == Messages{"t=1", "t=3"});
    CHECK(read_all(bench.b) == Messages{"t=2", "t=4"});
}

TEST_CASE("clients of 3.1.1 and 3.1 share with those of 5.0") {
    Bench bench;
    TestClient old(bench.rig, Hello{.client_id = "old", .version = ProtocolVersion::V311});
    TestClient oldest(bench.rig, Hello{.client_id = "oldest", .version = ProtocolVersion::V31});
    CHECK(bench.a.subscribe("$share/g/t/#", kQoS1) == ReasonCode::GrantedQoS1);
    CHECK(old.subscribe("$share/g/t/#", kQoS1) == ReasonCode::GrantedQoS1);
    CHECK(oldest.subscribe("$share/g/t/#", kQoS1) == ReasonCode::GrantedQoS1);
    for (int i = 0; i < 30; ++i)
        bench.publish("t/x", "m", kQoS1);
    CHECK(count_all(bench.a) == 10);
    CHECK(count_all(old) == 10);
    CHECK(count_all(oldest) == 10);
}

TEST_CASE("a large group is fair, too") {
    BrokerRig rig;
    TestClient publisher(rig, {"publisher"});
    std::list<TestClient> members;
    std::list<std::string> names;
    for (int i = 0; i < 100; ++i) {
        names.push_back("member" + std::to_string(i));
        members.emplace_back(rig, Hello{.client_id = names.back()});
        members.back().subscribe("$share/g/t", kQoS1);
    }
    for (int i = 0; i < 1000; ++i)
        publisher.publish("t", "m", kQoS1, static_cast<mqtt::PacketId>(i + 1));
    for (TestClient& member : members)
        CHECK(count_all(member) == 10);
}

TEST_CASE("the member with fewer messages in flight gets the next") {
    Bench bench;
    bench.a.subscribe("$share/g/t", kQoS1);
    bench.b.subscribe("$share/g/t", kQoS1);
    bench.publish("t", "1", kQoS1);
    bench.publish("t", "2", kQoS1);
    CHECK(read_all(bench.a) == Messages{"t=1"});
    for (const char* payload : {"3", "4", "5"}) {  // b takes what it gets, a does not
        bench.b.puback(bench.b.expect<mqtt::Publish>().packet_id);
        bench.publish("t", payload, kQoS1);
    }
    CHECK(read_all(bench.b) == Messages{"t=5"});
    CHECK(bench.a.silent());
}

TEST_CASE("the larger window has the larger share") {
    BrokerRig rig;
    TestClient publisher(rig, {"publisher"});
    TestClient narrow(rig, Hello{.client_id = "narrow", .receive_maximum = std::uint16_t{2}});
    TestClient wide(rig, Hello{.client_id = "wide", .receive_maximum = std::uint16_t{8}});
    narrow.subscribe("$share/g/t", kQoS2);
    wide.subscribe("$share/g/t", kQoS2);
    for (mqtt::PacketId id = 1; id <= 10; ++id)
        publisher.publish("t", "m", id % 2 == 0 ? kQoS1 : kQoS2, id);
    CHECK(count_all(narrow) == 2);
    CHECK(count_all(wide) == 8);
    publisher.publish("t", "more", kQoS1, 100);  // all windows are full
    CHECK(narrow.silent());
    CHECK(wide.silent());
}

TEST_CASE("a member whose deliveries are held for a SUBACK, or that takes no bytes, comes last") {
    Bench bench;
    bench.a.subscribe("$share/g/t");
    bench.b.subscribe("$share/g/t");
    bench.rig.cluster.next_ticket = 1;
    bench.a.send_subscribe("other", {});
    for (const char* payload : {"1", "2"})
        bench.publish("t", payload);
    CHECK(read_all(bench.b) == Messages{"t=1", "t=2"});
    bench.rig.core.barrier_passed(1, bench.rig.now, bench.rig.effects);
    bench.rig.collect();
    bench.a.expect<mqtt::Suback>();
    bench.rig.handle(broker::Congested{bench.b.conn()});
    for (const char* payload : {"3", "4"})
        bench.publish("t", payload);
    CHECK(read_all(bench.a) == Messages{"t=3", "t=4"});
    CHECK(bench.b.silent());
}

TEST_CASE("what is too large for one member goes to another one [MQTT-3.1.2-25]") {
    Bench bench;
    TestClient small(bench.rig, Hello{.client_id = "small", .maximum_packet_size = 100});
    small.subscribe("$share/g/t", kQoS1);
    bench.a.subscribe("$share/g/t", kQoS1);
    const std::string large(100, 'x');
    for (int i = 0; i < 4; ++i)
        bench.publish("t", large, kQoS1);
    CHECK(count_all(bench.a) == 4);
    bench.publish("t", "small", kQoS1);
    CHECK(read_all(small) == Messages{"t=small"});
}

TEST_CASE("a member that is away gets a message only where nobody is connected") {
    Bench bench;
    const Hello hello{.client_id = "away", .clean_start = false, .session_expiry_sec = 100};
    TestClient away(bench.rig, hello);
    away.subscribe("$share/g/t", kQoS1);
    bench.a.subscribe("$share/g/t", kQoS1);
    away.drop();
    for (const char* payload : {"1", "2", "3"})
        bench.publish("t", payload, kQoS1);
    CHECK(count_all(bench.a) == 3);
    bench.a.leave();
    for (QoS qos : {kQoS0, kQoS1, kQoS2})
        bench.publish("t", std::to_string(static_cast<int>(qos)), qos);
    TestClient back(bench.rig, hello);
    // a's own three, which it did not acknowledge, and of the others what is not of QoS 0.
    CHECK(read_all(back) == Messages{"t=1", "t=2", "t=3", "t=1", "t=2"});
}

TEST_CASE("members that are away share what comes") {
    BrokerRig rig;
    TestClient publisher(rig, {"publisher"});
    const Hello first{.client_id = "first", .clean_start = false, .session_expiry_sec = 100};
    const Hello second{.client_id = "second", .clean_start = false, .session_expiry_sec = 100};
    for (const Hello& hello : {first, second}) {
        TestClient client(rig, hello);
        client.subscribe("$share/g/t", kQoS1);
        client.drop();
    }
    for (mqtt::PacketId id = 1; id <= 6; ++id)
        publisher.publish("t", std::to_string(id), kQoS1, id);
    publisher.publish("t", "nobody is here for QoS 0");
    for (mqtt::PacketId id = 1; id <= 6; ++id)
        CHECK(publisher.expect<mqtt::Puback>().reason == ReasonCode::Success);
    CHECK(rig.core.counters().drops.total() == 0);
    TestClient one(rig, first);
    CHECK(count_all(one) == 6);
}

TEST_CASE("the granted QoS of the member holds [MQTT-4.8.2-3]") {
    Bench bench;
    bench.a.subscribe("$share/g/t", kQoS0);
    bench.b.subscribe("$share/g/t", kQoS2);
    bench.publish("t", "1", kQoS2);
    bench.publish("t", "2", kQoS2);
    CHECK(bench.a.expect<mqtt::Publish>().qos == kQoS0);
    CHECK(bench.b.expect<mqtt::Publish>().qos == kQoS2);
}

TEST_CASE("groups, filters and plain subscriptions each have a copy, with their own identifiers") {
    Bench bench;
    bench.a.subscribe("t", SubscriptionOptions{.qos = kQoS1}, 1);
    bench.a.subscribe("+", SubscriptionOptions{.qos = kQoS0}, 2);
    bench.a.subscribe("$share/g/t", SubscriptionOptions{.qos = kQoS1}, 3);
    bench.a.subscribe("$share/h/t", SubscriptionOptions{.qos = kQoS1}, 4);
    bench.a.subscribe("$share/g/+", SubscriptionOptions{.qos = kQoS0}, 5);
    bench.publish("t", "x", kQoS1);
    std::multiset<std::vector<std::uint32_t>> identifiers;
    while (!bench.a.silent()) {
        auto got = bench.a.expect<mqtt::Publish>().properties.subscription_identifiers;
        std::ranges::sort(got);
        identifiers.insert(got);
    }
    CHECK(identifiers == std::multiset<std::vector<std::uint32_t>>{{1, 2}, {3}, {4}, {5}});
}

TEST_CASE("SUBSCRIBE once more replaces options and identifier of a member [MQTT-3.8.4-3]") {
    Bench bench;
    bench.a.subscribe("$share/g/t", SubscriptionOptions{.qos = kQoS2}, 3);
    bench.a.subscribe("$share/g/t", SubscriptionOptions{.qos = kQoS1}, 9);
    bench.publish("t", "x", kQoS2);
    const mqtt::Publish got = bench.a.expect<mqtt::Publish>();
    CHECK(got.qos == kQoS1);
    CHECK(got.properties.subscription_identifiers == std::vector<std::uint32_t>{9});
    CHECK(bench.a.silent());
    CHECK(bench.rig.core.counters().shared_subscriptions == 1);
}

TEST_CASE("a shared subscription gets no retained messages, whatever its Retain Handling") {
    Bench bench;
    bench.publisher.publish("t", "retained", kQoS0, 0, true);
    bench.a.subscribe("$share/g/t", SubscriptionOptions{.retain_as_published = true});
    bench.a.subscribe("$share/h/t",
                      SubscriptionOptions{.retain_handling = mqtt::RetainHandling::SendIfNew});
    CHECK(bench.a.silent());
    bench.publisher.publish("t", "live", kQoS0, 0, true);
    const bool first = bench.a.expect<mqtt::Publish>().retain;
    const bool second = bench.a.expect<mqtt::Publish>().retain;
    CHECK(first != second);  // as published to the one group, cleared to the other
}

TEST_CASE(
    "a shared subscription that is none closes the connection [MQTT-4.8.2-1]"
    " [MQTT-4.8.2-2]") {
    for (const char* filter : {"$share//t", "$share/+/t", "$share/#/t", "$share/g+/t", "$share/g",
                               "$share/g/", "$share/"}) {
        CAPTURE(filter);
        Bench bench;
        bench.a.send_subscribe(filter, {});
        CHECK(bench.a.expect<mqtt::Disconnect>().reason == ReasonCode::TopicFilterInvalid);
        CHECK(bench.a.closed());
    }
}

TEST_CASE("$share alone, and longer words, are filters like any others") {
    Bench bench;
    CHECK(bench.a.subscribe("$share") == ReasonCode::Success);
    CHECK(bench.a.subscribe("$shared/g/t") == ReasonCode::Success);
    CHECK(bench.rig.core.counters().shared_subscriptions == 0);
}

TEST_CASE("UNSUBSCRIBE ends membership, and only that [MQTT-3.10.4-1] [MQTT-3.10.4-2]") {
    Bench bench;
    bench.a.subscribe("$share/g/t");
    bench.a.subscribe("t");
    bench.b.subscribe("$share/g/t");
    bench.a.send(mqtt::Unsubscribe{
        .packet_id = 1, .filters = {"$share/h/t", "$share/g/t", "$share/g/t"}, .properties = {}});
    CHECK(bench.a.expect<mqtt::Unsuback>().reasons ==
          std::vector{ReasonCode::NoSubscriptionExisted, ReasonCode::Success,
                      ReasonCode::NoSubscriptionExisted});
    for (int i = 0; i < 4; ++i)
        bench.publish("t", "x");
    CHECK(count_all(bench.a) == 4);
    CHECK(count_all(bench.b) == 4);
}

TEST_CASE("peers are told the filter of a group: interest and barrier") {
    Bench bench;
    bench.a.subscribe("$share/g/t/+");
    bench.b.subscribe("$share/g/t/+");
    bench.b.subscribe("$share/h/t/+");
    bench.b.subscribe("t/+");
    bench.b.subscribe("$share/g/$SYS/#");
    CHECK(bench.rig.cluster.interest == Messages{"+t/+"});
    CHECK(bench.rig.cluster.barriers == std::vector<Messages>(4, {"t/+"}));
    Messages filters;
    bench.rig.core.for_each_interest([&](std::string_view f) { filters.emplace_back(f); });
    CHECK(filters == Messages{"t/+"});
    bench.b.drop();
    CHECK(bench.rig.cluster.interest.size() == 1);
    bench.a.drop();
    CHECK(bench.rig.cluster.interest == Messages{"+t/+", "-t/+"});
}

TEST_CASE("a message of a peer goes to one member") {
    Bench bench;
    bench.a.subscribe("$share/g/t");
    bench.b.subscribe("$share/g/t");
    const auto message = broker::MessageRef::make({.topic = "t", .payload = as_bytes("x")});
    bench.rig.core.deliver(message, bench.rig.now, bench.rig.effects);
    bench.rig.collect();
    CHECK(count_all(bench.a) + count_all(bench.b) == 1);
}

TEST_CASE("topics of the node itself can be shared") {
    Bench bench;
    CHECK(bench.a.subscribe("$share/g/$SYS/broker/x") == ReasonCode::Success);
    bench.rig.core.publish_sys("$SYS/broker/x", "1", bench.rig.now, bench.rig.effects);
    bench.rig.collect();
    CHECK(bench.a.expect_message() == "$SYS/broker/x=1");
}

TEST_CASE("wildcards of a group at the beginning do not match $ topics [MQTT-4.7.2-1]") {
    Bench bench;
    bench.a.subscribe("$share/g/#");
    bench.a.subscribe("$share/g/+/broker/x");
    bench.rig.core.publish_sys("$SYS/broker/x", "1", bench.rig.now, bench.rig.effects);
    bench.rig.collect();
    CHECK(bench.a.silent());
}

TEST_CASE("groups that come and go are seen by topics that were matched before") {
    Bench bench;
    bench.b.subscribe("t/x");
    const auto shares_of_a = [&] {
        bench.publish("t/x", "m");
        CHECK(count_all(bench.b) == 1);
        return count_all(bench.a);
    };
    CHECK(shares_of_a() == 0);
    bench.a.subscribe("$share/g/t/x");
    CHECK(shares_of_a() == 1);
    bench.a.subscribe("$share/g/t/+");
    bench.a.subscribe("$share/h/t/x");
    CHECK(shares_of_a() == 3);
    for (const char* filter : {"$share/g/t/x", "$share/g/t/+"}) {
        bench.a.send(mqtt::Unsubscribe{.packet_id = 1, .filters = {filter}, .properties = {}});
        bench.a.expect<mqtt::Unsuback>();
    }
    CHECK(shares_of_a() == 1);
}

TEST_CASE("a publisher that is a member may get its own message") {
    Bench bench;
    bench.publisher.subscribe("$share/g/t");
    bench.publish("t", "x");
    CHECK(bench.publisher.expect_message() == "t=x");
}

TEST_CASE("a PUBACK says whether a group was there") {
    Bench bench;
    bench.publish("t", "x", kQoS1);
    CHECK(bench.publisher.expect<mqtt::Puback>().reason == ReasonCode::NoMatchingSubscribers);
    bench.a.subscribe("$share/g/t");
    bench.publish("t", "x", kQoS1);
    CHECK(bench.publisher.expect<mqtt::Puback>().reason == ReasonCode::Success);
}

TEST_CASE("$SYS counts the members of all groups") {
    Bench bench;
    bench.a.subscribe("$share/g/t");
    bench.a.subscribe("$share/h/t");
    bench.b.subscribe("$share/g/t");
    bench.a.subscribe("$SYS/broker/shared_subscriptions/count");
    CHECK(bench.a.expect_message() == "$SYS/broker/shared_subscriptions/count=0");
    bench.rig.advance(Duration::seconds(11));
    CHECK(bench.a.expect_message() == "$SYS/broker/shared_subscriptions/count=3");
    bench.b.leave();
    bench.rig.advance(Duration::seconds(11));
    CHECK(bench.a.expect_message() == "$SYS/broker/shared_subscriptions/count=2");
}

TEST_CASE("where sharing is not offered it is refused: 0x9E, 3.1.1 0x80") {
    Bench bench(broker::Limits{.shared_subscription_available = false});
    CHECK(bench.a.connack.properties.shared_subscription_available == 0);
    CHECK(bench.a.subscribe("$share/g/t") == ReasonCode::SharedSubscriptionsNotSupported);
    TestClient old(bench.rig, Hello{.client_id = "old", .version = ProtocolVersion::V311});
    CHECK(old.subscribe("$share/g/t") == ReasonCode::UnspecifiedError);
    CHECK(bench.rig.cluster.interest.empty());
    CHECK(bench.rig.cluster.barriers.empty());
}

TEST_CASE("where sharing is offered the CONNACK does not deny it") {
    const Bench bench;
    CHECK_FALSE(bench.a.connack.properties.shared_subscription_available);
}

TEST_CASE("so many groups there are and no more, and what is there may be joined") {
    Bench bench(broker::Limits{.shared_groups_max = 2});
    CHECK(bench.a.subscribe("$share/g/t") == ReasonCode::Success);
    CHECK(bench.a.subscribe("$share/h/t") == ReasonCode::Success);
    CHECK(bench.a.subscribe("$share/i/t") == ReasonCode::QuotaExceeded);
    CHECK(bench.a.subscribe("$share/h/t", kQoS1) == ReasonCode::GrantedQoS1);
    CHECK(bench.b.subscribe("$share/h/t") == ReasonCode::Success);
    CHECK(bench.b.subscribe("i") == ReasonCode::Success);
    bench.a.drop();
    CHECK(bench.b.subscribe("$share/i/t") == ReasonCode::Success);
}

TEST_CASE("so many members a group has and no more") {
    Bench bench(broker::Limits{.shared_members_max = 2});
    TestClient c(bench.rig, {"c"});
    CHECK(bench.a.subscribe("$share/g/t") == ReasonCode::Success);
    CHECK(bench.b.subscribe("$share/g/t") == ReasonCode::Success);
    CHECK(c.subscribe("$share/g/t") == ReasonCode::QuotaExceeded);
    CHECK(c.subscribe("$share/h/t") == ReasonCode::Success);
    CHECK(bench.a.subscribe("$share/g/t", kQoS1) == ReasonCode::GrantedQoS1);
    bench.a.drop();
    CHECK(c.subscribe("$share/g/t") == ReasonCode::Success);
}

TEST_CASE("shared and plain subscriptions of a session have one bound") {
    Bench bench(broker::Limits{.subscriptions_per_session_max = 2});
    CHECK(bench.a.subscribe("t") == ReasonCode::Success);
    CHECK(bench.a.subscribe("$share/g/t") == ReasonCode::Success);
    CHECK(bench.a.subscribe("u") == ReasonCode::QuotaExceeded);
    CHECK(bench.a.subscribe("$share/h/t") == ReasonCode::QuotaExceeded);
    CHECK(bench.a.subscribe("$share/g/t", kQoS1) == ReasonCode::GrantedQoS1);
}
