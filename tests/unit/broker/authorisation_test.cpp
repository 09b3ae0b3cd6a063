// Who may do what: which permission is asked for what, and whose a session is.
#include <doctest/doctest.h>

#include "runtime/broker/command.h"
#include "tests/support/broker_rig.h"
#include "tests/support/rules_policy.h"

using namespace lotmesh;
using namespace lotmesh::test;
using broker::AuditKind;
using broker::Permission;

namespace {

constexpr std::uint32_t kLong = 1000;  // session expiry

struct Bench {
    TestClient client(std::string_view id, std::string_view user) {
        return {rig, Hello{.client_id = id, .user_name = user}};
    }
    ReasonCode answer(const Hello& hello) {
        TestClient one(rig, hello.version);
        one.connect(hello);
        const ReasonCode reason = one.expect<mqtt::Connack>().reason;
        CHECK(one.closed() == (reason != ReasonCode::Success));
        return reason;
    }

    RulesPolicy policy;
    BrokerRig rig{{}, policy};
};

mqtt::Will will_to(std::string_view topic, bool retain = false) {
    return {.topic = topic, .payload = as_bytes("w"), .retain = retain, .properties = {}};
}

}  // namespace

TEST_CASE("S27 a session of one user is not for another, and its owner is not disconnected") {
    Bench bench;
    TestClient owner(bench.rig, Hello{.client_id = "x", .user_name = "ada"});
    for (const bool clean_start : {false, true})
        for (const std::optional<std::string_view> user :
             {std::optional<std::string_view>("bob"), std::optional<std::string_view>()})
            CHECK(bench.answer(
                      Hello{.client_id = "x", .user_name = user, .clean_start = clean_start}) ==
                  ReasonCode::NotAuthorized);
    CHECK_FALSE(owner.closed());
    CHECK(owner.subscribe("a") == ReasonCode::Success);
    CHECK(bench.rig.last_audit().kind == AuditKind::ConnectionRefused);
    CHECK(bench.rig.last_audit().client_id == "x");
}

TEST_CASE("S27 nor is it while its owner is away: what waits for her stays hers") {
    Bench bench;
    const Hello hers{
        .client_id = "x", .user_name = "ada", .clean_start = false, .session_expiry_sec = kLong};
    TestClient owner(bench.rig, hers);
    owner.subscribe("a", kQoS1);
    owner.drop();
    TestClient(bench.rig, Hello{.client_id = "p"}).publish("a", "hers", kQoS1, 1);
    for (const bool clean_start : {false, true})
        CHECK(
            bench.answer(Hello{.client_id = "x", .user_name = "bob", .clean_start = clean_start}) ==
            ReasonCode::NotAuthorized);
    TestClient again(bench.rig, hers);
    CHECK(again.connack.session_present);
    CHECK(again.expect_message() == "a=hers");
}

TEST_CASE("S27 3.1.1 is told 5, and whoever names no user is one of their own") {
    Bench bench;
    const TestClient nameless(bench.rig, Hello{.client_id = "x"});
    TestClient other(bench.rig, ProtocolVersion::V311);
    other.connect(Hello{.client_id = "x", .user_name = "ada", .version = ProtocolVersion::V311});
    CHECK(bench.rig.outputs[other.conn()] == Bytes{0x20, 2, 0, 5});
    CHECK_FALSE(nameless.closed());
    const TestClient same(bench.rig, Hello{.client_id = "x"});
    CHECK(nameless.closed());
}

TEST_CASE("Connect: who may not is told 0x87, and no session is touched") {
    Bench bench;
    TestClient before(bench.rig, Hello{.client_id = "x", .user_name = "ada"});
    bench.policy.deny("ada", Permission::Connect);
    CHECK(bench.answer(Hello{.client_id = "x", .user_name = "ada"}) == ReasonCode::NotAuthorized);
    CHECK_FALSE(before.closed());
    CHECK(bench.rig.core.counters().denied.connects == 1);
}

TEST_CASE("Will and Retain are asked about the will of a CONNECT") {
    Bench bench;
    bench.policy.deny("ada", Permission::Will, "no/will");
    bench.policy.deny("ada", Permission::Retain, "no/retain");
    const auto answer = [&bench](const mqtt::Will& will) {
        return bench.answer(Hello{.user_name = "ada", .will = will});
    };
    CHECK(answer(will_to("no/will")) == ReasonCode::NotAuthorized);
    CHECK(answer(will_to("no/retain", true)) == ReasonCode::NotAuthorized);
    CHECK(answer(will_to("no/retain")) == ReasonCode::Success);
    bench.policy.deny("ada", Permission::Publish);  // is asked about PUBLISH only
    CHECK(answer(will_to("other", true)) == ReasonCode::Success);
}

