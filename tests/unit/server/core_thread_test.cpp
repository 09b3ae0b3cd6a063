#include "runtime/server/core_thread.h"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "tests/unit/server/node_fixture.h"

using namespace lotmesh;
using namespace lotmesh::server;

namespace {

// How often the other side has written: without Nagle's delay each write is a segment of its own.
std::uint32_t segments_received(const net::FileDescriptor& socket) {
    tcp_info info{};
    socklen_t size = sizeof(info);
    REQUIRE(::getsockopt(socket.get(), IPPROTO_TCP, TCP_INFO, &info, &size) == 0);
    return info.tcpi_data_segs_in;
}

}  // namespace

TEST_CASE("a client on a socket is answered by the node") {
    Fixture f;
    const auto client = f.client();
    send(client, connect_packet("c", 4));
    CHECK(f.receive(client, 4) == kConnAck);
    send(client, kPing + kPing);
    CHECK(f.receive(client, 4) == kPong + kPong);
    CHECK(f.core_.connection_count() == 1);
}

TEST_CASE("what one client publishes another one receives") {
    Fixture f;
    const auto subscriber = f.client();
    const auto publisher = f.client();
    send(subscriber, connect_packet("s", 4) + subscribe_packet("a/b"));
    CHECK(f.receive(subscriber, 9) == kConnAck + "\x90\x03\x00\x01\x00"s);
    send(publisher, connect_packet("p", 4) + publish_packet("a/b", "hello"));
    CHECK(f.receive(subscriber, 12) == publish_packet("a/b", "hello"));
}

TEST_CASE("a connection is written once in a turn, whoever made the turn's output") {
    Fixture f;
    const auto subscriber = f.client();
    const auto one = f.client();
    const auto other = f.client();
    send(subscriber, connect_packet("s", 4) + subscribe_packet("a/b"));
    f.receive(subscriber, 9);
    for (const auto* publisher : {&one, &other}) {
        send(*publisher, connect_packet(publisher == &one ? "1" : "2", 4));
        f.receive(*publisher, 4);
    }
    const std::uint32_t before = segments_received(subscriber);
    std::string messages;
    for (int i = 0; i < 10; ++i)
        messages += publish_packet("a/b", "hello");
    send(one, messages);
    send(other, messages);
    CHECK(f.receive(subscriber, 2 * messages.size()) == messages + messages);
    CHECK(segments_received(subscriber) == before + 1);
}

TEST_CASE("a client that is gone is gone from the node") {
    Fixture f;
    {
        const auto client = f.client();
        send(client, connect_packet("c", 4));
        f.receive(client, 4);
    }
    f.turn_until([&] { return f.core_.connection_count() == 0; });
}

TEST_CASE("a packet before CONNECT ends the connection") {
    Fixture f;
    const auto client = f.client();
    send(client, kPing);
    f.turn_until([&] { return ended(client); });
}

TEST_CASE("what the node says about itself is retained for clients") {
    Fixture f;
    f.core_.publish_sys("$SYS/broker/routes/reload", "{}");
    const auto client = f.client();
    send(client, connect_packet("c", 4) + subscribe_packet("$SYS/broker/routes/reload"));
    const std::string expected =
        kConnAck + "\x90\x03\x00\x01\x00"s + "\x31\x1D\x00\x19$SYS/broker/routes/reload{}"s;
    CHECK(f.receive(client, expected.size()) == expected);
}

TEST_CASE("shutting down tells v5 clients why and ends every connection") {
    Fixture f;
    const auto v5 = f.client();
    const auto v3 = f.client();
    send(v5, connect_packet("a", 5));
    send(v3, connect_packet("b", 4));
    f.receive(v3, 4);
    const std::string head = f.receive(v5, 2);
    f.receive(v5, static_cast<std::size_t>(head[1]));
    f.core_.shut_down();
    const std::string goodbye = f.receive(v5, 3);
    CHECK(goodbye[0] == '\xE0');
    CHECK(goodbye[2] == '\x8B');
    f.turn_until([&] { return ended(v3); });
}

TEST_CASE("a route to where nobody listens is dialled without disturbing clients") {
    Fixture f;
    ir::Plan plan;
    plan.links.push_back({});
    plan.links[0].name = "ToNobody";
    plan.links[0].address = "127.0.0.1";
    plan.links[0].port = 1;
    plan.links[0].client_id = "label";
    f.core_.apply_plan(plan);
    const auto client = f.client();
    send(client, connect_packet("c", 4));
    CHECK(f.receive(client, 4) == kConnAck);
}

TEST_CASE("so many connections are taken, one more is closed before a byte of it is read") {
    Fixture f(nullptr, broker::Limits{.connections_max = 2});
    auto one = f.client();
    const auto two = f.client();
    const auto three = f.client();
    f.turn_until([&] { return ended(three); });
    CHECK(f.core_.connection_count() == 2);
    CHECK(f.core_.refused().at("$SYS/broker/refused/connections") == 1);
    one = net::FileDescriptor();
    f.turn_until([&] { return f.core_.connection_count() == 1; });
    const auto four = f.client();
    send(four, connect_packet("c", 4));
    CHECK(f.receive(four, 4) == kConnAck);
}

TEST_CASE("a listener has so many connections, one more is closed, and others do not count") {
    TransportRules rules;
    rules.listener = "narrow";
    rules.connections_max = 1;
    Fixture f(std::make_shared<const TransportRules>(rules));
    auto one = f.client();
    const auto two = f.client();
    f.turn_until([&] { return ended(two); });
    CHECK(f.core_.refused().at("$SYS/broker/refused/connections_of_listener") == 1);
    CHECK(f.core_.refused().at("$SYS/broker/refused/connections") == 0);
    one = net::FileDescriptor();
    f.turn_until([&] { return f.core_.connection_count() == 0; });
    const auto three = f.client();
    send(three, connect_packet("c", 4));
    CHECK(f.receive(three, 4) == kConnAck);
}
