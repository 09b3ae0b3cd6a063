#include "runtime/mqtt/publish_frame.h"

#include "base/assert.h"
#include "runtime/mqtt/packet_writer.h"
#include "runtime/mqtt/property.h"

namespace lotmesh::mqtt {
namespace {

constexpr std::uint8_t kDup = 0x08;
constexpr unsigned kQosShift = 1;

std::size_t properties_size(const PublishContent& content) {
    std::size_t size = content.forwarded_properties.size();
    if (content.message_expiry_interval_sec) size += 5;
    if (content.topic_alias != 0) size += 3;
    for (const std::uint32_t identifier : content.subscription_identifiers)
        size += 1 + variable_byte_integer_size(identifier);
    return size;
}

void write_properties(const PublishContent& content, PacketWriter& writer) {
    const auto identifier = [&writer](PropertyId id) { writer.u8(static_cast<std::uint8_t>(id)); };
    if (content.message_expiry_interval_sec) {
        identifier(PropertyId::MessageExpiryInterval);
        writer.u32(*content.message_expiry_interval_sec);
    }
    if (content.topic_alias != 0) {
        identifier(PropertyId::TopicAlias);
        writer.u16(content.topic_alias);
    }
    for (const std::uint32_t subscription : content.subscription_identifiers) {
        ASSERT(subscription != 0);
        identifier(PropertyId::SubscriptionIdentifier);
        writer.variable_byte_integer(subscription);
    }
    writer.bytes(content.forwarded_properties);
}

}  // namespace

void PublishHead::encode(const PublishContent& content, ProtocolVersion version,
                         bool has_packet_id) {
    const bool has_properties = version == ProtocolVersion::V5;
    const std::size_t property_bytes = has_properties ? properties_size(content) : 0;
    std::size_t remaining_length = 2 + content.topic.size() + content.payload_size;
    if (has_packet_id) remaining_length += sizeof(PacketId);
    if (has_properties)
        remaining_length += variable_byte_integer_size(property_bytes) + property_bytes;

    bytes.clear();
    PacketWriter writer(bytes);
    writer.u8(static_cast<std::uint8_t>(static_cast<unsigned>(PacketType::Publish) << 4 |
                                        (content.retain ? 1U : 0U)));
    writer.variable_byte_integer(remaining_length);
    packet_size = bytes.size() + remaining_length;
    writer.text(content.topic);
    packet_id_at = has_packet_id ? bytes.size() : 0;
    if (has_packet_id) writer.u16(0);
    if (has_properties) {
        writer.variable_byte_integer(property_bytes);
        write_properties(content, writer);
    }
    ASSERT(bytes.size() + content.payload_size == packet_size);
}

void PublishHead::append_to(Bytes& out, QoS qos, PacketId packet_id, bool dup) const {
    ASSERT(!bytes.empty());
    ASSERT((qos != QoS::AtMostOnce) == (packet_id_at != 0));  // [MQTT-2.2.1-2]
    ASSERT((qos != QoS::AtMostOnce) == (packet_id != 0));     // [MQTT-2.2.1-4]
    ASSERT(!dup || qos != QoS::AtMostOnce);                   // [MQTT-3.3.1-2] [MQTT-4.3.1-1]
    const std::size_t at = out.size();
    out.insert(out.end(), bytes.begin(), bytes.end());
    out[at] |=
        static_cast<std::uint8_t>(static_cast<unsigned>(qos) << kQosShift | (dup ? kDup : 0U));
    if (packet_id_at != 0) {
        out[at + packet_id_at] = static_cast<std::uint8_t>(packet_id >> 8);
        out[at + packet_id_at + 1] = static_cast<std::uint8_t>(packet_id);
    }
}

}  // namespace lotmesh::mqtt
