#include <doctest/doctest.h>

#include <cmath>

#include "runtime/broker/sys_topics.h"
#include "tests/support/broker_rig.h"

using namespace lotmesh;
using namespace lotmesh::test;

namespace {

// All of a $SYS filter, as a map.
std::map<std::string, std::string> read(BrokerRig& rig, std::string_view filter) {
    TestClient reader(rig, Hello{.client_id = "reader"});
    reader.subscribe(filter);
    std::map<std::string, std::string> values;
    while (!reader.silent()) {
        const mqtt::Publish got = reader.expect<mqtt::Publish>();
        CHECK(got.retain);
        values[std::string(got.topic)] = as_text(got.payload);
    }
    reader.leave();
    return values;
}

}  // namespace

TEST_CASE("$SYS is there from the first event on, under mosquitto's names") {
    BrokerRig rig;
    const auto values = read(rig, "$SYS/#");
    CHECK(values.at("$SYS/broker/version") == "lotmesh version 1.2.3");
    CHECK(values.at("$SYS/broker/uptime") == "0 seconds");
    for (const char* name : {"bytes/received",
                             "bytes/sent",
                             "messages/received",
                             "messages/sent",
                             "messages/stored",
                             "messages/inflight",
                             "publish/messages/received",
                             "publish/messages/sent",
                             "publish/messages/dropped",
                             "publish/bytes/received",
                             "publish/bytes/sent",
                             "clients/total",
                             "clients/connected",
                             "clients/disconnected",
                             "clients/active",
                             "clients/inactive",
                             "clients/maximum",
                             "clients/expired",
                             "subscriptions/count",
                             "shared_subscriptions/count",
                             "retained messages/count",
                             "store/messages/count",
                             "store/messages/bytes",
                             "load/messages/received/1min",
                             "load/bytes/sent/15min",
                             "load/publish/dropped/5min",
                             "load/connections/1min",
                             "load/sockets/1min",
                             "drops/queue_full"})
        CHECK_MESSAGE(values.contains(std::string("$SYS/broker/") + name), name);
}

TEST_CASE("$SYS values follow what happens, every ten seconds") {
    BrokerRig rig;
    TestClient client(rig, Hello{.session_expiry_sec = 1000});
    client.subscribe("a", kQoS1);
    client.publish("a", "12345", kQoS1, 1, true);
    TestClient gone(rig, Hello{.client_id = "gone", .session_expiry_sec = 1000});
    gone.drop();
    rig.advance(Duration::seconds(11));
    const auto values = read(rig, "$SYS/broker/#");
    CHECK(values.at("$SYS/broker/clients/connected") == "1");
    CHECK(values.at("$SYS/broker/clients/total") == "2");
    CHECK(values.at("$SYS/broker/clients/disconnected") == "1");
    CHECK(values.at("$SYS/broker/subscriptions/count") == "1");
    CHECK(values.at("$SYS/broker/retained messages/count") == "1");
    CHECK(values.at("$SYS/broker/publish/messages/received") == "1");
    CHECK(values.at("$SYS/broker/publish/bytes/received") == "5");
    CHECK(values.at("$SYS/broker/messages/inflight") == "1");
    CHECK(values.at("$SYS/broker/uptime") == "10 seconds");
}

TEST_CASE("only values that changed are published again") {
    BrokerRig rig;
    TestClient client(rig, Hello{});
    client.subscribe("$SYS/broker/clients/#");
    while (!client.silent())
        client.expect<mqtt::Publish>();
    rig.advance(Duration::seconds(10));
    while (!client.silent())
        client.expect<mqtt::Publish>();  // one client more than at the start
    rig.advance(Duration::seconds(30));
    CHECK(client.silent());
}

