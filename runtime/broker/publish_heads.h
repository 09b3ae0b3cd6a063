// The encoded heads of one message, with the topic that it was published to [MQTT-3.3.2-3], made
// when a receiver first needs that variant, so that a fan-out encodes once for each (version, QoS >
// 0, retain) and only copies after that. Receivers with subscription identifiers or topic
// aliases have heads of their own.
//
// Core thread; scratch in State, used by one fan-out at a time; keeps its capacity.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "runtime/broker/alias_table.h"
#include "runtime/broker/counters.h"
#include "runtime/broker/message.h"
#include "runtime/mqtt/publish_frame.h"

namespace lotmesh::broker {

struct HeadVariant {
    mqtt::ProtocolVersion version = mqtt::ProtocolVersion::V5;
    bool has_packet_id = false;
    bool retain = false;
    std::span<const std::uint32_t> identifiers;
    AliasTable::Choice alias;
};

class PublishHeads {
public:
    // Counts what it encodes in Counters::publish_heads_encoded.
    explicit PublishHeads(Counters& counters) : counters_(counters) {}

    // From here on get() is about this message, which must live as long.
    void begin(const Message& message, Instant now);

    // Valid until the next call of anything here.
    const mqtt::PublishHead& get(const HeadVariant& variant);

private:
    Counters& counters_;
    const Message* message_ = nullptr;
    std::optional<std::uint32_t> expiry_sec_;
    std::array<mqtt::PublishHead, 8> heads_;
    std::uint8_t made_ = 0;  // one bit for each of heads_
    mqtt::PublishHead own_;  // of one receiver
};

}  // namespace lotmesh::broker
