// A model of an MQTT client (3.1.1 or 5.0) that tells the oracle everything it does and sees. It
// keeps its side of the protocol exactly: packet ids and QoS 2 state outlive a connection,
// unacknowledged publishes are sent again with DUP where the session is still there. It can be rude
// on demand: drop the connection, stop reading, connect over itself.
//
// It comes back after each lost connection until stop(). Nothing is promised to it while it is away
// but what its session promises.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/rng.h"
#include "runtime/mqtt/framer.h"
#include "runtime/mqtt/packet.h"
#include "tests/support/sim_clock.h"
#include "tests/support/sim_network.h"
#include "tests/support/sim_oracle.h"

namespace lotmesh::sim {

struct ClientConfig {
    std::string id;
    mqtt::ProtocolVersion version = mqtt::ProtocolVersion::V5;
    bool persistent = false;
    NodeIndex node = 0;
    HostId node_host = 0;
    PublisherNumber number = 0;
    std::uint64_t seed = 0;
    std::uint32_t window = 20;  // unacknowledged publishes at most
};

struct ClientServices {
    EventQueue& queue;
    Network& network;
    Oracle& oracle;
    Trace& trace;
};

class Client final : public SocketOwner {
public:
    using Hook = std::function<void(const mqtt::Publish&)>;

    Client(ClientServices services, HostId host, ClientConfig config);

    void start() { connect(); }
    void stop();  // cleanly and for good

    void subscribe(std::string filter, mqtt::QoS qos, std::function<void()> granted = {});
    void unsubscribe(const std::string& filter);
    struct Write {
        std::string topic;
        mqtt::QoS qos = mqtt::QoS::AtMostOnce;
        bool retain = false;
        bool deletes = false;
        std::size_t size = 0;
    };
    MessageNumber publish(Write write);

    void disconnect_cleanly();  // and come back
    void drop();                // reset, and come back
    void stop_reading(Duration span);
    // For this span its acknowledgements of messages leave one at a time, so far apart.
    void ack_slowly(Duration span, Duration apart);
    void take_over();  // connect once more with the same client id

    // The node lost its memory: the session is gone.
    void node_crashed(Instant now);
    // The node was asked to stop: the session goes, the connection is the node's to close.
    void node_stops(Instant now);
    // The node is stopped for a while; nothing is prompt then.
    void node_frozen(Instant now);
    void node_thawed(Instant now);

    void on_publish(Hook hook) { hook_ = std::move(hook); }
    void on_socket(const SocketEvent& event) override;

    bool ready() const { return phase_ == Phase::Ready; }
    bool idle() const;  // connected, nothing waits for an answer
    std::string status() const;
    const ClientConfig& config() const { return config_; }
    std::size_t connects() const { return connects_; }

private:
    enum class Phase : std::uint8_t { Away, Dialling, Greeting, Ready, Stopped };
    struct Outgoing {
        MessageNumber number = 0;
        Write write;
        mqtt::PacketId packet_id = 0;
        bool released = false;  // PUBREC came, PUBCOMP did not
    };
    struct Wanted {
        mqtt::QoS qos = mqtt::QoS::AtMostOnce;
        bool granted = false;
        std::function<void()> on_granted;
    };

    void connect();
    void retry();
    void send(const mqtt::Packet& packet);
    void answer(const mqtt::Packet& packet);
    void release_answers(Duration apart, Instant end);
    void send_connect();
    void send_publish(const Outgoing& outgoing, bool dup);
    void send_subscribe(const std::string& filter, const Wanted& wanted);
    void send_next();
    void take_bytes(ByteView bytes);
    void take_frame(const mqtt::Frame& frame);
    void take_packet(const mqtt::Packet& packet);
    void take_connack(const mqtt::Connack& connack);
    void take_publish(const mqtt::Publish& publish);
    void trace_publish(const mqtt::Publish& publish);
    void take_puback(mqtt::PacketId packet_id, mqtt::ReasonCode reason);
    void take_pubrec(mqtt::PacketId packet_id, mqtt::ReasonCode reason);
    void take_pubcomp(mqtt::PacketId packet_id);
    void take_suback(const mqtt::Suback& suback);
    void resume_session();
    void new_session();
    void lost(std::string_view reason);
    void wrong(std::string_view what, std::string_view invariant = "MQTT");
    void watch_superseded(Socket socket);
    std::deque<Outgoing>::iterator find_outgoing(mqtt::PacketId packet_id);
    mqtt::PacketId next_packet_id();
    Instant now() const { return services_.queue.now(); }

    ClientServices services_;
    HostId host_;
    ClientConfig config_;
    Rng rng_;
    Hook hook_;
    Phase phase_ = Phase::Away;
    std::uint64_t dial_ = 0;
    std::size_t connects_ = 0;
    Socket socket_;
    std::set<Socket> superseded_;
    Bytes unread_;
    std::optional<SessionNumber> session_;
    bool session_kept_ = false;      // the node said that it has one
    bool session_possible_ = false;  // a CONNECT asked for one; its answer may be lost
    bool greeted_before_ = false;    // the same, before the last CONNECT
    mqtt::PacketId last_packet_id_ = 0;
    std::deque<Outgoing> waiting_;
    std::deque<Outgoing> in_flight_;
    std::set<mqtt::PacketId> receiving_;  // QoS 2, until PUBREL
    bool slow_ = false;
    std::deque<mqtt::Packet> held_answers_;
    std::map<std::string, Wanted> wanted_;
    std::map<mqtt::PacketId, std::string> subscribing_;
    std::set<mqtt::PacketId> unsubscribing_;
};

}  // namespace lotmesh::sim
