// What showed who a client is ends: a token, for example. The connection ends with it.
#include <doctest/doctest.h>

#include "tests/support/broker_rig.h"

using namespace lotmesh;
using namespace lotmesh::test;

namespace {

constexpr std::string_view kMethod = "TOKEN";

// Data is the seconds from now that it holds.
class Token final : public broker::AuthExchange {
public:
    explicit Token(Now now) : now_(now) {}
    broker::AuthStep step(std::string_view data) override {
        const std::int64_t ms = std::stoll(std::string(data)) * 1000;
        return {ReasonCode::Success, {}, "ada", {}, WallTime{now_.wall.ms + ms}};
    }

private:
    Now now_;
};

class Tokens final : public broker::Policy {
public:
    std::unique_ptr<broker::AuthExchange> begin_exchange(std::string_view, const broker::Origin&,
                                                         Now now) override {
        return std::make_unique<Token>(now);
    }
    broker::AuthVerdict authenticate(const broker::Credentials& credentials, Now now) override {
        if (!credentials.user_name) return {};
        return {.user_name = "ada", .ends_at = WallTime{now.wall.ms + 60'000}};
    }
    std::unique_ptr<const broker::Authority> authority_of(const broker::Principal&) override {
        return nullptr;
    }
};

struct Bench {
    Tokens policy;
    BrokerRig rig{{}, policy};

    TestClient with_token(std::uint16_t keep_alive_sec = 0, std::uint32_t expiry_sec = 0) {
        Hello hello{.client_id = "a",
                    .user_name = "ada",
                    .clean_start = false,
                    .session_expiry_sec = expiry_sec};
        hello.keep_alive_sec = keep_alive_sec;
        return {rig, hello};
    }
};

mqtt::Auth again(std::string_view seconds) {
    mqtt::Auth packet;
    packet.reason = ReasonCode::ReAuthenticate;
    packet.properties.authentication_method = kMethod;
    packet.properties.authentication_data = seconds;
    return packet;
}

}  // namespace

TEST_CASE("a connection ends with its token, by 0x87, also without a keep alive") {
    Bench bench;
    TestClient ada = bench.with_token();
    bench.rig.advance(Duration::seconds(59));
    CHECK_FALSE(ada.closed());
    bench.rig.advance(Duration::seconds(2));
    const auto last = ada.expect<mqtt::Disconnect>();
    CHECK(last.reason == ReasonCode::NotAuthorized);
    CHECK(last.properties.reason_string == "its token has ended; connect with a new one");
    CHECK(ada.closed());
}

TEST_CASE("traffic does not put off the end of a token, nor does the end come with a keep alive") {
    Bench bench;
    TestClient ada = bench.with_token(20);
    TestClient other(bench.rig, Hello{.client_id = "b", .keep_alive_sec = 20});
    for (int i = 0; i < 5; ++i) {
        bench.rig.advance(Duration::seconds(10));
        ada.send(mqtt::Pingreq{});
        other.send(mqtt::Pingreq{});
        ada.expect<mqtt::Pingresp>();
        other.expect<mqtt::Pingresp>();
    }
    bench.rig.advance(Duration::seconds(11));
    CHECK(ada.closed());
    CHECK_FALSE(other.closed());
}

TEST_CASE("the session stays, and goes on with a new token") {
    Bench bench;
    TestClient ada = bench.with_token(0, 1000);
    ada.subscribe("t", kQoS1);
    bench.rig.advance(Duration::seconds(61));
    REQUIRE(ada.closed());
    TestClient publisher(bench.rig, Hello{.client_id = "p"});
    publisher.publish("t", "x", kQoS1, 1);
    TestClient back = bench.with_token(0, 1000);
    CHECK(back.connack.session_present);
    CHECK(back.expect_message() == "t=x");
}

TEST_CASE("an AUTH with a new token moves the end, to a later or an earlier time") {
    for (const auto& [said, end_sec] : {std::pair{"100", 100}, std::pair{"5", 5}}) {
        Bench bench;
        TestClient client(bench.rig);
        mqtt::Connect packet = TestClient::connect_packet(Hello{.client_id = "a"});
        packet.properties.authentication_method = kMethod;
        packet.properties.authentication_data = "30";
        client.send(packet);
        client.expect<mqtt::Connack>();
        client.send(again(said));
        CHECK(client.expect<mqtt::Auth>().reason == ReasonCode::Success);
        bench.rig.advance(Duration::seconds(end_sec - 1));
        CHECK_FALSE(client.closed());
        bench.rig.advance(Duration::seconds(2));
        CHECK(client.expect<mqtt::Disconnect>().reason == ReasonCode::NotAuthorized);
    }
}

TEST_CASE("a peer is handed over with the end of its proof") {
    Bench bench;
    TestClient peer(bench.rig);
    mqtt::Connect packet =
        TestClient::connect_packet(Hello{.client_id = "node", .user_name = "ada"});
    packet.properties.user_properties.push_back({broker::kPeerProperty, "1"});
    peer.send(packet);
    REQUIRE(bench.rig.cluster.peers.size() == 1);
    CHECK(bench.rig.cluster.peers[0].proof_ends_at ==
          bench.rig.now.instant + Duration::seconds(60));
}
