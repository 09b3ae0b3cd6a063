// The policy takes its time with a CONNECT: who waits is not read from, and nothing is decided
// about anybody else meanwhile.
#include <doctest/doctest.h>

#include "tests/support/broker_rig.h"
#include "tests/support/rules_policy.h"

using namespace lotmesh;
using namespace lotmesh::test;

namespace {

struct Bench {
    explicit Bench(broker::Limits limits = {}) : rig(limits, policy) { policy.deferring = true; }

    void decide(broker::AuthTicket ticket, const broker::AuthVerdict& verdict) {
        rig.handle(broker::Authenticated{ticket, verdict});
    }
    void believe(broker::AuthTicket ticket, std::string user_name = "ada") {
        decide(ticket, {.user_name = std::move(user_name)});
    }

    RulesPolicy policy;
    BrokerRig rig;
};

}  // namespace

TEST_CASE("a CONNECT whose answer comes later is answered later") {
    Bench bench;
    TestClient client(bench.rig);
    client.connect(Hello{.user_name = "ada"});
    CHECK(client.silent());
    CHECK(bench.rig.count(broker::PauseReading{client.conn()}) == 1);
    bench.believe(1);
    CHECK(client.expect<mqtt::Connack>().reason == ReasonCode::Success);
    CHECK(bench.rig.count(broker::ResumeReading{client.conn()}) == 1);
    CHECK(client.subscribe("a") == ReasonCode::Success);
}

TEST_CASE("what followed the CONNECT is worked on when the answer is there [MQTT-3.1.4-6]") {
    Bench bench;
    TestClient client(bench.rig);
    Bytes bytes = client.encoded(TestClient::connect_packet(Hello{}));
    const Bytes publish = client.encoded(TestClient::message("a", "x", kQoS1, 7));
    bytes.insert(bytes.end(), publish.begin(), publish.end());
    client.send_raw(bytes);
    client.send(mqtt::Pingreq{});
    CHECK(client.silent());
    CHECK(bench.rig.cluster.messages.empty());
    bench.believe(1);
    client.expect<mqtt::Connack>();
    CHECK(client.expect<mqtt::Puback>().packet_id == 7);
    client.expect<mqtt::Pingresp>();
    CHECK(bench.rig.cluster.messages.size() == 1);
}

TEST_CASE("an answer can be a refusal, and nothing of what followed is taken [MQTT-3.1.4-6]") {
    Bench bench;
    TestClient client(bench.rig);
    client.connect(Hello{});
    client.publish("a", "x", kQoS1, 1);
    bench.decide(1, {.reason = ReasonCode::BadUserNameOrPassword, .why = "wrong password"});
    CHECK(client.expect<mqtt::Connack>().reason == ReasonCode::BadUserNameOrPassword);
    CHECK(client.silent());
    CHECK(client.closed());
    CHECK(bench.rig.cluster.messages.empty());
    CHECK(bench.policy.abandoned.empty());
    CHECK(bench.rig.last_audit().detail.ends_with("authentication failed: wrong password)"));
}

TEST_CASE("answers that nobody waits for are ignored") {
    Bench bench;
    bench.believe(5);
    TestClient client(bench.rig);
    client.connect(Hello{});
    bench.believe(2);
    CHECK(client.silent());
    bench.believe(1);
    client.expect<mqtt::Connack>();
    bench.believe(1);
    bench.decide(1, {.reason = ReasonCode::NotAuthorized});
    CHECK(client.silent());
    CHECK_FALSE(client.closed());
}

TEST_CASE("whoever goes while he waits is not waited for any more") {
    Bench bench;
    TestClient client(bench.rig);
    client.connect(Hello{});
    client.drop();
    CHECK(bench.policy.abandoned == std::vector<broker::AuthTicket>{1});
    bench.believe(1);
    CHECK(bench.rig.core.connected_clients() == 0);
}

TEST_CASE("the time for the CONNECT goes on while the policy thinks") {
    Bench bench(broker::Limits{.connect_timeout = Duration::seconds(5)});
    TestClient client(bench.rig);
    client.connect(Hello{});
    bench.rig.advance(Duration::seconds(4));
    CHECK_FALSE(client.closed());
    bench.rig.advance(Duration::seconds(2));
    CHECK(client.closed());
    CHECK(bench.policy.abandoned == std::vector<broker::AuthTicket>{1});
}

TEST_CASE("who waits can have the bytes of one CONNECT kept, one more ends the connection") {
    constexpr std::uint32_t kMax = 200;
    for (const std::size_t beyond : {0U, 1U}) {
        Bench bench(broker::Limits{.connect_bytes_max = kMax});
        TestClient client(bench.rig);
        client.connect(Hello{});
        for (std::size_t i = 0; i < kMax / 2; ++i)
            client.send_raw(client.encoded(mqtt::Pingreq{}));
        CHECK_FALSE(client.closed());
        client.send_raw(Bytes(beyond, 0xC0));
        CHECK(client.closed() == (beyond != 0));
        CHECK(bench.policy.abandoned.size() == beyond);
    }
}

TEST_CASE("a session is taken over only when the policy has decided") {
    Bench bench;
    bench.policy.deferring = false;
    const TestClient first(bench.rig, Hello{.user_name = "ada"});
    bench.policy.deferring = true;
    TestClient second(bench.rig);
    second.connect(Hello{.user_name = "ada"});
    CHECK_FALSE(first.closed());
    bench.believe(1);
    CHECK(first.closed());
    CHECK(second.expect<mqtt::Connack>().reason == ReasonCode::Success);
}

TEST_CASE("many may wait at a time, and are answered in any order") {
    Bench bench;
    std::deque<TestClient> clients;
    const std::vector<std::string> ids{"a", "b", "c", "d"};
    for (const std::string& id : ids) {
        clients.emplace_back(bench.rig);
        clients.back().connect(Hello{.client_id = id});
    }
    for (const broker::AuthTicket ticket : {3U, 1U, 4U, 2U})
        bench.believe(ticket);
    for (TestClient& client : clients)
        CHECK(client.expect<mqtt::Connack>().reason == ReasonCode::Success);
    CHECK(bench.rig.core.connected_clients() == 4);
}

TEST_CASE("a node that stops lets go of who waits") {
    Bench bench;
    TestClient client(bench.rig);
    client.connect(Hello{});
    bench.rig.core.shut_down(bench.rig.now, bench.rig.effects);
    bench.rig.collect();
    CHECK(client.silent());
    CHECK(client.closed());
    CHECK(bench.policy.abandoned == std::vector<broker::AuthTicket>{1});
}

TEST_CASE("a user name as long as the limit is asked about, a longer one is refused") {
    Bench bench(broker::Limits{.user_name_bytes_max = 3});
    bench.policy.deferring = false;
    const TestClient at_the_bound(bench.rig, Hello{.client_id = "a", .user_name = "abc"});
    TestClient beyond(bench.rig);
    beyond.connect(Hello{.client_id = "b", .user_name = "abcd"});
    CHECK(beyond.expect<mqtt::Connack>().reason == ReasonCode::BadUserNameOrPassword);
    CHECK(bench.policy.asked == 1);
}
