// A broker of one connection at a time for tests of what blocks: a thread that accepts, reads
// packets and writes what the test's script answers to each. Ends with the test.
#pragma once

#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <functional>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "base/endpoint.h"
#include "runtime/mqtt/decode.h"
#include "runtime/mqtt/encode.h"
#include "runtime/net/file_descriptor.h"

namespace lotmesh::test {

class ScriptedBroker {
public:
    using Answers = std::vector<mqtt::Packet>;
    // What to answer a packet other than CONNECT; its views live as long as the test's.
    using Script = std::function<Answers(const mqtt::Packet& packet)>;

    explicit ScriptedBroker(Script script, mqtt::Connack connack = {})
        : script_(std::move(script)), connack_(std::move(connack)) {
        listener_ = net::FileDescriptor(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* const name = reinterpret_cast<sockaddr*>(&address);
        REQUIRE(::bind(listener_.get(), name, size) == 0);
        REQUIRE(::listen(listener_.get(), 4) == 0);
        REQUIRE(::getsockname(listener_.get(), name, &size) == 0);
        where = {"127.0.0.1", ntohs(address.sin_port)};
        thread_ = std::thread([this] { serve_all(); });
    }
    ~ScriptedBroker() {
        ::shutdown(listener_.get(), SHUT_RDWR);
        thread_.join();
    }
    ScriptedBroker(const ScriptedBroker&) = delete;
    ScriptedBroker& operator=(const ScriptedBroker&) = delete;

    Endpoint where;

private:
    void serve_all() {
        while (true) {
            const net::FileDescriptor client(::accept(listener_.get(), nullptr, nullptr));
            if (!client) return;
            serve(client.get());
        }
    }

    // Until the client goes.
    void serve(int client) {
        Bytes input;
        std::array<std::uint8_t, 4096> buffer{};
        for (ssize_t size = 0; (size = ::recv(client, buffer.data(), buffer.size(), 0)) > 0;) {
            input.insert(input.end(), buffer.begin(), buffer.begin() + size);
            while (answer_one(client, input)) {
            }
        }
    }

    bool answer_one(int client, Bytes& input) {
        const auto step = mqtt::next_frame(input, 1 << 20);
        if (!step || step->frame.size == 0) return false;
        Answers answers{connack_};
        if (step->frame.type() != mqtt::PacketType::Connect) {
            const auto packet =
                mqtt::decode_packet(step->frame, mqtt::ProtocolVersion::V5, mqtt::Sender::Client);
            answers = packet ? script_(*packet) : Answers{};
        }
        Bytes output;
        for (const mqtt::Packet& answer : answers)
            mqtt::encode(answer, mqtt::ProtocolVersion::V5, output);
        static_cast<void>(::send(client, output.data(), output.size(), MSG_NOSIGNAL));
        input.erase(input.begin(), input.begin() + static_cast<std::ptrdiff_t>(step->frame.size));
        return true;
    }

    Script script_;
    mqtt::Connack connack_;
    net::FileDescriptor listener_;
    std::thread thread_;
};

// One that retains these, and says yes to everything.
inline ScriptedBroker::Script retaining(std::vector<std::pair<std::string, std::string>> all) {
    return [all = std::move(all)](const mqtt::Packet& packet) -> ScriptedBroker::Answers {
        if (std::holds_alternative<mqtt::Pingreq>(packet)) return {mqtt::Pingresp{}};
        if (const auto* const publish = std::get_if<mqtt::Publish>(&packet))
            return {mqtt::Puback{publish->packet_id, mqtt::ReasonCode::Success, {}}};
        const auto* const subscribe = std::get_if<mqtt::Subscribe>(&packet);
        if (subscribe == nullptr) return {};
        ScriptedBroker::Answers answers{mqtt::Suback{
            subscribe->packet_id,
            std::vector<mqtt::ReasonCode>(subscribe->entries.size(), mqtt::ReasonCode::Success),
            {}}};
        for (const auto& [topic, payload] : all)
            answers.push_back(
                mqtt::Publish{.topic = topic, .payload = as_bytes(payload), .retain = true});
        return answers;
    };
}

}  // namespace lotmesh::test