TEST_CASE("Publish is asked at each PUBLISH, Retain where the flag is set") {
    Bench bench;
    bench.policy.deny("ada", Permission::Publish, "no");
    bench.policy.deny("ada", Permission::Retain, "fleeting");
    TestClient ada = bench.client("a", "ada");
    const auto answer = [&ada](std::string_view topic, bool retain) {
        ada.publish(topic, "x", kQoS1, 1, retain);
        return ada.expect<mqtt::Puback>().reason;
    };
    CHECK(answer("no", false) == ReasonCode::NotAuthorized);
    CHECK(answer("fleeting", true) == ReasonCode::NotAuthorized);
    CHECK(answer("fleeting", false) == ReasonCode::NoMatchingSubscribers);
    CHECK(answer("kept", true) == ReasonCode::NoMatchingSubscribers);
    CHECK(bench.rig.cluster.messages.size() == 2);
    CHECK(bench.rig.core.counters().denied.publishes == 2);
    // Deleting is writing.
    ada.publish("fleeting", "", kQoS1, 1, true);
    CHECK(ada.expect<mqtt::Puback>().reason == ReasonCode::NotAuthorized);
}

TEST_CASE("an alias does not get past Publish") {
    Bench bench;
    bench.policy.deny("ada", Permission::Publish, "no");
    TestClient ada = bench.client("a", "ada");
    mqtt::Publish packet = TestClient::message("no", "x", kQoS1, 1);
    packet.properties.topic_alias = std::uint16_t{1};
    ada.send(packet);
    CHECK(ada.expect<mqtt::Puback>().reason == ReasonCode::NotAuthorized);
    packet.topic = "";
    ada.send(packet);
    CHECK(ada.expect<mqtt::Puback>().reason == ReasonCode::NotAuthorized);
}

TEST_CASE("S25 Subscribe is asked about the inner filter of a shared subscription") {
    Bench bench;
    bench.policy.deny("ada", Permission::Subscribe, "secret/#");
    TestClient ada = bench.client("a", "ada");
    CHECK(ada.subscribe("secret/#") == ReasonCode::NotAuthorized);
    CHECK(ada.subscribe("$share/g/secret/#") == ReasonCode::NotAuthorized);
    CHECK(ada.subscribe("$share/secret/open") == ReasonCode::Success);
    CHECK(bench.rig.core.counters().denied.subscribes == 2);
    for (const char* wrong : {"$share//secret/#", "$share/+/secret/#", "$share/#", "$share/g"}) {
        TestClient client = bench.client("b", "bob");
        client.send_subscribe(wrong, {});
        CHECK(mqtt::is_error(client.expect<mqtt::Disconnect>().reason));
    }
}

TEST_CASE("Sys is asked instead of Subscribe and Receive below $SYS") {
    Bench bench;
    bench.policy.deny("ada", Permission::Subscribe);
    bench.policy.deny("ada", Permission::Receive);
    bench.policy.deny("ada", Permission::Sys, "$SYS/broker/secret");
    TestClient ada = bench.client("a", "ada");
    const auto say = [&bench](std::string_view topic) {
        bench.rig.core.publish_sys(topic, "1", bench.rig.now, bench.rig.effects);
        bench.rig.collect();
    };
    say("$SYS/broker/open");
    say("$SYS/broker/secret");
    CHECK(ada.subscribe("$SYS/broker/open") == ReasonCode::Success);
    CHECK(ada.expect_message() == "$SYS/broker/open=1");
    CHECK(ada.subscribe("$SYS/broker/secret") == ReasonCode::NotAuthorized);
    CHECK(ada.subscribe("$SYS/+/secret") == ReasonCode::Success);
    say("$SYS/broker/secret");
    CHECK(ada.silent());
    bench.policy.deny("bob", Permission::Sys);
    TestClient bob = bench.client("b", "bob");
    CHECK(bob.subscribe("$SYS/#") == ReasonCode::NotAuthorized);
    CHECK(bob.subscribe("#") == ReasonCode::Success);
}

