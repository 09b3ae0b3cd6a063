// The outbound window of a session: QoS 1 and 2 messages that were sent and are not yet
// acknowledged, in the order in which they were first sent, with their packet identifiers.
//
// It outlives connections: on resumption every PUBREL and then every PUBLISH is sent once more, in
// order [MQTT-4.4.0-1]. Core thread; owned by its session. Bounded by the window of the connection
// (the lesser of the client's Receive Maximum and Limits::inflight_max), by inflight_bytes_max, and
// by inflight_entries_max: what earlier connections left behind takes no place of the window, but
// identifiers all the same.
// Sections 4.3, 4.4 and 4.9 of MQTT 5.0.
#pragma once

#include <cstdint>
#include <optional>

#include "runtime/broker/delivery.h"
#include "runtime/broker/ring.h"
#include "runtime/mqtt/types.h"

namespace lotmesh::broker {

enum class InflightPhase : std::uint8_t { AwaitPuback, AwaitPubrec, AwaitPubcomp };

struct InflightEntry {
    Delivery delivery;  // without a message in AwaitPubcomp: only the PUBREL is still to be said
    std::uint32_t sequence = 0;  // counts all identifiers ever given
    mqtt::PacketId packet_id = 0;
    InflightPhase phase = InflightPhase::AwaitPuback;
    bool counted = false;  // takes a place of this connection's window
};

// What a connection allows.
struct InflightBounds {
    std::uint16_t window = 0;     // places on this connection
    std::size_t bytes_max = 0;    // of messages, whoever sent them first
    std::size_t entries_max = 0;  // with those of earlier connections; identifiers bound it too
};

class Inflight {
public:
    // A connection begins: nothing has been sent on it, all places of the window are free.
    void begin_connection(const InflightBounds& bounds);

    // The oldest PUBLISH that was sent on an earlier connection and not yet on this one. After it
    // comes one of the next two. What was sent once does not expire [MQTT-4.3.3-7].
    const InflightEntry* next_to_resend();
    void resent();       // takes a place of the window
    void drop_resend();  // not to be sent at all: forgotten as if delivered

    // For one more PUBLISH on this connection. A resend asks no more than this, since its message
    // is in the other accounts already. Nothing but a PUBLISH of QoS 1 or 2 asks at all.
    // [MQTT-3.3.4-9] [MQTT-3.3.4-10] [MQTT-4.9.0-1] [MQTT-4.9.0-2] [MQTT-4.9.0-3]
    bool window_open() const { return in_window_ < bounds_.window; }

    // For a new message.
    bool has_room() const {
        return window_open() && bytes_ < bounds_.bytes_max && entries_.size() < bounds_.entries_max;
    }

    // A new message, about to be sent for the first time. There is room, and nothing to resend.
    mqtt::PacketId add(Delivery delivery);

    // The acks. nullopt/false: no such identifier in that phase.
    bool puback(mqtt::PacketId id);
    enum class OnPubrec : std::uint8_t { SendPubrel, Refused, NotFound };
    OnPubrec pubrec(mqtt::PacketId id, bool refused);
    bool pubcomp(mqtt::PacketId id);

    // Places on this connection, or on the last one.
    std::uint16_t window() const { return bounds_.window; }

    std::size_t size() const { return entries_.size(); }
    std::size_t bytes() const { return bytes_; }
    bool empty() const { return entries_.empty(); }
    const InflightEntry& operator[](std::size_t i) const { return entries_[i]; }

private:
    std::optional<std::size_t> find(mqtt::PacketId id) const;
    void remove(std::size_t at);
    mqtt::PacketId next_packet_id();

    Ring<InflightEntry> entries_;
    std::size_t resend_at_ = 0;  // entries from here on are not yet sent on this connection
    std::size_t bytes_ = 0;      // of the messages
    InflightBounds bounds_;
    std::uint32_t next_sequence_ = 1;
    std::uint16_t next_id_ = 1;
    std::uint16_t in_window_ = 0;
};

}  // namespace lotmesh::broker
