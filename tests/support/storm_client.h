// One client of a storm (storm.h): what it has said and what it may hear for that. It says what it
// is told to say, legal or not, and checks every packet that comes back against what the standard
// lets a broker say at that moment.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/broker_rig.h"

namespace lotmesh::test {

// What a client id has beyond a connection, as its client must see it.
struct StormSession {
    // A PUBLISH of QoS 1 or 2 from the broker that is not yet acknowledged for good.
    struct Sent {
        QoS qos = kQoS1;
        bool released = false;           // PUBREC was said, PUBCOMP was not
        bool on_this_connection = true;  // takes a place of its window
    };
    enum class Kept : std::uint8_t { No, Perhaps, Yes };

    std::map<mqtt::PacketId, Sent> in_flight;
    std::set<mqtt::PacketId>
        unreleased;        // of QoS 2 to the broker: PUBREC came, PUBREL was not said
    Kept kept = Kept::No;  // while the client is away
};

class StormClient {
public:
    // Silent: the socket is there, and no CONNECT. Ended: the broker has closed.
    enum class Phase : std::uint8_t { Away, Silent, Greeting, Open, Ended };

    void open(ConnId conn);
    void socket_gone();       // for whatever reason
    void closed_by_broker();  // Open, Silent -> Ended

    // Everything that the broker has written in a turn.
    void hear(ByteView bytes);

    // What to send, and to expect for it. The payload of each message is its topic.
    Bytes connect(const Hello& hello, std::uint16_t topic_alias_maximum, StormSession& session);
    Bytes disconnect(ReasonCode reason, std::optional<std::uint32_t> expiry_sec);
    Bytes publish(std::string_view topic, QoS qos, mqtt::PacketId packet_id, bool retain);
    Bytes subscribe(std::string_view filter, const mqtt::SubscriptionOptions& options);
    Bytes unsubscribe(std::string_view filter);
    Bytes ping();
    Bytes puback(mqtt::PacketId packet_id);
    Bytes pubrec(mqtt::PacketId packet_id, ReasonCode reason);
    Bytes pubrel(mqtt::PacketId packet_id);
    Bytes pubcomp(mqtt::PacketId packet_id);
    Bytes encoded(const mqtt::Packet& packet) const;

    // Whether one more PUBLISH goes beyond the Receive Maximum of the broker.
    bool is_beyond_window(QoS qos, mqtt::PacketId packet_id, std::size_t receive_maximum) const;

    // Nothing that was asked for is still without an answer.
    bool has_all_answers() const;

    Phase phase() const { return phase_; }
    bool is_v5() const { return version_ == ProtocolVersion::V5; }
    ProtocolVersion version() const { return version_; }
    ConnId conn() const { return conn_; }
    const std::string& client_id() const { return client_id_; }
    std::uint32_t expiry_sec() const { return expiry_sec_; }
    bool has_keep_alive() const { return keep_alive_; }
    const StormSession& session() const { return *session_; }
    std::size_t messages_heard() const { return messages_heard_; }
    // The reason of the DISCONNECT that the broker has said.
    std::optional<ReasonCode> goodbye() const { return goodbye_; }

    bool paused = false;  // the broker does not read from it

private:
    void end_session();
    void hear_packet(const mqtt::Frame& frame);
    void on(const mqtt::Connack& packet);
    void on(const mqtt::Publish& packet);
    void on(const mqtt::Puback& packet);
    void on(const mqtt::Pubrec& packet);
    void on(const mqtt::Pubrel& packet);
    void on(const mqtt::Pubcomp& packet);
    void on(const mqtt::Suback& packet);
    void on(const mqtt::Unsuback& packet);
    void on(const mqtt::Pingresp& packet);
    void on(const mqtt::Disconnect& packet);
    template <typename Other>
    void on(const Other& packet);
    void check_topic(const mqtt::Publish& packet);
    void take_place(StormSession::Sent& sent) const;
    mqtt::PacketId next_request();

    ConnId conn_;
    Phase phase_ = Phase::Away;
    ProtocolVersion version_ = ProtocolVersion::V5;
    std::string client_id_;
    bool clean_start_ = true;
    bool keep_alive_ = false;
    std::uint32_t expiry_sec_ = 0;
    std::size_t window_ = 0;  // of the broker's messages
    std::uint16_t topic_alias_maximum_ = 0;
    std::map<std::uint16_t, std::string> topic_aliases_;
    StormSession* session_ = nullptr;
    std::optional<ReasonCode> goodbye_;
    std::size_t messages_heard_ = 0;

    // Answers that have to come.
    std::multiset<mqtt::PacketId> pubacks_;
    std::multiset<mqtt::PacketId> pubrecs_;
    std::multimap<mqtt::PacketId, ReasonCode> pubcomps_;
    std::multiset<mqtt::PacketId> pubrels_for_unknown_;
    std::set<mqtt::PacketId> subacks_;
    std::set<mqtt::PacketId> unsubacks_;
    std::size_t pingresps_ = 0;

    std::set<mqtt::PacketId> received_;  // QoS 2 to the broker, on this connection: its window
    mqtt::PacketId last_request_ = 1000;
};

}  // namespace lotmesh::test
