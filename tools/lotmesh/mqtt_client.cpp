#include "tools/lotmesh/mqtt_client.h"

#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <optional>
#include <utility>
#include <variant>

#include "base/assert.h"
#include "runtime/mqtt/decode.h"
#include "runtime/mqtt/encode.h"

namespace lotmesh::tool {

namespace {

constexpr auto kVersion = mqtt::ProtocolVersion::V5;
constexpr std::uint16_t kDefaultPort = 1883;
constexpr std::string_view kScheme = "mqtt://";
constexpr std::uint8_t kResponseTopic = 0x08;

struct AddressListFree {
    void operator()(addrinfo* list) const { ::freeaddrinfo(list); }
};
using AddressList = std::unique_ptr<addrinfo, AddressListFree>;

std::string os_error(int number) { return std::strerror(number); }

Result<AddressList, std::string> resolve(const Endpoint& broker) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    const int error =
        ::getaddrinfo(broker.host.c_str(), std::to_string(broker.port).c_str(), &hints, &found);
    if (error != 0) return failure(std::string(::gai_strerror(error)));
    return AddressList(found);
}

int milliseconds_until(MqttClient::Clock::time_point deadline) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - MqttClient::Clock::now());
    return static_cast<int>(std::max<std::int64_t>(left.count(), 0));
}

Result<net::FileDescriptor, std::string> open_socket(const addrinfo& address,
                                                     MqttClient::Clock::time_point deadline) {
    net::FileDescriptor socket(
        ::socket(address.ai_family, address.ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!socket) return failure(os_error(errno));
    if (::connect(socket.get(), address.ai_addr, address.ai_addrlen) == 0) return socket;
    if (errno != EINPROGRESS) return failure(os_error(errno));
    pollfd waiting{socket.get(), POLLOUT, 0};
    if (::poll(&waiting, 1, milliseconds_until(deadline)) == 0) return failure(os_error(ETIMEDOUT));
    int error = 0;
    socklen_t size = sizeof error;
    ::getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0) return failure(os_error(error));
    return socket;
}

// What a packet that refuses says, with the broker's own words where it has some.
std::string refusal(mqtt::ReasonCode reason, const mqtt::Properties& properties) {
    std::string text(mqtt::name(reason));
    if (properties.reason_string) text += " (" + std::string(*properties.reason_string) + ")";
    return text;
}

Bytes response_property(std::string_view topic) {
    Bytes bytes;
    ByteWriter writer(bytes);
    writer.u8(kResponseTopic);
    writer.u16(static_cast<std::uint16_t>(topic.size()));
    writer.bytes(as_bytes(topic));
    return bytes;
}

}  // namespace

Result<Endpoint, std::string> parse_broker(std::string_view text) {
    const std::string_view given = text;
    if (text.starts_with(kScheme)) text.remove_prefix(kScheme.size());
    auto broker = parse_endpoint(text);
    if (!broker && is_host(text)) broker = Endpoint{std::string(text), kDefaultPort};
    if (!broker || broker->port == 0)
        return failure("\"" + std::string(given) + "\" is no HOST:PORT");
    if (broker->host.empty()) broker->host = "127.0.0.1";
    return *broker;
}

Result<MqttClient, std::string> MqttClient::connect(const Endpoint& broker,
                                                    std::chrono::milliseconds patience) {
    const auto deadline = Clock::now() + patience;
    const std::string cannot = "cannot connect to " + to_string(broker) + ": ";
    const auto addresses = resolve(broker);
    if (!addresses) return failure(cannot + addresses.error());
    std::string why;
    for (const addrinfo* address = addresses->get(); address != nullptr;
         address = address->ai_next) {
        auto socket = open_socket(*address, deadline);
        if (!socket) {
            why = std::move(socket.error());
            continue;
        }
        MqttClient client(std::move(*socket), broker, patience);
        if (const auto greeted = client.greet(); !greeted) return failure(greeted.error());
        return client;
    }
    return failure(cannot + why);
}

MqttClient::~MqttClient() {
    if (!socket_) return;
    Bytes bytes;
    mqtt::encode(mqtt::Disconnect{}, kVersion, bytes);
    // Whether it arrives does not matter any more.
    static_cast<void>(::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL));
}