TEST_CASE("S26 a broad subscription brings neither what is not to be received nor $ topics") {
    Bench bench;
    bench.policy.deny("ada", Permission::Receive, "secret/#");
    TestClient bob = bench.client("b", "bob");
    bob.publish("secret/kept", "x", kQoS0, 0, true);
    bob.publish("open/kept", "x", kQoS0, 0, true);
    TestClient ada = bench.client("a", "ada");
    for (const char* filter : {"#", "+/#", "+/+"}) {
        ada.subscribe(filter, kQoS1);
        CHECK(ada.expect_message() == "open/kept=x");
        CHECK(ada.silent());
    }
    bob.publish("secret/1", "x");
    bob.publish("secret/2", "x", kQoS1, 1);
    CHECK(bob.expect<mqtt::Puback>().reason == ReasonCode::NoMatchingSubscribers);
    bench.rig.core.publish_sys("$SYS/broker/x", "1", bench.rig.now, bench.rig.effects);
    bench.rig.collect();
    CHECK(ada.silent());
    bob.publish("open", "x");
    CHECK(ada.expect_message() == "open=x");
    CHECK(bench.rig.core.counters().denied.receives == 5);
}

TEST_CASE("a member of a group that may not receive a message is not chosen for it") {
    Bench bench;
    bench.policy.deny("ada", Permission::Receive, "jobs/secret");
    TestClient ada = bench.client("a", "ada");
    TestClient bob = bench.client("b", "bob");
    TestClient publisher = bench.client("p", "p");
    ada.subscribe("$share/g/jobs/+", kQoS1);
    publisher.publish("jobs/secret", "0", kQoS1, 1);
    CHECK(publisher.expect<mqtt::Puback>().reason == ReasonCode::NoMatchingSubscribers);
    bob.subscribe("$share/g/jobs/+", kQoS1);
    for (int i = 0; i < 4; ++i)
        publisher.publish("jobs/secret", "x", kQoS1, 1);
    for (int i = 0; i < 4; ++i)
        CHECK(bob.expect_message() == "jobs/secret=x");
    CHECK(ada.silent());
    publisher.publish("jobs/open", "x", kQoS1, 1);
    CHECK(ada.expect_message() == "jobs/open=x");
}

TEST_CASE("of a group whose members here may not, one that is away and may gets the message") {
    Bench bench;
    bench.policy.deny("ada", Permission::Receive, "jobs/secret");
    TestClient ada = bench.client("a", "ada");
    ada.subscribe("$share/g/jobs/+", kQoS1);
    const Hello his{
        .client_id = "b", .user_name = "bob", .clean_start = false, .session_expiry_sec = kLong};
    TestClient bob(bench.rig, his);
    bob.subscribe("$share/g/jobs/+", kQoS1);
    bob.drop();
    TestClient publisher = bench.client("p", "p");
    publisher.publish("jobs/secret", "x", kQoS1, 1);
    CHECK(ada.silent());
    TestClient again(bench.rig, his);
    CHECK(again.expect_message() == "jobs/secret=x");
}

TEST_CASE("Admin is asked about commands instead of where they come from") {
    Bench bench;
    bench.policy.deny("ada", Permission::Admin);
    bench.policy.deny("root", Permission::Publish);
    TestClient ada(bench.rig, Hello{.client_id = "a", .user_name = "ada", .loopback = true});
    TestClient root(bench.rig, Hello{.client_id = "r", .user_name = "root"});
    ada.publish(broker::kCommandTopic, "-listRoutes", kQoS1, 1);
    CHECK(ada.expect<mqtt::Puback>().reason == ReasonCode::NotAuthorized);
    root.publish(broker::kCommandTopic, "-listRoutes", kQoS1, 1);
    CHECK(root.expect<mqtt::Puback>().reason == ReasonCode::Success);
}

TEST_CASE("the answer to a command is published to where who gave it could publish") {
    Bench bench;
    bench.policy.deny("root", Permission::Publish, "secret");
    TestClient root(bench.rig, Hello{.client_id = "r", .user_name = "root"});
    const auto reply_topic = [&](std::string_view topic) {
        mqtt::Publish command = TestClient::message(broker::kCommandTopic, "-x");
        const std::string property =
            std::string("\x08\x00", 2) + static_cast<char>(topic.size()) + std::string(topic);
        command.properties.forwarded.assign(property.begin(), property.end());
        root.send(command);
        return std::get<broker::Command>(bench.rig.actions.back()).reply_to.topic;
    };
    CHECK(reply_topic("open").starts_with("open"));
    CHECK(reply_topic("secret").empty());
}

TEST_CASE("where there are no rules nobody is asked anything after the CONNECT") {
    Bench bench;
    bench.policy.has_rules = false;
    for (const Permission permission :
         {Permission::Connect, Permission::Publish, Permission::Subscribe, Permission::Receive})
        bench.policy.deny("ada", permission);
    TestClient ada = bench.client("a", "ada");
    CHECK(ada.subscribe("#") == ReasonCode::Success);
    ada.publish("a", "x");
    CHECK(ada.expect_message() == "a=x");
}
