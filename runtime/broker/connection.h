// The protocol state of one client connection: from the first byte to Closed.
//
// Core thread; owned by the ConnectionTable at an address that does not change, until the shell
// says Closed (or the connection becomes a peer's). After CloseConnection it is only waited for.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "runtime/broker/alias_table.h"
#include "runtime/broker/event.h"
#include "runtime/broker/policy.h"
#include "runtime/broker/publish_rate.h"
#include "runtime/broker/small_set.h"
#include "runtime/mqtt/types.h"

namespace lotmesh::broker {

struct Session;

enum class ConnectionPhase : std::uint8_t { AwaitConnect, Authenticating, Open, Closing };

// Of a connection whose CONNECT named a method (enhanced authentication, section 4.12), or waits
// for the policy's answer.
struct Authentication {
    std::string method;
    std::unique_ptr<AuthExchange> exchange = {};  // while one is going on
    Bytes connect = {};                           // the CONNECT, until it is answered
    AuthTicket ticket = 0;                        // that the answer will have
};

enum class PauseReason : std::uint8_t {
    None,
    Source,  // what it publishes has nowhere to go at the moment
    Quota,   // 3.x: the packet in hand cannot be taken, nor refused; tried again later
    Output,  // it is congested: answers to what it sends would pile up
    Ticket,  // it is not known yet who it is
    Rate,    // it has published what it may in this time; until reads_again_at
};

struct Connection {
    ConnId id;
    Session* session = nullptr;  // set from CONNACK to the end
    Principal principal;         // its origin from the first, the rest from CONNECT

    // A packet that is not yet complete, or what had been read when reading was paused; else empty.
    // Bounded by packet_bytes_max and held_input_bytes_max; before CONNACK by connect_bytes_max.
    Bytes held;
    std::vector<std::string> topic_aliases;  // [alias - 1]; topic_alias_maximum

    AliasTable aliases_out;  // given to the client

    // QoS 2 that came on this connection and is not yet released: what its Receive Maximum counts.
    SmallSet<mqtt::PacketId> inbound_window;
    std::unique_ptr<Authentication> authentication;
    std::unique_ptr<PublishBudget> publish_budget;  // from its first PUBLISH, where it is limited
    Instant reads_again_at;                         // while paused is Rate
    Instant opened_at;
    Instant last_received;
    std::optional<Instant> timer_at;       // of its entry in State::deadlines
    std::optional<Instant> proof_ends_at;  // what showed who it is holds no longer; nothing: ever
    // One and a half keep alives: the client's [MQTT-3.2.2-22], or the server's; 0: none.
    Duration keep_alive_limit;

    std::uint32_t packet_bytes_max = std::numeric_limits<std::uint32_t>::max();  // the client's
    mqtt::ProtocolVersion version = mqtt::ProtocolVersion::V5;
    ConnectionPhase phase = ConnectionPhase::AwaitConnect;
    PauseReason paused = PauseReason::None;
    bool problem_information = true;  // may be told why, in acks too
    bool congested = false;           // between Congested and Writable
    bool processing = false;          // its input is being worked on, further up the stack
    bool continues = false;           // in State::continuing
    bool overdue = false;             // its deadline has come, and it is looked at once more
    bool is_peer = false;             // its CONNECT says so
    std::uint16_t denials_told = 0;   // one bit for each AuditKind

    bool is_v5() const { return version == mqtt::ProtocolVersion::V5; }
    bool is_open() const { return phase == ConnectionPhase::Open; }
    // Its CONNECT has been accepted.
    bool is_known() const { return session != nullptr; }
};

class ConnectionTable {
public:
    Connection& insert(ConnId id);
    Connection* find(ConnId id) {
        if (id.index >= connections_.size()) return nullptr;
        Connection* connection = connections_[id.index].get();
        return connection != nullptr && connection->id == id ? connection : nullptr;
    }
    void erase(ConnId id);
    std::size_t size() const { return size_; }

    // In the order of ids; visit(Connection&) must neither insert nor erase.
    template <typename Visit>
    void for_each(Visit&& visit) {
        for (const auto& connection : connections_)
            if (connection) visit(*connection);
    }

private:
    std::vector<std::unique_ptr<Connection>> connections_;  // by ConnId::index
    std::size_t size_ = 0;
};

}  // namespace lotmesh::broker