TEST_CASE("the cluster's own status is retained and replaced") {
    BrokerRig rig;
    TestClient client(rig, Hello{});
    for (const char* payload : {"{1}", "{2}"}) {
        rig.core.publish_sys("$SYS/broker/cluster/status", payload, rig.now, rig.effects);
        rig.collect();
    }
    CHECK(read(rig, "$SYS/broker/cluster/status").at("$SYS/broker/cluster/status") == "{2}");
    CHECK(rig.cluster.messages.empty());
    for (const std::uint64_t digest : rig.core.retained_digests())
        CHECK(digest == 0);
}

TEST_CASE("load averages come near a steady rate, the short one first") {
    broker::LoadAverages averages;
    std::uint64_t total = 0;
    for (int i = 0; i < 12; ++i) {  // two minutes at 600 a minute
        total += 100;
        averages.sample(total, Duration::seconds(10));
    }
    const auto& rates = averages.per_minute();
    CHECK(rates[0] == doctest::Approx(600 * (1 - std::exp(-2.0))));
    CHECK(rates[1] == doctest::Approx(600 * (1 - std::exp(-2.0 / 5))));
    CHECK(rates[2] == doctest::Approx(600 * (1 - std::exp(-2.0 / 15))));
}

TEST_CASE("who subscribes to what is told below $SYS, where that is wanted, and not retained") {
    BrokerRig rig(broker::Limits{.topic_levels_max = 4}, {.log_subscriptions = true});
    TestClient listener(rig, Hello{.client_id = "listener"});
    listener.subscribe("$SYS/broker/log/#");
    CHECK(listener.expect_message() == "$SYS/broker/log/M/subscribe=listener 0 $SYS/broker/log/#");
    TestClient client(rig, Hello{.client_id = "client"});
    client.subscribe("a/+", kQoS1);
    CHECK(listener.expect_message() == "$SYS/broker/log/M/subscribe=client 1 a/+");
    CHECK(client.subscribe("1/2/3/4/5") == ReasonCode::TopicFilterInvalid);
    mqtt::Unsubscribe unsubscribe;
    unsubscribe.packet_id = 1;
    unsubscribe.filters = {"a/+", "b"};
    client.send(unsubscribe);
    CHECK(listener.expect_message() == "$SYS/broker/log/M/unsubscribe=client a/+");
    CHECK(listener.silent());

    BrokerRig quiet;
    TestClient nobody(quiet, Hello{.client_id = "nobody"});
    nobody.subscribe("$SYS/broker/log/#");
    TestClient(quiet, Hello{.client_id = "client"}).subscribe("a");
    CHECK(nobody.silent());
}

TEST_CASE("$SYS says how many clients wait since they publish too much") {
    broker::Limits limits;
    limits.publish_bytes_per_sec = 100;
    BrokerRig rig(limits);
    TestClient fast(rig, Hello{.client_id = "fast"});
    TestClient calm(rig, Hello{.client_id = "calm"});
    fast.publish("a", std::string(5'000, 'x'));
    fast.publish("a", "x");
    calm.publish("a", "x");
    rig.advance(Duration::seconds(10));
    auto values = read(rig, "$SYS/broker/sources/#");
    CHECK(values.at("$SYS/broker/sources/rate_pauses") == "1");
    CHECK(values.at("$SYS/broker/sources/rate_paused") == "1");
    rig.advance(Duration::seconds(50));
    values = read(rig, "$SYS/broker/sources/#");
    CHECK(values.at("$SYS/broker/sources/rate_paused") == "0");
}

TEST_CASE("$SYS says what was refused, by limit") {
    BrokerRig rig(broker::Limits{.packet_bytes_max = 100});
    TestClient client(rig, Hello{.client_id = "large"});
    client.publish("a", std::string(100, 'x'));
    rig.advance(Duration::seconds(10));
    const auto values = read(rig, "$SYS/broker/refused/#");
    CHECK(values.at("$SYS/broker/refused/packets") == "1");
    for (const char* name : {"sessions", "user_properties", "topics", "subscriptions",
                             "receive_maximum", "topic_aliases", "input", "retained"})
        CHECK(values.at(std::string("$SYS/broker/refused/") + name) == "0");
}
