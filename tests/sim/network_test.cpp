// The simulated network keeps TCP's promises, and breaks what it is told to break.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/support/sim_network.h"

namespace lotmesh::sim {
namespace {

struct Recorder final : SocketOwner {
    void on_socket(const SocketEvent& event) override {
        kinds.push_back(event.kind);
        if (event.kind == SocketEventKind::Accepted || event.kind == SocketEventKind::Connected)
            socket = event.socket;
        text += as_text(event.bytes);
        reason = event.reason;
    }
    bool saw(SocketEventKind kind) const { return std::ranges::find(kinds, kind) != kinds.end(); }

    std::vector<SocketEventKind> kinds;
    Socket socket;
    std::string text;
    std::string reason;
};

struct TwoHosts {
    TwoHosts() {
        a_host = network.add_host();
        b_host = network.add_host();
        network.attach(a_host, a);
        network.attach(b_host, b);
    }
    void connect() {
        network.dial(a_host, b_host, 1);
        queue.run_for(Duration::milliseconds(10));
        REQUIRE(a.saw(SocketEventKind::Connected));
        REQUIRE(b.saw(SocketEventKind::Accepted));
    }
    void settle() { queue.run_for(Duration::seconds(1)); }

    EventQueue queue;
    Trace trace{false};
    Network network{queue, trace, 7};
    HostId a_host = 0;
    HostId b_host = 0;
    Recorder a;
    Recorder b;
};

std::string long_text() {
    std::string text;
    for (int i = 0; i < 60'000; ++i)
        text += static_cast<char>('a' + i % 23);
    return text;
}

TEST_CASE("bytes arrive whole and in order, however they are cut") {
    for (int run = 0; run < 8; ++run) {
        TwoHosts hosts;
        for (int i = 0; i < run; ++i)
            hosts.network.dial(hosts.a_host, hosts.b_host, 100 + static_cast<std::uint64_t>(i));
        hosts.connect();
        const std::string text = long_text() + long_text();
        hosts.network.write(hosts.a.socket, as_bytes(text));
        hosts.settle();
        CHECK(hosts.b.text == text);
    }
}

TEST_CASE("a stall delays, it does not lose") {
    TwoHosts hosts;
    hosts.connect();
    hosts.network.set_blocked(hosts.a_host, hosts.b_host, true);
    hosts.network.write(hosts.a.socket, as_bytes("one "));
    hosts.settle();
    CHECK(hosts.b.text.empty());
    hosts.network.write(hosts.b.socket, as_bytes("back"));
    hosts.settle();
    CHECK(hosts.a.text == "back");  // half-open: the other way goes on
    hosts.network.set_blocked(hosts.a_host, hosts.b_host, false);
    hosts.network.write(hosts.a.socket, as_bytes("two"));
    hosts.settle();
    CHECK(hosts.b.text == "one two");
}

TEST_CASE("a reset loses what is under way and tells both") {
    TwoHosts hosts;
    hosts.connect();
    hosts.network.write(hosts.a.socket, as_bytes("lost"));
    hosts.network.reset_between(hosts.a_host, hosts.b_host);
    hosts.settle();
    CHECK(hosts.b.text.empty());
    CHECK(hosts.a.saw(SocketEventKind::Closed));
    CHECK(hosts.b.saw(SocketEventKind::Closed));
}

TEST_CASE("a close hands over what was written") {
    TwoHosts hosts;
    hosts.connect();
    hosts.network.write(hosts.a.socket, as_bytes(long_text()));
    hosts.network.close(hosts.a.socket);
    hosts.settle();
    CHECK(hosts.b.text == long_text());
    CHECK(hosts.b.reason == "end of file");
    CHECK(hosts.a.saw(SocketEventKind::Closed));
}

TEST_CASE("a reader that pauses makes its writer congested, and writable again") {
    TwoHosts hosts;
    hosts.network.set_high_watermark(10'000);
    hosts.connect();
    hosts.network.pause(hosts.b.socket);
    const std::string text = long_text() + long_text();
    hosts.network.write(hosts.a.socket, as_bytes(text));
    hosts.settle();
    CHECK(hosts.b.text.empty());
    CHECK(hosts.a.saw(SocketEventKind::Congested));
    CHECK_FALSE(hosts.a.saw(SocketEventKind::Writable));
    hosts.network.resume(hosts.b.socket);
    hosts.settle();
    CHECK(hosts.b.text == text);
    CHECK(hosts.a.saw(SocketEventKind::Writable));
}

TEST_CASE("a dial fails as it does in life") {
    TwoHosts hosts;
    hosts.network.path(hosts.a_host, hosts.b_host).refusing = true;
    hosts.network.dial(hosts.a_host, hosts.b_host, 1);
    hosts.settle();
    CHECK(hosts.a.kinds == std::vector{SocketEventKind::Refused});

    TwoHosts apart;
    apart.network.set_blocked(apart.b_host, apart.a_host, true);
    apart.network.dial(apart.a_host, apart.b_host, 1);
    apart.queue.run_for(Duration::seconds(6));
    CHECK(apart.a.kinds == std::vector{SocketEventKind::TimedOut});
}

TEST_CASE("a crashed host is noticed only where its path is open") {
    TwoHosts hosts;
    hosts.connect();
    hosts.network.set_blocked(hosts.a_host, hosts.b_host, true);
    hosts.network.crash(hosts.a_host);
    hosts.settle();
    CHECK_FALSE(hosts.b.saw(SocketEventKind::Closed));
    hosts.network.set_blocked(hosts.a_host, hosts.b_host, false);
    hosts.settle();
    CHECK(hosts.b.saw(SocketEventKind::Closed));
}

}  // namespace
}  // namespace lotmesh::sim
