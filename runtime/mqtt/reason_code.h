// Reason codes of MQTT 5.0 (section 2.4). In lotmesh the reason code *is* the protocol error.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace lotmesh::mqtt {

enum class ReasonCode : std::uint8_t {
    Success = 0x00,  // also Normal disconnection and Granted QoS 0
    GrantedQoS1 = 0x01,
    GrantedQoS2 = 0x02,
    DisconnectWithWill = 0x04,
    NoMatchingSubscribers = 0x10,
    NoSubscriptionExisted = 0x11,
    ContinueAuthentication = 0x18,
    ReAuthenticate = 0x19,
    UnspecifiedError = 0x80,
    MalformedPacket = 0x81,
    ProtocolError = 0x82,
    ImplementationSpecificError = 0x83,
    UnsupportedProtocolVersion = 0x84,
    ClientIdentifierNotValid = 0x85,
    BadUserNameOrPassword = 0x86,
    NotAuthorized = 0x87,
    ServerUnavailable = 0x88,
    ServerBusy = 0x89,
    Banned = 0x8A,
    ServerShuttingDown = 0x8B,
    BadAuthenticationMethod = 0x8C,
    KeepAliveTimeout = 0x8D,
    SessionTakenOver = 0x8E,
    TopicFilterInvalid = 0x8F,
    TopicNameInvalid = 0x90,
    PacketIdentifierInUse = 0x91,
    PacketIdentifierNotFound = 0x92,
    ReceiveMaximumExceeded = 0x93,
    TopicAliasInvalid = 0x94,
    PacketTooLarge = 0x95,
    MessageRateTooHigh = 0x96,
    QuotaExceeded = 0x97,
    AdministrativeAction = 0x98,
    PayloadFormatInvalid = 0x99,
    RetainNotSupported = 0x9A,
    QoSNotSupported = 0x9B,
    UseAnotherServer = 0x9C,
    ServerMoved = 0x9D,
    SharedSubscriptionsNotSupported = 0x9E,
    ConnectionRateExceeded = 0x9F,
    MaximumConnectTime = 0xA0,
    SubscriptionIdentifiersNotSupported = 0xA1,
    WildcardSubscriptionsNotSupported = 0xA2,
};

// The standard's own name, for logs and statuses; "unknown reason code" for anything else.
std::string_view name(ReasonCode code);

// The CONNACK return code of MQTT 3.x (section 3.2.2.3 of 3.1.1) that says the same: 0 for Success,
// else 1 to 5.
std::uint8_t connack_return_code_3x(ReasonCode code);

// The other way, for who reads a CONNACK of MQTT 3.x; nullopt for a code that is not listed there.
std::optional<ReasonCode> reason_from_connack_return_code_3x(std::uint8_t code);

inline bool is_error(ReasonCode code) { return static_cast<std::uint8_t>(code) >= 0x80; }

}  // namespace lotmesh::mqtt
