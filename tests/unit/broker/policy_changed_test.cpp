// The rules change while everybody is there, or away.
#include <doctest/doctest.h>

#include "tests/support/broker_rig.h"
#include "tests/support/rules_policy.h"

using namespace lotmesh;
using namespace lotmesh::test;
using broker::AuditKind;
using broker::Permission;

namespace {

constexpr std::uint32_t kLong = 1000;  // session expiry

struct Bench {
    explicit Bench(const broker::Limits& limits = {}) : rig(limits, policy) {}

    Hello hello(std::string_view id, std::string_view user) const {
        return {
            .client_id = id, .user_name = user, .clean_start = false, .session_expiry_sec = kLong};
    }
    TestClient client(std::string_view id, std::string_view user) { return {rig, hello(id, user)}; }
    void change() { rig.handle(broker::PolicyChanged{}); }
    void deny(std::string user, Permission permission, std::string filter = {}) {
        policy.deny(std::move(user), permission, std::move(filter));
        change();
    }
    const broker::Denied& denied() const { return rig.core.counters().denied; }
    std::string retained(std::string_view filter) {
        TestClient reader(rig, Hello{.client_id = "reader"});
        reader.subscribe(filter);
        return reader.silent() ? "" : reader.expect_message();
    }

    RulesPolicy policy;
    BrokerRig rig;
    TestClient publisher{rig, Hello{.client_id = "publisher"}};
};

}  // namespace

TEST_CASE("who may not connect any more is disconnected with 0x87, and the session ends") {
    Bench bench;
    TestClient ada = bench.client("a", "ada");
    TestClient bob = bench.client("b", "bob");
    ada.subscribe("a", kQoS1);
    bench.deny("ada", Permission::Connect);
    CHECK(ada.expect<mqtt::Disconnect>().reason == ReasonCode::NotAuthorized);
    CHECK(ada.closed());
    CHECK_FALSE(bob.closed());
    CHECK(bench.rig.cluster.interest.back() == "-a");
    CHECK(bench.rig.audited(AuditKind::Disconnected) == 1);
    CHECK(bench.rig.last_audit().kind == AuditKind::PolicyChanged);
    CHECK(bench.rig.last_audit().detail == "sessions=3 ended=1 peers_ended=0");
    bench.policy.allow_all();
    CHECK_FALSE(bench.client("a", "ada").connack.session_present);
}

TEST_CASE("the session of who is away and may not connect any more ends as well") {
    Bench bench;
    bench.client("a", "ada").drop();
    bench.deny("ada", Permission::Connect);
    bench.policy.allow_all();
    CHECK_FALSE(bench.client("a", "ada").connack.session_present);
}

TEST_CASE("subscriptions that are not allowed any more are removed, counted and told") {
    Bench bench;
    TestClient ada = bench.client("a", "ada");
    for (const char* filter : {"open", "secret/1", "$share/g/secret/2"})
        ada.subscribe(filter, kQoS1);
    bench.deny("ada", Permission::Subscribe, "secret/#");
    CHECK(bench.denied().subscriptions_removed == 2);
    CHECK(bench.rig.audited(AuditKind::SubscriptionsRemoved) == 1);
    for (const char* topic : {"secret/1", "secret/2"}) {
        bench.publisher.publish(topic, "x", kQoS1, 1);
        CHECK(bench.publisher.expect<mqtt::Puback>().reason == ReasonCode::NoMatchingSubscribers);
    }
    CHECK(ada.silent());
    bench.publisher.publish("open", "x");
    CHECK(ada.expect_message() == "open=x");
    // Room again, and allowed again.
    bench.policy.allow_all();
    bench.change();
    CHECK(ada.subscribe("secret/1") == ReasonCode::Success);
}

TEST_CASE("what may be published, received and commanded is as the rules say now") {
    Bench bench;
    TestClient ada = bench.client("a", "ada");
    ada.subscribe("#");
    bench.deny("ada", Permission::Publish, "b");
    ada.publish("b", "x", kQoS1, 1);
    CHECK(ada.expect<mqtt::Puback>().reason == ReasonCode::NotAuthorized);
    bench.deny("ada", Permission::Receive, "c");
    bench.publisher.publish("c", "x");
    bench.publisher.publish("d", "x");
    CHECK(ada.expect_message() == "d=x");
}

TEST_CASE("S17 revoked while away: nothing of what waits or was in flight is delivered") {
    for (const bool told_at_once : {true, false}) {
        Bench bench;
        TestClient ada = bench.client("a", "ada");
        ada.subscribe("secret", kQoS2);
        ada.subscribe("open", kQoS2);
        bench.publisher.publish("secret", "in flight", kQoS2, 1);
        bench.publisher.publish("secret", "in flight", kQoS1, 2);
        ada.drop();
        bench.publisher.publish("secret", "queued", kQoS2, 3);
        bench.publisher.publish("open", "queued", kQoS2, 4);
        bench.policy.deny("ada", Permission::Receive, "secret");
        bench.policy.deny("ada", Permission::Subscribe, "secret");
        if (told_at_once) bench.change();
        TestClient again = bench.client("a", "ada");
        CHECK(again.connack.session_present);
        CHECK(again.expect_message() == "open=queued");
        CHECK(again.silent());
        bench.publisher.publish("secret", "live", kQoS2, 5);
        CHECK(again.silent());
        CHECK(bench.denied().subscriptions_removed == 1);
        CHECK(bench.denied().receives == 3);
    }
}

