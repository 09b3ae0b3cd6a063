// A broker on a bench: one Core, a FakeCluster, a clock that the test turns, and clients that speak
// MQTT bytes to it. No socket, no sleep.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <deque>
#include <list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/broker/core.h"
#include "runtime/mqtt/decode.h"
#include "runtime/mqtt/encode.h"
#include "tests/support/fake_cluster.h"

namespace lotmesh::test {

using broker::ConnId;
using mqtt::ProtocolVersion;
using mqtt::QoS;
using mqtt::ReasonCode;

inline constexpr QoS kQoS0 = QoS::AtMostOnce;
inline constexpr QoS kQoS1 = QoS::AtLeastOnce;
inline constexpr QoS kQoS2 = QoS::ExactlyOnce;

// What a node is told beside its limits.
struct Told {
    std::string server_reference = {};
    std::string response_information = {};
    bool log_subscriptions = false;
};

class BrokerRig {
public:
    explicit BrokerRig(broker::Limits limits = {}, const Told& told = {})
        : core(config(limits, told), cluster) {}
    BrokerRig(broker::Limits limits, broker::Policy& policy, const Told& told = {})
        : core(config(limits, told), cluster, policy) {}

    void handle(const broker::Event& event) {
        core.handle(event, now, effects);
        collect();
    }

    // Time passes; every deadline on the way is kept.
    void advance(Duration duration) {
        const Instant until = now.instant + duration;
        while (true) {
            const auto next = core.next_deadline();
            if (!next || *next > until) break;
            move_to(std::max(*next, now.instant));
            handle(broker::Tick{});
        }
        move_to(until);
        handle(broker::Tick{});
    }

    void collect() {
        core.end_turn(now, effects);
        if (effects.flush_wanted()) ++flushes_wanted;
        for (const ConnId conn : effects.dirty())
            effects.output(conn).for_each_run([&](ByteView run) {
                Bytes& bytes = outputs[conn];
                bytes.insert(bytes.end(), run.begin(), run.end());
            });
        for (const broker::Action& action : effects.actions()) {
            if (const auto* audit = std::get_if<broker::Audit>(&action))
                audits.push_back(*audit);
            else if (!std::holds_alternative<broker::LogLine>(action))
                actions.push_back(action);
        }
        effects.reset();
    }

    template <typename A>
    std::size_t count(const A& wanted) const {
        return static_cast<std::size_t>(std::ranges::count(actions, broker::Action(wanted)));
    }

    std::size_t audited(broker::AuditKind kind) const {
        return static_cast<std::size_t>(std::ranges::count(audits, kind, &broker::Audit::kind));
    }
    const broker::Audit& last_audit() const {
        REQUIRE_FALSE(audits.empty());
        return audits.back();
    }

    ConnId new_conn() { return {next_index_++, 1}; }