MqttClient::Done MqttClient::greet() {
    begin();
    mqtt::Connect connect;
    connect.version = kVersion;
    connect.properties.maximum_packet_size = kClientPacketBytesMax;
    if (auto sent = send(connect); !sent) return sent;
    return wait_until([this](const mqtt::Packet& packet) -> Result<bool, std::string> {
        const auto* const connack = std::get_if<mqtt::Connack>(&packet);
        if (connack == nullptr) return complaint("does not speak MQTT 5.0");
        if (mqtt::is_error(connack->reason))
            return complaint("refuses us: " + refusal(connack->reason, connack->properties));
        packet_bytes_max_ = connack->properties.maximum_packet_size.value_or(packet_bytes_max_);
        return true;
    });
}

MqttClient::Done MqttClient::subscribe(const std::vector<std::string>& filters,
                                       const Take& meanwhile) {
    mqtt::Subscribe subscribe;
    subscribe.packet_id = ++last_packet_id_;
    for (const std::string& filter : filters)
        subscribe.entries.push_back({filter, {}});
    if (auto sent = send(subscribe); !sent) return sent;
    return wait_until([&](const mqtt::Packet& packet) -> Result<bool, std::string> {
        const auto* const suback = std::get_if<mqtt::Suback>(&packet);
        if (suback == nullptr || suback->packet_id != last_packet_id_) return meanwhile(packet);
        for (std::size_t i = 0; i < suback->reasons.size() && i < filters.size(); ++i)
            if (mqtt::is_error(suback->reasons[i]))
                return complaint("refuses to tell " + filters[i] + ": " +
                                 refusal(suback->reasons[i], suback->properties));
        return true;
    });
}

// A broker sends in its own time; when nothing came between a ping and its answer, that was all.
Result<MqttClient::Retained, std::string> MqttClient::retained(
    const std::vector<std::string>& filters) {
    begin();
    Retained all;
    std::size_t bytes = 0;
    bool quiet = false;
    const Take take = [&](const mqtt::Packet& packet) -> Result<bool, std::string> {
        const auto* const publish = std::get_if<mqtt::Publish>(&packet);
        if (publish == nullptr) return std::holds_alternative<mqtt::Pingresp>(packet);
        if (!publish->retain) return false;
        quiet = false;
        bytes += publish->topic.size() + publish->payload.size();
        if (bytes > kClientBytesMax) return complaint("has more to tell than can be taken");
        all.insert_or_assign(std::string(publish->topic), as_text(publish->payload));
        return false;
    };
    if (auto subscribed = subscribe(filters, take); !subscribed) return failure(subscribed.error());
    do {
        quiet = true;
        if (auto sent = send(mqtt::Pingreq{}); !sent) return failure(sent.error());
        if (auto waited = wait_until(take); !waited) return failure(waited.error());
    } while (!quiet);
    return all;
}

MqttClient::Done MqttClient::publish(std::string_view topic, std::string_view payload) {
    begin();
    mqtt::Publish message;
    message.topic = topic;
    message.payload = as_bytes(payload);
    return publish(message, [](const mqtt::Packet&) { return false; });
}

MqttClient::Done MqttClient::publish(const mqtt::Publish& publish, const Take& meanwhile) {
    mqtt::Publish message = publish;
    message.qos = mqtt::QoS::AtLeastOnce;
    message.packet_id = ++last_packet_id_;
    if (auto sent = send(message); !sent) return sent;
    return wait_until([&](const mqtt::Packet& packet) -> Result<bool, std::string> {
        const auto* const puback = std::get_if<mqtt::Puback>(&packet);
        if (puback == nullptr || puback->packet_id != message.packet_id) return meanwhile(packet);
        if (mqtt::is_error(puback->reason))
            return complaint("refuses " + std::string(publish.topic) + ": " +
                             refusal(puback->reason, puback->properties));
        return true;
    });
}

