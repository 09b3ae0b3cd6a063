// Bytes -> whole frames. A frame is one control packet: fixed header and body.
//
// next_frame() looks at the beginning of `bytes` and never keeps any: the caller holds what is not
// yet complete (one buffer per connection, empty between packets). Bounded by `packet_bytes_max`:
// a longer packet is refused when its length is read, before any of it is stored.
// Section 2.1 of MQTT 5.0.
#pragma once

#include <cstdint>
#include <limits>

#include "base/bytes.h"
#include "base/result.h"
#include "runtime/mqtt/reason_code.h"
#include "runtime/mqtt/types.h"

namespace lotmesh::mqtt {

struct Frame {
    std::uint8_t first_byte = 0;  // type and flags
    ByteView packet = {};         // all of it
    ByteView body = {};           // after the fixed header
    std::size_t size = 0;         // of the whole packet, fixed header included
    // What its decoder takes: one more is QuotaExceeded.
    std::size_t user_properties_max = std::numeric_limits<std::size_t>::max();

    PacketType type() const { return static_cast<PacketType>(first_byte >> 4); }
    std::uint8_t flags() const { return first_byte & 0x0F; }
};

// `frame.size == 0`: more bytes are needed, `missing` is how many at least.
struct FramerStep {
    Frame frame = {};
    std::size_t missing = 0;
};

// Errors: MalformedPacket (type 0, remaining length of five bytes or not in its shortest form
// [MQTT-1.5.5-1]), PacketTooLarge.
Result<FramerStep, ReasonCode> next_frame(ByteView bytes, std::uint32_t packet_bytes_max);

}  // namespace lotmesh::mqtt