TEST_CASE("S17 what waits for a client that is slow is looked at when it is sent") {
    Bench bench;
    TestClient ada(bench.rig, Hello{.client_id = "a", .user_name = "ada", .receive_maximum = 1});
    ada.subscribe("#", kQoS1);
    for (const char* topic : {"first", "secret", "open"})
        bench.publisher.publish(topic, "x", kQoS1, 1);
    const mqtt::Publish first = ada.expect<mqtt::Publish>();
    bench.deny("ada", Permission::Receive, "secret");
    ada.puback(first.packet_id);
    CHECK(ada.expect_message() == "open=x");
}

TEST_CASE("S28 a will is asked about again when it is due: not allowed then, it is dropped") {
    Bench bench;
    TestClient watcher(bench.rig, Hello{.client_id = "watcher"});
    watcher.subscribe("w");
    const mqtt::Will will{.topic = "w", .payload = as_bytes("x"), .properties = {}};
    TestClient ada(bench.rig, Hello{.client_id = "a", .user_name = "ada", .will = will});
    TestClient bob(bench.rig, Hello{.client_id = "b", .user_name = "bob", .will = will});
    bench.deny("ada", Permission::Will, "w");
    ada.drop();
    CHECK(watcher.silent());
    CHECK(bench.denied().wills == 1);
    CHECK(bench.rig.last_audit().kind == AuditKind::WillDenied);
    CHECK(bench.rig.last_audit().detail == "w");
    bob.drop();
    CHECK(watcher.expect_message() == "w=x");
}

TEST_CASE("S28 nor is the will of a delay that outlives its connection sent, or a retained one") {
    Bench bench;
    mqtt::Will will{.topic = "w", .payload = as_bytes("x"), .retain = true, .properties = {}};
    will.properties.will_delay_interval_sec = 10;
    Hello hello = bench.hello("a", "ada");
    hello.will = will;
    TestClient(bench.rig, hello).drop();
    bench.rig.advance(Duration::seconds(5));
    bench.deny("ada", Permission::Retain, "w");
    bench.rig.advance(Duration::seconds(10));
    CHECK(bench.retained("w").empty());
    CHECK(bench.denied().wills == 1);
}

TEST_CASE("S28 the will of who is disconnected by the rules is not sent where they say so") {
    Bench bench;
    TestClient watcher(bench.rig, Hello{.client_id = "watcher"});
    watcher.subscribe("w");
    Hello hello = bench.hello("a", "ada");
    hello.will = mqtt::Will{.topic = "w", .payload = as_bytes("x"), .properties = {}};
    const TestClient ada(bench.rig, hello);
    bench.policy.deny("ada", Permission::Will);
    bench.deny("ada", Permission::Connect);
    CHECK(ada.closed());
    CHECK(watcher.silent());
}

TEST_CASE("S8 a retained message whose writer may not write it any more is not delivered") {
    Bench bench;
    TestClient ada = bench.client("a", "ada");
    ada.publish("hers/1", "x", kQoS0, 0, true);
    ada.publish("hers/2", "x", kQoS0, 0, true);
    bench.publisher.publish("other", "x", kQoS0, 0, true);
    ada.drop();
    CHECK(bench.retained("hers/1") == "hers/1=x");
    bench.deny("ada", Permission::Publish, "hers/1");
    CHECK(bench.retained("hers/1").empty());
    CHECK(bench.retained("hers/2") == "hers/2=x");
    CHECK(bench.retained("other") == "other=x");
    bench.deny("ada", Permission::Retain, "hers/2");
    CHECK(bench.retained("hers/+").empty());
    CHECK(bench.denied().retained_sources == 3);
    bench.policy.allow_all();
    bench.change();
    CHECK(bench.retained("hers/1") == "hers/1=x");
}

TEST_CASE("S8 who wrote it last counts, also with a will, and after a deletion nobody") {
    Bench bench;
    TestClient ada = bench.client("a", "ada");
    ada.publish("t", "hers", kQoS0, 0, true);
    bench.deny("ada", Permission::Publish, "t");
    CHECK(bench.retained("t").empty());
    bench.publisher.publish("t", "other", kQoS0, 0, true);
    CHECK(bench.retained("t") == "t=other");
    Hello hello = bench.hello("b", "bob");
    hello.will =
        mqtt::Will{.topic = "w", .payload = as_bytes("x"), .retain = true, .properties = {}};
    TestClient(bench.rig, hello).drop();
    CHECK(bench.retained("w") == "w=x");
    bench.deny("bob", Permission::Publish, "w");
    CHECK(bench.retained("w").empty());
}

TEST_CASE("S8 the source is not asked about where the node was told so") {
    Bench bench(broker::Limits{.retained_checks_source = false});
    TestClient ada = bench.client("a", "ada");
    ada.publish("t", "x", kQoS0, 0, true);
    bench.deny("ada", Permission::Publish);
    CHECK(bench.retained("t") == "t=x");
}

TEST_CASE("S8 a snapshot that waits for a SUBACK is looked at when it is sent") {
    Bench bench;
    TestClient ada = bench.client("a", "ada");
    ada.publish("t", "x", kQoS0, 0, true);
    TestClient reader(bench.rig, Hello{.client_id = "reader"});
    bench.rig.cluster.next_ticket = 1;
    reader.send_subscribe("t", {});
    bench.deny("ada", Permission::Publish);
    bench.rig.core.barrier_passed(1, bench.rig.now, bench.rig.effects);
    bench.rig.collect();
    reader.expect<mqtt::Suback>();
    CHECK(reader.silent());
}
