// A real node on a loop, with clients that are plain sockets.
#pragma once

#include <doctest/doctest.h>
#include <sys/socket.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "runtime/cluster/identity.h"
#include "runtime/net/signals.h"
#include "runtime/net/tcp_listener.h"
#include "runtime/server/core_thread.h"

namespace lotmesh::server {

using namespace std::string_literals;

inline const std::string kConnAck = "\x20\x02\x00\x00"s;
inline const std::string kPing = "\xC0\x00"s;
inline const std::string kPong = "\xD0\x00"s;

inline std::string connect_packet(const std::string& id, char version) {
    const std::string properties = version == 5 ? "\0"s : ""s;
    const std::string body = "\x00\x04MQTT"s + version + "\x02\x00\x3C"s + properties + "\0"s +
                             static_cast<char>(id.size()) + id;
    return "\x10"s + static_cast<char>(body.size()) + body;
}

inline std::string publish_packet(const std::string& topic, const std::string& payload) {
    const std::string body = "\0"s + static_cast<char>(topic.size()) + topic + payload;
    return "\x30"s + static_cast<char>(body.size()) + body;
}

inline std::string subscribe_packet(const std::string& filter) {
    const std::string body = "\x00\x01\x00"s + static_cast<char>(filter.size()) + filter + "\x00"s;
    return "\x82"s + static_cast<char>(body.size()) + body;
}

inline cluster::NodeConfig node_config(const broker::Limits& limits = {}) {
    cluster::NodeConfig config;
    config.broker_limits = limits;
    config.id = cluster::make_node_id(1, 2);
    config.name = "node";
    config.version = "test";
    return config;
}

class Fixture {
public:
    // Rules: of what comes before MQTT.
    explicit Fixture(SharedRules rules = nullptr, const broker::Limits& limits = {})
        : core_(loop_, node_config(limits)) {
        net::ignore_broken_pipes();
        listener_ = std::move(*net::TcpListener::open(
            loop_, *net::Address::parse("127.0.0.1", 0),
            [this, rules](net::FileDescriptor socket, const net::Address& remote) {
                core_.accepted(std::move(socket), remote, rules);
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
    CoreThread core_;
    std::unique_ptr<net::TcpListener> listener_;
};

inline void send(const net::FileDescriptor& socket, const std::string& text) {
    REQUIRE(::send(socket.get(), text.data(), text.size(), 0) == static_cast<ssize_t>(text.size()));
}

inline bool ended(const net::FileDescriptor& socket) {
    char byte = 0;
    return ::recv(socket.get(), &byte, 1, MSG_DONTWAIT) == 0;
}

}  // namespace lotmesh::server