    FakeCluster cluster;
    Now now{.instant = {1'000'000'000}, .wall = {1'700'000'000'000}};
    broker::Effects effects;
    broker::Core core;
    std::map<ConnId, Bytes> outputs;
    std::vector<broker::Action> actions;
    std::vector<broker::Audit> audits;
    std::size_t flushes_wanted = 0;

private:
    static broker::CoreConfig config(const broker::Limits& limits, const Told& told) {
        return {.node = NodeId{{1}},
                .version = "1.2.3",
                .seed = 7,
                .limits = limits,
                .server_reference = told.server_reference,
                .response_information = told.response_information,
                .log_subscriptions = told.log_subscriptions};
    }
    void move_to(Instant instant) {
        now.wall.ms += (instant - now.instant).ms();
        now.instant = instant;
    }

    std::uint32_t next_index_ = 0;
};

// What a client sends by default; set what the test is about.
struct Hello {
    std::string_view client_id = "client";
    std::optional<std::string_view> user_name = std::nullopt;
    ProtocolVersion version = ProtocolVersion::V5;
    bool clean_start = true;
    std::uint16_t keep_alive_sec = 0;
    std::optional<std::uint32_t> session_expiry_sec = std::nullopt;
    std::optional<std::uint16_t> receive_maximum = std::nullopt;
    std::optional<std::uint32_t> maximum_packet_size = std::nullopt;
    std::optional<mqtt::Will> will = std::nullopt;
    bool loopback = false;  // it is on the broker's machine
};

class TestClient {
public:
    // Connects the socket; says nothing yet.
    explicit TestClient(BrokerRig& rig, ProtocolVersion version = ProtocolVersion::V5,
                        bool loopback = false)
        : rig_(rig), conn_(rig.new_conn()), version_(version) {
        rig_.handle(
            broker::Accepted{conn_, {.remote_address = "192.0.2.1:4711", .loopback = loopback}});
    }
    // ... and the CONNECT; the CONNACK is taken and must be a success.
    TestClient(BrokerRig& rig, const Hello& hello)
        : TestClient(rig, hello.version, hello.loopback) {
        connect(hello);
        connack = expect<mqtt::Connack>();
        REQUIRE(connack.reason == ReasonCode::Success);
    }

    static mqtt::Connect connect_packet(const Hello& hello) {
        mqtt::Connect packet;
        packet.version = hello.version;
        packet.client_id = hello.client_id;
        packet.user_name = hello.user_name;
        packet.clean_start = hello.clean_start;
        packet.keep_alive_sec = hello.keep_alive_sec;
        packet.will = hello.will;
        packet.properties.session_expiry_interval_sec = hello.session_expiry_sec;
        packet.properties.receive_maximum = hello.receive_maximum;
        packet.properties.maximum_packet_size = hello.maximum_packet_size;
        return packet;
    }

    void connect(const Hello& hello) { send(connect_packet(hello)); }

    void send(const mqtt::Packet& packet) { send_raw(encoded(packet)); }
    Bytes encoded(const mqtt::Packet& packet) const {
        Bytes bytes;
        mqtt::encode(packet, version_, bytes);
        return bytes;
    }
    void send_raw(ByteView bytes) { rig_.handle(broker::Received{conn_, bytes}); }

    void publish(std::string_view topic, std::string_view payload, QoS qos = kQoS0,
                 mqtt::PacketId packet_id = 0, bool retain = false) {
        send(message(topic, payload, qos, packet_id, retain));
    }
    static mqtt::Publish message(std::string_view topic, std::string_view payload, QoS qos = kQoS0,
                                 mqtt::PacketId packet_id = 0, bool retain = false) {
        mqtt::Publish packet;
        packet.topic = topic;
        packet.payload = as_bytes(payload);
        packet.qos = qos;
        packet.packet_id = packet_id;
        packet.retain = retain;
        return packet;
    }

    // SUBSCRIBE with one filter; takes the SUBACK and gives its code.
    ReasonCode subscribe(std::string_view filter, QoS qos = kQoS0) {
        return subscribe(filter, mqtt::SubscriptionOptions{.qos = qos});
    }
    ReasonCode subscribe(std::string_view filter, const mqtt::SubscriptionOptions& options,
                         std::optional<std::uint32_t> identifier = std::nullopt) {
        send_subscribe(filter, options, identifier);
        const mqtt::Suback suback = expect<mqtt::Suback>();
        REQUIRE(suback.reasons.size() == 1);
        return suback.reasons.front();
    }
    void send_subscribe(std::string_view filter, const mqtt::SubscriptionOptions& options,
                        std::optional<std::uint32_t> identifier = std::nullopt) {
        mqtt::Subscribe packet;
        packet.packet_id = 900;
        packet.entries.push_back({filter, options});
        packet.properties.subscription_identifier = identifier;
        send(packet);
    }
    void puback(mqtt::PacketId id, ReasonCode reason = ReasonCode::Success) {
        send(mqtt::Puback{.packet_id = id, .reason = reason, .properties = {}});
    }
    void pubrec(mqtt::PacketId id, ReasonCode reason = ReasonCode::Success) {
        send(mqtt::Pubrec{.packet_id = id, .reason = reason, .properties = {}});
    }
    void pubrel(mqtt::PacketId id) { send(mqtt::Pubrel{.packet_id = id, .properties = {}}); }
    void pubcomp(mqtt::PacketId id) { send(mqtt::Pubcomp{.packet_id = id, .properties = {}}); }

    // The next packet, which must be of this type. What it borrows lives as long as the client.
    template <typename P>
    P expect() {
        const std::optional<mqtt::Packet> packet = next();
        REQUIRE_MESSAGE(packet.has_value(), "the broker sent nothing more");
        REQUIRE_MESSAGE(std::holds_alternative<P>(*packet), "type index ", packet->index());
        return std::get<P>(*packet);
    }

    // "topic=payload" of the next packet, which must be a PUBLISH.
    std::string expect_message() {
        const mqtt::Publish publish = expect<mqtt::Publish>();
        return std::string(publish.topic) + "=" + std::string(as_text(publish.payload));
    }

    // Of the packet that comes next; there must be one.
    mqtt::PacketType next_type() {
        REQUIRE_FALSE(rig_.outputs[conn_].empty());
        return static_cast<mqtt::PacketType>(rig_.outputs[conn_].front() >> 4);
    }
    bool silent() { return !next_if_any(false).has_value(); }
    bool closed() const { return rig_.count(broker::CloseConnection{conn_}) == 1; }

    // The socket goes without a word.
    void drop() { rig_.handle(broker::Closed{conn_, "reset by peer"}); }
    // DISCONNECT, and then the socket.
    void leave(ReasonCode reason = ReasonCode::Success,
               std::optional<std::uint32_t> session_expiry_sec = std::nullopt) {
        mqtt::Disconnect packet;
        packet.reason = reason;
        packet.properties.session_expiry_interval_sec = session_expiry_sec;
        send(packet);
        drop();
    }

    ConnId conn() const { return conn_; }
    std::size_t unread_bytes() const { return rig_.outputs[conn_].size(); }

    mqtt::Connack connack;

private:
    std::optional<mqtt::Packet> next() { return next_if_any(true); }

    std::optional<mqtt::Packet> next_if_any(bool take) {
        Bytes& output = rig_.outputs[conn_];
        const auto step = mqtt::next_frame(output, 0xFFFF'FFFF);
        REQUIRE(step.has_value());
        if (step->frame.size == 0) {
            REQUIRE(output.empty());
            return std::nullopt;
        }
        const auto end = output.begin() + static_cast<std::ptrdiff_t>(step->frame.size);
        kept_.emplace_back(output.begin(), end);
        if (take) output.erase(output.begin(), end);
        const mqtt::Frame frame = mqtt::next_frame(kept_.back(), 0xFFFF'FFFF)->frame;
        if (frame.type() == mqtt::PacketType::Publish) {
            auto publish = mqtt::decode_publish(frame, version_, mqtt::Sender::Server);
            REQUIRE(publish.has_value());
            return std::move(*publish);
        }
        auto packet = mqtt::decode_packet(frame, version_, mqtt::Sender::Server);
        REQUIRE(packet.has_value());
        return std::move(*packet);
    }

    BrokerRig& rig_;
    ConnId conn_;
    ProtocolVersion version_;
    std::list<Bytes> kept_;
};

}  // namespace lotmesh::test
