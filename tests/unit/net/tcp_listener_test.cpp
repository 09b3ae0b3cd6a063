#include "runtime/net/tcp_listener.h"

#include <fcntl.h>
#include <sys/resource.h>

#include <algorithm>
#include <cerrno>

#include "tests/unit/net/loopback.h"

using namespace lotmesh;
using namespace lotmesh::net;

namespace {

// Nobody in this process can open a file while this lives.
class NoMoreFiles {
public:
    NoMoreFiles() {
        REQUIRE(::getrlimit(RLIMIT_NOFILE, &before_) == 0);
        const rlimit none{0, before_.rlim_max};
        REQUIRE(::setrlimit(RLIMIT_NOFILE, &none) == 0);
    }
    ~NoMoreFiles() { ::setrlimit(RLIMIT_NOFILE, &before_); }
    NoMoreFiles(const NoMoreFiles&) = delete;
    NoMoreFiles& operator=(const NoMoreFiles&) = delete;

private:
    rlimit before_{};
};

// Nobody in this process can open a file more than there are.
class AllFilesTaken {
public:
    AllFilesTaken() {
        REQUIRE(::getrlimit(RLIMIT_NOFILE, &before_) == 0);
        const int next = FileDescriptor(::open("/dev/null", O_RDONLY)).get();
        const rlimit few{static_cast<rlim_t>(next) + 10, before_.rlim_max};
        REQUIRE(::setrlimit(RLIMIT_NOFILE, &few) == 0);
        while (FileDescriptor taken{::open("/dev/null", O_RDONLY)})
            taken_.push_back(std::move(taken));
    }
    ~AllFilesTaken() { ::setrlimit(RLIMIT_NOFILE, &before_); }
    AllFilesTaken(const AllFilesTaken&) = delete;
    AllFilesTaken& operator=(const AllFilesTaken&) = delete;

private:
    rlimit before_{};
    std::vector<FileDescriptor> taken_;
};

bool is_closed_by_other_side(const FileDescriptor& socket) {
    char byte = 0;
    return ::recv(socket.get(), &byte, 1, MSG_DONTWAIT) == 0;
}

FileDescriptor connect_to(const Address& address) {
    FileDescriptor socket(::socket(AF_INET, SOCK_STREAM, 0));
    REQUIRE(::connect(socket.get(), address.get(), address.size()) == 0);
    return socket;
}

}  // namespace

TEST_CASE("a port in use is refused with the words of the system") {
    Loop loop;
    const auto ignore = [](FileDescriptor, const Address&) {};
    const auto first = TcpListener::open(loop, *Address::parse("127.0.0.1", 0), ignore);
    REQUIRE(first.has_value());
    const auto second = TcpListener::open(loop, (*first)->address(), ignore);
    REQUIRE_FALSE(second.has_value());
    CHECK(second.error().code == -EADDRINUSE);
    CHECK(second.error().text == "address already in use");
}

TEST_CASE("a burst of connections is accepted whole, each with its remote address") {
    Loop loop;
    std::vector<FileDescriptor> accepted;
    std::vector<std::string> remotes;
    const auto listener = TcpListener::open(loop, *Address::parse("127.0.0.1", 0),
                                            [&](FileDescriptor socket, const Address& remote) {
                                                accepted.push_back(std::move(socket));
                                                remotes.push_back(remote.text());
                                            });
    REQUIRE(listener.has_value());
    std::vector<FileDescriptor> clients;
    std::vector<std::string> expected;
    for (int i = 0; i < 150; ++i) {
        clients.push_back(connect_to((*listener)->address()));
        expected.push_back(Address::local_of(clients.back().get())->text());
    }
    run_until(loop, [&] { return accepted.size() == clients.size(); });
    CHECK(remotes == expected);
}

TEST_CASE("out of file descriptors the listener waits without spinning and goes on later") {
    Loop loop;
    std::vector<FileDescriptor> accepted;
    const auto listener = TcpListener::open(
        loop, *Address::parse("127.0.0.1", 0),
        [&](FileDescriptor socket, const Address&) { accepted.push_back(std::move(socket)); });
    REQUIRE(listener.has_value());
    const FileDescriptor client = connect_to((*listener)->address());
    int turns = 0;
    {
        const NoMoreFiles limit;
        bool over = false;
        Timer timer(loop, [&over] { over = true; });
        for (timer.start_in(Duration::milliseconds(250)); !over; ++turns)
            loop.run_turn();
        CHECK(accepted.empty());
    }
    CHECK(turns < 10);
    run_until(loop, [&] { return accepted.size() == 1; });
}

TEST_CASE("when all file descriptors are taken whoever comes is closed at once, and later taken") {
    Loop loop;
    std::vector<FileDescriptor> accepted;
    const auto listener = TcpListener::open(
        loop, *Address::parse("127.0.0.1", 0),
        [&](FileDescriptor socket, const Address&) { accepted.push_back(std::move(socket)); });
    REQUIRE(listener.has_value());
    const Address& to = (*listener)->address();
    std::vector<FileDescriptor> clients;
    for (int i = 0; i < 100; ++i)
        clients.emplace_back(::socket(AF_INET, SOCK_STREAM, 0));
    {
        const AllFilesTaken none_left;
        for (const FileDescriptor& client : clients)
            REQUIRE(::connect(client.get(), to.get(), to.size()) == 0);
        run_until(loop, [&] { return std::ranges::all_of(clients, is_closed_by_other_side); });
        CHECK(accepted.empty());
        CHECK((*listener)->turned_away() == 100);
    }
    const FileDescriptor late = connect_to(to);
    run_until(loop, [&] { return accepted.size() == 1; });
    CHECK((*listener)->turned_away() == 100);
}

TEST_CASE("addresses are read and written in numbers") {
    CHECK(Address::parse("127.0.0.1", 1883)->text() == "127.0.0.1:1883");
    CHECK(Address::parse("::1", 1883)->text() == "[::1]:1883");
    CHECK(Address::parse("::1", 1)->with_port(9).port() == 9);
    CHECK(Address::any_ipv4(1883).text() == "0.0.0.0:1883");
    CHECK(Address::any_ipv6(1883).text() == "[::]:1883");
    CHECK_FALSE(Address::parse("localhost", 1883).has_value());
    CHECK_FALSE(Address::parse("", 1883).has_value());
}