Result<std::string, std::string> MqttClient::ask(std::string_view topic,
                                                 std::string_view question) {
    begin();
    const std::string response_topic = "lotmesh/answer/" + std::to_string(::getpid()) + "/" +
                                       std::to_string(Clock::now().time_since_epoch().count());
    std::optional<std::string> answer;
    const Take take = [&](const mqtt::Packet& packet) -> Result<bool, std::string> {
        const auto* const publish = std::get_if<mqtt::Publish>(&packet);
        if (publish == nullptr || publish->topic != response_topic) return false;
        answer = as_text(publish->payload);
        return true;
    };
    // An answer ahead of the PUBACK is kept.
    const Take meanwhile = [&](const mqtt::Packet& packet) -> Result<bool, std::string> {
        const Result<bool, std::string> taken = take(packet);
        if (!taken) return taken;
        return false;
    };
    if (auto subscribed = subscribe({response_topic}, meanwhile); !subscribed)
        return failure(subscribed.error());
    mqtt::Publish message;
    message.topic = topic;
    message.payload = as_bytes(question);
    message.properties.forwarded = response_property(response_topic);
    if (auto published = publish(message, meanwhile); !published) return failure(published.error());
    if (!answer)
        if (auto waited = wait_until(take); !waited) return failure(waited.error());
    return *answer;
}

MqttClient::Done MqttClient::send(const mqtt::Packet& packet) {
    Bytes bytes;
    mqtt::encode(packet, kVersion, bytes);
    if (bytes.size() > packet_bytes_max_)
        return complaint("takes packets of " + std::to_string(packet_bytes_max_) +
                         " bytes, and this one has " + std::to_string(bytes.size()) +
                         ": start it with --limit packet-bytes=" + std::to_string(bytes.size()));
    for (std::size_t written = 0; written < bytes.size();) {
        const ssize_t size =
            ::send(socket_.get(), bytes.data() + written, bytes.size() - written, MSG_NOSIGNAL);
        if (size > 0)
            written += static_cast<std::size_t>(size);
        else if (errno != EAGAIN && errno != EINTR)
            return complaint("cannot be written to: " + os_error(errno));
        else if (auto waited = wait_for(POLLOUT); !waited)
            return waited;
    }
    return {};
}

MqttClient::Done MqttClient::wait_until(const Take& take) {
    while (true) {
        const auto taken = take_frames(take);
        if (!taken) return failure(taken.error());
        if (*taken) return {};
        if (Clock::now() >= deadline_) return complaint("does not answer in time");
        if (auto received = receive(); !received) return received;
    }
}

// What is behind the packet that was waited for stays for the next one who waits.
Result<bool, std::string> MqttClient::take_frames(const Take& take) {
    std::size_t used = 0;
    Result<bool, std::string> taken = false;
    while (taken && !*taken) {
        const auto step = mqtt::next_frame(ByteView(input_).subspan(used), kClientPacketBytesMax);
        if (!step) return complaint("does not speak MQTT 5.0");
        if (step->frame.size == 0) break;
        const auto packet = mqtt::decode_packet(step->frame, kVersion, mqtt::Sender::Server);
        if (!packet) return complaint("does not speak MQTT 5.0");
        if (const auto* const bye = std::get_if<mqtt::Disconnect>(&*packet))
            return complaint("disconnects us: " + refusal(bye->reason, bye->properties));
        taken = take(*packet);
        used += step->frame.size;
    }
    input_.erase(input_.begin(), input_.begin() + static_cast<std::ptrdiff_t>(used));
    return taken;
}

MqttClient::Done MqttClient::receive() {
    std::array<std::uint8_t, 65'536> buffer;
    while (true) {
        const ssize_t size = ::recv(socket_.get(), buffer.data(), buffer.size(), 0);
        if (size > 0) {
            input_.insert(input_.end(), buffer.begin(), buffer.begin() + size);
            return {};
        }
        if (size == 0) return complaint("has closed the connection");
        if (errno != EAGAIN && errno != EINTR)
            return complaint("cannot be read from: " + os_error(errno));
        if (auto waited = wait_for(POLLIN); !waited) return waited;
    }
}

MqttClient::Done MqttClient::wait_for(short events) const {
    pollfd waiting{socket_.get(), events, 0};
    if (::poll(&waiting, 1, milliseconds_until(deadline_)) != 0) return {};
    return complaint("does not answer in time");
}

std::unexpected<std::string> MqttClient::complaint(std::string_view what) const {
    return failure(broker_ + " " + std::string(what));
}

}  // namespace lotmesh::tool
