// One struct for each MQTT control packet; Packet is any of them.
//
// Decoded packets borrow: every string_view and ByteView points into the frame that was decoded and
// is valid only as long as those bytes are. Values are plain; == compares what they say. Every
// member has an initializer, so that a packet can be written down with only what it says.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "runtime/mqtt/reason_code.h"
#include "runtime/mqtt/types.h"

namespace lotmesh::mqtt {

struct UserProperty {
    std::string_view name = {};
    std::string_view value = {};
    bool operator==(const UserProperty&) const = default;
};

// All properties of section 2.2.2.2 but those of PUBLISH; which packet may carry which is checked
// by the decoder. Absent ones are nullopt or empty. In 3.x packets all are absent.
struct Properties {
    std::optional<std::uint32_t> session_expiry_interval_sec = {};
    std::optional<std::uint16_t> receive_maximum = {};
    std::optional<std::uint32_t> maximum_packet_size = {};
    std::optional<std::uint16_t> topic_alias_maximum = {};
    std::optional<std::uint8_t> request_response_information = {};
    std::optional<std::uint8_t> request_problem_information = {};
    std::optional<std::string_view> authentication_method = {};
    std::optional<std::string_view> authentication_data = {};
    std::optional<std::string_view> assigned_client_identifier = {};
    std::optional<std::uint16_t> server_keep_alive_sec = {};
    std::optional<std::string_view> response_information = {};
    std::optional<std::string_view> server_reference = {};
    std::optional<std::string_view> reason_string = {};
    std::optional<std::uint8_t> maximum_qos = {};
    std::optional<std::uint8_t> retain_available = {};
    std::optional<std::uint8_t> wildcard_subscription_available = {};
    std::optional<std::uint8_t> subscription_identifier_available = {};
    std::optional<std::uint8_t> shared_subscription_available = {};
    std::optional<std::uint32_t> subscription_identifier = {};  // SUBSCRIBE
    std::vector<UserProperty> user_properties = {};             // in order
    bool operator==(const Properties&) const = default;
};

// The properties of a PUBLISH and of a will. `forwarded` holds, still encoded, those that go to the
// receivers unaltered and in order: payload format indicator, content type, response topic,
// correlation data, user properties. An empty one costs no allocation.
struct PublishProperties {
    std::optional<std::uint32_t> message_expiry_interval_sec = {};
    std::optional<std::uint32_t> will_delay_interval_sec = {};  // will only
    std::optional<std::uint16_t> topic_alias = {};              // PUBLISH only
    std::vector<std::uint32_t> subscription_identifiers = {};   // PUBLISH to a client only
    Bytes forwarded = {};
    bool operator==(const PublishProperties&) const = default;
};

struct Will {
    std::string_view topic = {};
    ByteView payload = {};
    QoS qos = QoS::AtMostOnce;
    bool retain = false;
    PublishProperties properties = {};
    bool operator==(const Will& other) const;
};

struct Connect {
    ProtocolVersion version = ProtocolVersion::V5;
    bool clean_start = true;
    std::uint16_t keep_alive_sec = 0;
    std::string_view client_id = {};
    std::optional<Will> will = {};
    std::optional<std::string_view> user_name = {};
    std::optional<ByteView> password = {};
    Properties properties = {};
    bool operator==(const Connect& other) const;
};

struct Connack {
    bool session_present = false;
    ReasonCode reason = ReasonCode::Success;
    Properties properties = {};
    bool operator==(const Connack&) const = default;
};

struct Publish {
    std::string_view topic = {};
    ByteView payload = {};
    QoS qos = QoS::AtMostOnce;
    bool dup = false;
    bool retain = false;
    PacketId packet_id = 0;  // 0 at QoS 0
    PublishProperties properties = {};
    bool operator==(const Publish& other) const;
};

// PUBACK, PUBREC, PUBREL, PUBCOMP.
template <PacketType kType>
struct Ack {
    PacketId packet_id = 0;
    ReasonCode reason = ReasonCode::Success;
    Properties properties = {};
    bool operator==(const Ack&) const = default;
};
using Puback = Ack<PacketType::Puback>;
using Pubrec = Ack<PacketType::Pubrec>;
using Pubrel = Ack<PacketType::Pubrel>;
using Pubcomp = Ack<PacketType::Pubcomp>;

struct SubscriptionOptions {
    QoS qos = QoS::AtMostOnce;
    bool no_local = false;
    bool retain_as_published = false;
    RetainHandling retain_handling = RetainHandling::Send;
    bool operator==(const SubscriptionOptions&) const = default;
};

struct SubscribeEntry {
    std::string_view filter = {};
    SubscriptionOptions options = {};
    bool operator==(const SubscribeEntry&) const = default;
};

struct Subscribe {
    PacketId packet_id = 0;
    std::vector<SubscribeEntry> entries = {};
    Properties properties = {};
    bool operator==(const Subscribe&) const = default;
};

struct Suback {
    PacketId packet_id = 0;
    std::vector<ReasonCode> reasons = {};
    Properties properties = {};
    bool operator==(const Suback&) const = default;
};

struct Unsubscribe {
    PacketId packet_id = 0;
    std::vector<std::string_view> filters = {};
    Properties properties = {};
    bool operator==(const Unsubscribe&) const = default;
};

struct Unsuback {
    PacketId packet_id = 0;
    std::vector<ReasonCode> reasons = {};  // empty in 3.x
    Properties properties = {};
    bool operator==(const Unsuback&) const = default;
};

struct Pingreq {
    bool operator==(const Pingreq&) const = default;
};

struct Pingresp {
    bool operator==(const Pingresp&) const = default;
};

struct Disconnect {
    ReasonCode reason = ReasonCode::Success;
    Properties properties = {};
    bool operator==(const Disconnect&) const = default;
};

struct Auth {
    ReasonCode reason = ReasonCode::Success;
    Properties properties = {};
    bool operator==(const Auth&) const = default;
};

using Packet = std::variant<Connect, Connack, Publish, Puback, Pubrec, Pubrel, Pubcomp, Subscribe,
                            Suback, Unsubscribe, Unsuback, Pingreq, Pingresp, Disconnect, Auth>;

}  // namespace lotmesh::mqtt
