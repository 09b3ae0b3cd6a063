// A small MQTT 5.0 client for commands: reads what a broker retains, publishes, asks and waits for
// the answer. Blocks; every call ends within the client's patience.
//
// One thread. Owns its socket. Bounded by kClientPacketBytesMax for a packet and kClientBytesMax
// for all that one call brings. Errors are one line for people, with the broker's address.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/endpoint.h"
#include "base/result.h"
#include "runtime/mqtt/packet.h"
#include "runtime/net/file_descriptor.h"

namespace lotmesh::tool {

inline constexpr std::uint32_t kClientPacketBytesMax = 16 * 1024 * 1024;
inline constexpr std::size_t kClientBytesMax = std::size_t{64} << 20;

// "HOST:PORT", "PORT" (of this machine), "mqtt://HOST[:PORT]", "HOST" with the port 1883.
Result<Endpoint, std::string> parse_broker(std::string_view text);

class MqttClient {
public:
    using Clock = std::chrono::steady_clock;
    static constexpr std::chrono::milliseconds kPatience{5'000};
    // Topic and payload.
    using Retained = std::map<std::string, std::string>;

    static Result<MqttClient, std::string> connect(const Endpoint& broker,
                                                   std::chrono::milliseconds patience = kPatience);
    // Says goodbye.
    ~MqttClient();
    MqttClient(MqttClient&&) noexcept = default;
    MqttClient& operator=(MqttClient&&) noexcept = default;

    // All retained messages that match, at once. A filter that nothing matches is no error.
    Result<Retained, std::string> retained(const std::vector<std::string>& filters);

    // QoS 1: the broker has it when this returns. A refusal is an error with the broker's reason.
    Result<void, std::string> publish(std::string_view topic, std::string_view payload);

    // Publishes with a response topic of our own and waits for what is said there.
    Result<std::string, std::string> ask(std::string_view topic, std::string_view question);

private:
    MqttClient(net::FileDescriptor socket, const Endpoint& broker,
               std::chrono::milliseconds patience)
        : socket_(std::move(socket)), broker_(to_string(broker)), patience_(patience) {}

    using Done = Result<void, std::string>;
    // True: that is what was waited for.
    using Take = std::function<Result<bool, std::string>(const mqtt::Packet& packet)>;

    Done greet();
    Done subscribe(const std::vector<std::string>& filters, const Take& meanwhile);
    Done publish(const mqtt::Publish& publish, const Take& meanwhile);
    Done send(const mqtt::Packet& packet);
    Done wait_until(const Take& take);
    Result<bool, std::string> take_frames(const Take& take);
    Done receive();
    Done wait_for(short events) const;
    void begin() { deadline_ = Clock::now() + patience_; }
    std::unexpected<std::string> complaint(std::string_view what) const;

    net::FileDescriptor socket_;
    std::string broker_;  // for people
    std::chrono::milliseconds patience_;
    Clock::time_point deadline_;
    Bytes input_;
    std::uint32_t packet_bytes_max_ = std::numeric_limits<std::uint32_t>::max();  // the broker's
    mqtt::PacketId last_packet_id_ = 0;
};

}  // namespace lotmesh::tool
