#include "runtime/broker/publish_heads.h"

#include <algorithm>

#include "base/assert.h"

namespace lotmesh::broker {

void PublishHeads::begin(const Message& message, Instant now) {
    message_ = &message;
    made_ = 0;
    expiry_sec_ = std::nullopt;
    if (message.expires_at()) {
        // What is left, rounded up; at least 1, since a delivery that has begun goes on.
        // [MQTT-3.3.2-6]
        const std::int64_t left_us = (*message.expires_at() - now).us;
        expiry_sec_ =
            static_cast<std::uint32_t>(std::max<std::int64_t>(1, (left_us + 999'999) / 1'000'000));
    }
}

const mqtt::PublishHead& PublishHeads::get(const HeadVariant& variant) {
    ASSERT(message_ != nullptr);
    const bool v5 = variant.version == mqtt::ProtocolVersion::V5;
    const bool own = v5 && (!variant.identifiers.empty() || variant.alias.alias != 0);
    const unsigned index =
        (v5 ? 4U : 0U) | (variant.has_packet_id ? 2U : 0U) | (variant.retain ? 1U : 0U);
    const auto bit = static_cast<std::uint8_t>(1U << index);
    mqtt::PublishHead& head = own ? own_ : heads_[index];
    if (!own && (made_ & bit) != 0) return head;

    ++counters_.publish_heads_encoded;
    head.encode({.topic = variant.alias.known ? std::string_view() : message_->topic(),
                 .forwarded_properties = message_->forwarded_properties(),
                 .payload_size = message_->payload().size(),
                 .retain = variant.retain,
                 .message_expiry_interval_sec = expiry_sec_,
                 .subscription_identifiers = variant.identifiers,
                 .topic_alias = variant.alias.alias},
                variant.version, variant.has_packet_id);
    if (!own) made_ |= bit;
    return head;
}

}  // namespace lotmesh::broker
