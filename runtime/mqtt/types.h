// Words of the MQTT standard that every packet shares.
#pragma once

#include <cstdint>

namespace lotmesh::mqtt {

enum class ProtocolVersion : std::uint8_t { V31 = 3, V311 = 4, V5 = 5 };

enum class QoS : std::uint8_t { AtMostOnce = 0, AtLeastOnce = 1, ExactlyOnce = 2 };

enum class PacketType : std::uint8_t {
    Connect = 1,
    Connack = 2,
    Publish = 3,
    Puback = 4,
    Pubrec = 5,
    Pubrel = 6,
    Pubcomp = 7,
    Subscribe = 8,
    Suback = 9,
    Unsubscribe = 10,
    Unsuback = 11,
    Pingreq = 12,
    Pingresp = 13,
    Disconnect = 14,
    Auth = 15,
};

enum class RetainHandling : std::uint8_t { Send = 0, SendIfNew = 1, DoNotSend = 2 };

using PacketId = std::uint16_t;  // 0 is "none"

inline constexpr std::uint32_t kSessionExpiryNever = 0xFFFF'FFFF;

}  // namespace lotmesh::mqtt
