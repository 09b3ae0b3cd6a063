#include "runtime/server/core_thread.h"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <functional>
#include <memory>

#include "runtime/cluster/identity.h"
#include "runtime/net/signals.h"
#include "runtime/net/tcp_listener.h"
#include "tests/unit/server/temporary_folder.h"

using namespace lotmesh;
using namespace lotmesh::server;

namespace {

using namespace std::string_literals;

const std::string kConnAck = "\x20\x02\x00\x00"s;
const std::string kPing = "\xC0\x00"s;
const std::string kPong = "\xD0\x00"s;

std::string connect_packet(const std::string& id, char version) {
    const std::string properties = version == 5 ? "\0"s : ""s;
    const std::string body = "\x00\x04MQTT"s + version + "\x02\x00\x3C"s + properties + "\0"s +
                             static_cast<char>(id.size()) + id;
    return "\x10"s + static_cast<char>(body.size()) + body;
}

std::string publish_packet(const std::string& topic, const std::string& payload) {
    const std::string body = "\0"s + static_cast<char>(topic.size()) + topic + payload;
    return "\x30"s + static_cast<char>(body.size()) + body;
}

std::string subscribe_packet(const std::string& filter) {
    const std::string body = "\x00\x01\x00"s + static_cast<char>(filter.size()) + filter + "\x00"s;
    return "\x82"s + static_cast<char>(body.size()) + body;
}

cluster::NodeConfig node_config() {
    cluster::NodeConfig config;
    config.id = cluster::make_node_id(1, 2);
    config.name = "node";
    config.version = "test";
    return config;
}

// A real node on a loop, with clients that are plain sockets.
class Fixture {
public:
    Fixture() {
        net::ignore_broken_pipes();
        listener_ = std::move(
            *net::TcpListener::open(loop_, *net::Address::parse("127.0.0.1", 0),
                                    [this](net::FileDescriptor socket, const net::Address& remote) {
                                        core_.accepted(std::move(socket), remote);
                                    }));
        loop_.at_turn_end([this] { core_.end_turn(); });
    }

    net::FileDescriptor client() {
        net::FileDescriptor socket(::socket(AF_INET, SOCK_STREAM, 0));
        const net::Address& to = listener_->address();
        REQUIRE(::connect(socket.get(), to.get(), to.size()) == 0);
        return socket;
    }

    void turn_until(const std::function<bool()>& done) {
        bool expired = false;
        net::Timer limit(loop_, [&expired] { expired = true; });
        limit.start_in(Duration::seconds(10));
        while (!done() && !expired)
            loop_.run_turn();
        REQUIRE_FALSE(expired);
    }

    // Turns the loop until the socket has this many bytes for us.
    std::string receive(const net::FileDescriptor& socket, std::size_t size) {
        std::string text;
        turn_until([&] {
            char buffer[4096];
            const ssize_t got = ::recv(socket.get(), buffer,
                                       std::min(sizeof(buffer), size - text.size()), MSG_DONTWAIT);
            if (got > 0) text.append(buffer, static_cast<std::size_t>(got));
            return text.size() >= size;
        });
        return text;
    }

    net::Loop loop_;
    CoreThread core_{loop_, node_config()};
    std::unique_ptr<net::TcpListener> listener_;
};

void send(const net::FileDescriptor& socket, const std::string& text) {
    REQUIRE(::send(socket.get(), text.data(), text.size(), 0) == static_cast<ssize_t>(text.size()));
}

bool ended(const net::FileDescriptor& socket) {
    char byte = 0;
    return ::recv(socket.get(), &byte, 1, MSG_DONTWAIT) == 0;
}

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
