#include "runtime/mqtt/decode_packets.h"
#include "runtime/mqtt/property.h"
#include "runtime/mqtt/reason_code_sets.h"

namespace lotmesh::mqtt {

AckFields read_ack_fields(PacketReader& reader, PacketType type, ProtocolVersion version) {
    AckFields fields;
    fields.packet_id = read_packet_id(reader);
    if (version != ProtocolVersion::V5 || reader.at_end()) return fields;
    fields.reason = static_cast<ReasonCode>(reader.u8());
    reader.require(is_ack_reason(type, fields.reason), ReasonCode::ProtocolError);
    fields.has_properties = !reader.at_end();
    return fields;
}

Result<AckSummary, ReasonCode> decode_ack(const Frame& frame, ProtocolVersion version) {
    const PacketType type = frame.type();
    PacketReader reader(frame);
    reader.require(type >= PacketType::Puback && type <= PacketType::Pubcomp,
                   ReasonCode::ProtocolError);
    reader.require(has_valid_flags(frame, version), ReasonCode::MalformedPacket);
    const AckFields fields = read_ack_fields(reader, type, version);
    if (fields.has_properties) read_properties(reader, kInAcks);
    reader.finish();
    if (!reader.ok()) return failure(reader.error());
    return AckSummary{fields.packet_id, fields.reason};
}

}  // namespace lotmesh::mqtt
