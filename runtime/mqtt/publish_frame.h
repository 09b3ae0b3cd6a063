// Fan-out: encode a PUBLISH once for each variant, patch what differs between its receivers.
//
// A PublishHead is everything of the packet before the payload. It is made once for each
// (version, QoS > 0, retain, expiry, properties) and copied to each receiver; packet identifier,
// DUP and QoS are patched into the copy. The payload follows it, copied or by reference.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "base/bytes.h"
#include "runtime/mqtt/types.h"

namespace lotmesh::mqtt {

// What is to be said. Borrowed for the call.
struct PublishContent {
    std::string_view topic = {};
    ByteView forwarded_properties = {};  // encoded, without length: PublishProperties::forwarded
    std::size_t payload_size = 0;
    bool retain = false;
    std::optional<std::uint32_t> message_expiry_interval_sec = {};
    std::span<const std::uint32_t> subscription_identifiers = {};
    std::uint16_t topic_alias = 0;  // 0: none
};

struct PublishHead {
    Bytes bytes = {};              // up to the payload
    std::size_t packet_id_at = 0;  // offset of the packet identifier in bytes; 0: QoS 0, none
    std::size_t packet_size = 0;   // of the whole packet, payload included

    // Makes the head anew; keeps the capacity of `bytes`.
    void encode(const PublishContent& content, ProtocolVersion version, bool has_packet_id);

    // Appends the head with what differs for one receiver.
    void append_to(Bytes& out, QoS qos, PacketId packet_id, bool dup) const;
};

}  // namespace lotmesh::mqtt
