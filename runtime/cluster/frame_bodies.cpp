#include "runtime/cluster/frame_bodies.h"

#include <algorithm>

#include "base/topic.h"
#include "base/utf8.h"
#include "runtime/cluster/limits.h"

namespace lotmesh::cluster {

namespace {

// Of section 2.2.2.2.
constexpr std::uint8_t kPayloadFormatIndicator = 0x01;
constexpr std::uint8_t kContentType = 0x03;
constexpr std::uint8_t kResponseTopic = 0x08;
constexpr std::uint8_t kCorrelationData = 0x09;
constexpr std::uint8_t kUserProperty = 0x26;

constexpr std::uint8_t kQosMask = 0x03;
constexpr std::uint8_t kRetainFlag = 0x04;
constexpr std::uint8_t kVersionFlag = 0x08;
constexpr std::uint8_t kExpiryFlag = 0x10;

std::string_view text16(ByteReader& reader) {
    const std::string_view text = as_text(reader.take(reader.u16()));
    if (!is_mqtt_utf8(text)) reader.fail();
    return text;
}

}  // namespace

bool append_filter(Bytes& list, std::string_view filter) {
    if (filter.size() > kTopicBytesMax) return false;
    ByteWriter writer(list);
    writer.u16(static_cast<std::uint16_t>(filter.size()));
    writer.bytes(as_bytes(filter));
    return true;
}

bool is_filter_list(ByteView list) {
    ByteReader reader(list);
    while (reader.ok() && !reader.at_end())
        if (!is_valid_topic_filter(as_text(reader.take(reader.u16())))) return false;
    return reader.ok();
}

bool are_forwarded_properties(ByteView properties) {
    ByteReader reader(properties);
    while (reader.ok() && !reader.at_end()) {
        switch (reader.u8()) {
            case kPayloadFormatIndicator:
                if (reader.u8() > 1) return false;
                break;
            case kContentType: text16(reader); break;
            case kResponseTopic:
                if (!is_valid_topic_name(text16(reader))) return false;
                break;
            case kCorrelationData: reader.take(reader.u16()); break;
            case kUserProperty:
                text16(reader);
                text16(reader);
                break;
            default: return false;
        }
    }
    return reader.ok();
}

bool is_id_list(ByteView ids) {
    constexpr std::size_t kIdBytes = sizeof(NodeId::bytes);
    return ids.size() % kIdBytes == 0 && ids.size() / kIdBytes <= kPeersMax;
}

MessageBody read_message(ByteReader& reader) {
    MessageBody body;
    const std::uint8_t flags = reader.u8();
    if ((flags & kQosMask) > 2) reader.fail();
    body.qos = static_cast<mqtt::QoS>(flags & kQosMask);
    body.retain = (flags & kRetainFlag) != 0;
    body.age_ms = reader.u32();
    if ((flags & kVersionFlag) != 0) {
        Version version;
        version.time.value = reader.u64();
        const ByteView node = reader.take(version.node.bytes.size());
        std::copy(node.begin(), node.end(), version.node.bytes.begin());
        body.version = version;
    }
    if ((flags & kExpiryFlag) != 0) body.expires_in_ms = reader.u64();
    const std::uint16_t topic_size = reader.u16();
    const std::uint32_t properties_size = reader.u32();
    body.topic = as_text(reader.take(topic_size));
    body.forwarded_properties = reader.take(properties_size);
    body.payload = reader.rest();
    // Longer than a century is not a time that a 32-bit interval in seconds can give.
    const bool too_long = body.expires_in_ms && *body.expires_in_ms > 0xFFFF'FFFFULL * 1000;
    // `$`-topics are a node's own and never travel.
    if (!is_valid_topic_name(body.topic) || body.topic.starts_with('$') || too_long ||
        !are_forwarded_properties(body.forwarded_properties))
        reader.fail();
    return body;
}

}  // namespace lotmesh::cluster
