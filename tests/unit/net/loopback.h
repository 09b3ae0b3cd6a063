// Two ends of a TCP connection on one loop, and a record of everything that was called back.
#pragma once

#include <doctest/doctest.h>

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "runtime/net/connections.h"
#include "runtime/net/connector.h"
#include "runtime/net/signals.h"
#include "runtime/net/tcp_listener.h"
#include "runtime/net/timer.h"

namespace lotmesh::net {

// Turns the loop until `done`; a test that waits for longer than this has failed.
inline void run_until(Loop& loop, const std::function<bool()>& done) {
    bool expired = false;
    Timer limit(loop, [&expired] { expired = true; });
    limit.start_in(Duration::seconds(10));
    while (!done() && !expired)
        loop.run_turn();
    REQUIRE_FALSE(expired);
}

inline void run_for(Loop& loop, Duration duration) {
    bool over = false;
    Timer timer(loop, [&over] { over = true; });
    timer.start_in(duration);
    while (!over)
        loop.run_turn();
}

class Loopback : public ConnectionEvents, public DialEvents {
public:
    Loopback() : Loopback(Connections::kDrainMax) {}
    explicit Loopback(Duration drain_max)
        : connections(loop, *this, drain_max), connector(loop, *this, Duration::milliseconds(300)) {
        ignore_broken_pipes();
        auto opened = TcpListener::open(loop, *Address::parse("127.0.0.1", 0),
                                        [this](FileDescriptor socket, const Address&) {
                                            server = *connections.adopt(std::move(socket));
                                        });
        REQUIRE(opened.has_value());
        listener = std::move(*opened);
    }

    void connect() {
        connector.dial(1, "127.0.0.1", listener->address().port());
        run_until(loop, [this] { return client && server; });
    }

    void on_received(ConnectionId id, std::span<std::uint8_t> bytes) override {
        received[id] += as_text(bytes);
        received_calls[id] += 1;
    }
    void on_writable(ConnectionId id) override { writable[id] += 1; }
    void on_closed(ConnectionId id, std::string_view reason) override {
        closed.emplace_back(id, reason);
    }
    void on_dialled(std::uint64_t dial, FileDescriptor socket, const Address& remote) override {
        dialled.emplace_back(dial, remote.text());
        client = *connections.adopt(std::move(socket));
    }
    void on_dial_failed(std::uint64_t dial, DialFailure failure,
                        const std::string& reason) override {
        failed.push_back({dial, failure, reason});
    }

    WriteOutcome send(ConnectionId id, std::string_view text) {
        const ByteView runs[] = {as_bytes(text)};
        return connections.write(id, runs);
    }

    struct Failed {
        std::uint64_t dial;
        DialFailure failure;
        std::string reason;
    };

    Loop loop;
    Connections connections;
    Connector connector;
    std::unique_ptr<TcpListener> listener;
    ConnectionId client;
    ConnectionId server;
    std::map<ConnectionId, std::string> received;
    std::map<ConnectionId, int> received_calls;
    std::map<ConnectionId, int> writable;
    std::vector<std::pair<ConnectionId, std::string>> closed;
    std::vector<std::pair<std::uint64_t, std::string>> dialled;
    std::vector<Failed> failed;
};

}  // namespace lotmesh::net
