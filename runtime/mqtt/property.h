// The property blocks of MQTT 5.0 (section 2.2.2): what may stand in which packet, read and write.
// What a property may say by itself is checked when it is read. Used by the decoders and encoders
// only; the user properties of a packet are bounded by its size.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/bytes.h"
#include "runtime/mqtt/packet.h"
#include "runtime/mqtt/packet_reader.h"
#include "runtime/mqtt/packet_writer.h"

namespace lotmesh::mqtt {

// Whose properties they are: one bit for each kind of block.
using PropertyOwners = std::uint16_t;
inline constexpr PropertyOwners kInConnect = 1 << 0;
inline constexpr PropertyOwners kInWill = 1 << 1;
inline constexpr PropertyOwners kInConnack = 1 << 2;
inline constexpr PropertyOwners kInPublish = 1 << 3;
inline constexpr PropertyOwners kInAcks = 1 << 4;  // PUBACK, PUBREC, PUBREL, PUBCOMP
inline constexpr PropertyOwners kInSubscribe = 1 << 5;
inline constexpr PropertyOwners kInSuback = 1 << 6;
inline constexpr PropertyOwners kInUnsubscribe = 1 << 7;
inline constexpr PropertyOwners kInUnsuback = 1 << 8;
inline constexpr PropertyOwners kInDisconnect = 1 << 9;
inline constexpr PropertyOwners kInAuth = 1 << 10;
inline constexpr PropertyOwners kInAll = (1 << 11) - 1;

enum class PropertyType : std::uint8_t {
    Byte,
    TwoByteInteger,
    FourByteInteger,
    VariableByteInteger,
    Utf8String,
    BinaryData,
    Utf8StringPair,
};

enum class PropertyId : std::uint8_t {
#define LOTMESH_PROPERTY(name, identifier, type, owners) name = identifier,
#include "runtime/mqtt/property.def"
#undef LOTMESH_PROPERTY
};

struct PropertyInfo {
    PropertyId id;
    std::string_view name;
    PropertyType type;
    PropertyOwners owners;
};

// Nullptr for an identifier that the standard does not have.
const PropertyInfo* find_property(std::uint32_t identifier);

// A block with its length in front. `owner` is one of the bits above, neither Publish nor Will.
// Failures are the reader's.
Properties read_properties(PacketReader& reader, PropertyOwners owner);

// `owner` is kInPublish or kInWill.
PublishProperties read_publish_properties(PacketReader& reader, PropertyOwners owner);

// What a request says of its response (section 4.10), out of PublishProperties::forwarded.
struct RequestProperties {
    std::string_view response_topic;  // empty: none
    ByteView correlation_data;        // the whole property, still encoded; empty: none
};
RequestProperties read_request_properties(ByteView forwarded);

// Whether PublishProperties::forwarded says that the payload is UTF-8.
bool says_utf8(ByteView forwarded);

// With the length in front, in the order of their identifiers (user properties last).
void write_properties(const Properties& properties, PacketWriter& writer);
void write_publish_properties(const PublishProperties& properties, PacketWriter& writer);

bool is_empty(const Properties& properties);

}  // namespace lotmesh::mqtt
