#include "runtime/mqtt/packet_reader.h"

#include "base/utf8.h"

namespace lotmesh::mqtt {

void PacketReader::fail(ReasonCode reason) {
    if (reader_.ok()) error_ = reason;
    reader_.fail();
}

std::uint32_t PacketReader::variable_byte_integer() {
    std::uint32_t value = 0;
    for (unsigned shift = 0; shift < 28; shift += 7) {
        const std::uint8_t byte = reader_.u8();
        value |= static_cast<std::uint32_t>(byte & 0x7F) << shift;
        if (byte >= 0x80) continue;
        // [MQTT-1.5.5-1]
        if (byte == 0 && shift > 0) fail(ReasonCode::MalformedPacket);
        return ok() ? value : 0;
    }
    fail(ReasonCode::MalformedPacket);
    return 0;
}

ByteView PacketReader::binary() { return reader_.take(reader_.u16()); }

std::string_view PacketReader::text() {
    const std::string_view value = raw_text();
    if (is_mqtt_utf8(value)) return value;
    fail(ReasonCode::MalformedPacket);  // [MQTT-1.5.4-1] [MQTT-1.5.4-2]
    return {};
}

}  // namespace lotmesh::mqtt
