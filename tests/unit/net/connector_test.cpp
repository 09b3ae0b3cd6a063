#include "runtime/net/connector.h"

#include <sys/socket.h>

#include "tests/unit/net/loopback.h"

using namespace lotmesh;
using namespace lotmesh::net;

namespace {

// A port of this machine where nobody listens: bound, so nobody else takes it.
class SilentPort {
public:
    explicit SilentPort(int backlog_sockets)
        : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0)) {
        const Address any = *Address::parse("127.0.0.1", 0);
        REQUIRE(::bind(socket_.get(), any.get(), any.size()) == 0);
        address_ = *Address::local_of(socket_.get());
        if (backlog_sockets == 0) return;
        // A listener with a full queue drops what arrives: the other side waits.
        REQUIRE(::listen(socket_.get(), 0) == 0);
        for (int i = 0; i < backlog_sockets; ++i) {
            clients_.emplace_back(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
            (void)::connect(clients_.back().get(), address_.get(), address_.size());
        }
    }
    std::uint16_t port() const { return address_.port(); }

private:
    FileDescriptor socket_;
    std::vector<FileDescriptor> clients_;
    Address address_;
};

}  // namespace

TEST_CASE("a dial to a listener gives a connection and the address that was taken") {
    Loopback net;
    net.connect();
    REQUIRE(net.dialled.size() == 1);
    CHECK(net.dialled[0].first == 1);
    CHECK(net.dialled[0].second == net.listener->address().text());
    CHECK(net.connector.size() == 0);
}

TEST_CASE("a host name is resolved and each of its addresses is tried") {
    Loopback net;
    net.connector.dial(5, "localhost", net.listener->address().port());
    run_until(net.loop, [&] { return !net.dialled.empty() || !net.failed.empty(); });
    REQUIRE(net.dialled.size() == 1);
    CHECK(net.dialled[0].second == net.listener->address().text());
}

// What was asked for may be a secret of the one who asked.
TEST_CASE("a port where nobody listens is Refused, and the reason does not say which") {
    Loopback net;
    const SilentPort silent(0);
    net.connector.dial(7, "127.0.0.1", silent.port());
    CHECK(net.failed.empty());  // never inside dial()
    run_until(net.loop, [&] { return !net.failed.empty(); });
    CHECK(net.failed[0].dial == 7);
    CHECK(net.failed[0].failure == DialFailure::Refused);
    CHECK(net.failed[0].reason == "connection refused");
}

TEST_CASE("the addresses that a name has stand in the reason") {
    Loopback net;
    const SilentPort silent(0);
    net.connector.dial(7, "localhost", silent.port());
    run_until(net.loop, [&] { return !net.failed.empty(); });
    CHECK(net.failed[0].reason.find("127.0.0.1 connection refused") != std::string::npos);
}

TEST_CASE("a name that cannot be a host name is Unresolvable") {
    Loopback net;
    net.connector.dial(1, "no..such..name", 1883);
    net.connector.dial(2, std::string(3000, 'x'), 1883);
    run_until(net.loop, [&] { return net.failed.size() == 2; });
    for (const auto& failed : net.failed) {
        CHECK(failed.failure == DialFailure::Unresolvable);
        CHECK_FALSE(failed.reason.empty());
        CHECK(failed.reason.find("such") == std::string::npos);
        CHECK(failed.reason.find("xxx") == std::string::npos);
    }
}

TEST_CASE("a host that never answers is TimedOut after the total time") {
    Loopback net;
    const SilentPort silent(4);
    const Instant start = net.loop.now().instant;
    net.connector.dial(1, "127.0.0.1", silent.port());
    run_until(net.loop, [&] { return !net.failed.empty(); });
    CHECK(net.failed[0].failure == DialFailure::TimedOut);
    CHECK(net.loop.now().instant - start >= Duration::milliseconds(290));
}

TEST_CASE("a cancelled dial is answered by nothing, in each of its phases") {
    Loopback net;
    const SilentPort silent(4);
    net.connector.dial(1, "127.0.0.1", silent.port());
    net.connector.dial(2, "localhost", net.listener->address().port());
    net.connector.dial(3, "127.0.0.1", silent.port());
    net.connector.cancel(1);  // before it began
    net.connector.cancel(2);  // while it resolves
    run_for(net.loop, Duration::milliseconds(20));
    net.connector.cancel(3);  // while it connects
    net.connector.cancel(99);
    run_for(net.loop, Duration::milliseconds(350));
    CHECK(net.dialled.empty());
    CHECK(net.failed.empty());
    CHECK(net.connector.size() == 0);
    CHECK(net.connector.lookups_in_flight() == 0);
}

TEST_CASE("an address of the wrong kind for this machine fails without an attempt") {
    Loopback net;
    net.connector.dial(1, "255.255.255.255", 1883);
    run_until(net.loop, [&] { return !net.failed.empty(); });
    CHECK(net.failed[0].failure != DialFailure::Unresolvable);
    CHECK_FALSE(net.failed[0].reason.empty());
}
