#include "runtime/mqtt/reason_code.h"

namespace lotmesh::mqtt {

std::string_view name(ReasonCode code) {
    switch (code) {
        case ReasonCode::Success: return "Success";
        case ReasonCode::GrantedQoS1: return "Granted QoS 1";
        case ReasonCode::GrantedQoS2: return "Granted QoS 2";
        case ReasonCode::DisconnectWithWill: return "Disconnect with Will Message";
        case ReasonCode::NoMatchingSubscribers: return "No matching subscribers";
        case ReasonCode::NoSubscriptionExisted: return "No subscription existed";
        case ReasonCode::ContinueAuthentication: return "Continue authentication";
        case ReasonCode::ReAuthenticate: return "Re-authenticate";
        case ReasonCode::UnspecifiedError: return "Unspecified error";
        case ReasonCode::MalformedPacket: return "Malformed Packet";
        case ReasonCode::ProtocolError: return "Protocol Error";
        case ReasonCode::ImplementationSpecificError: return "Implementation specific error";
        case ReasonCode::UnsupportedProtocolVersion: return "Unsupported Protocol Version";
        case ReasonCode::ClientIdentifierNotValid: return "Client Identifier not valid";
        case ReasonCode::BadUserNameOrPassword: return "Bad User Name or Password";
        case ReasonCode::NotAuthorized: return "Not authorized";
        case ReasonCode::ServerUnavailable: return "Server unavailable";
        case ReasonCode::ServerBusy: return "Server busy";
        case ReasonCode::Banned: return "Banned";
        case ReasonCode::ServerShuttingDown: return "Server shutting down";
        case ReasonCode::BadAuthenticationMethod: return "Bad authentication method";
        case ReasonCode::KeepAliveTimeout: return "Keep Alive timeout";
        case ReasonCode::SessionTakenOver: return "Session taken over";
        case ReasonCode::TopicFilterInvalid: return "Topic Filter invalid";
        case ReasonCode::TopicNameInvalid: return "Topic Name invalid";
        case ReasonCode::PacketIdentifierInUse: return "Packet Identifier in use";
        case ReasonCode::PacketIdentifierNotFound: return "Packet Identifier not found";
        case ReasonCode::ReceiveMaximumExceeded: return "Receive Maximum exceeded";
        case ReasonCode::TopicAliasInvalid: return "Topic Alias invalid";
        case ReasonCode::PacketTooLarge: return "Packet too large";
        case ReasonCode::MessageRateTooHigh: return "Message rate too high";
        case ReasonCode::QuotaExceeded: return "Quota exceeded";
        case ReasonCode::AdministrativeAction: return "Administrative action";
        case ReasonCode::PayloadFormatInvalid: return "Payload format invalid";
        case ReasonCode::RetainNotSupported: return "Retain not supported";
        case ReasonCode::QoSNotSupported: return "QoS not supported";
        case ReasonCode::UseAnotherServer: return "Use another server";
        case ReasonCode::ServerMoved: return "Server moved";
        case ReasonCode::SharedSubscriptionsNotSupported:
            return "Shared Subscriptions not supported";
        case ReasonCode::ConnectionRateExceeded: return "Connection rate exceeded";
        case ReasonCode::MaximumConnectTime: return "Maximum connect time";
        case ReasonCode::SubscriptionIdentifiersNotSupported:
            return "Subscription Identifiers not supported";
        case ReasonCode::WildcardSubscriptionsNotSupported:
            return "Wildcard Subscriptions not supported";
    }
    return "unknown reason code";
}

std::uint8_t connack_return_code_3x(ReasonCode code) {
    if (code == ReasonCode::Success) return 0;
    if (code == ReasonCode::UnsupportedProtocolVersion) return 1;
    if (code == ReasonCode::ClientIdentifierNotValid) return 2;
    if (code == ReasonCode::BadUserNameOrPassword) return 4;
    // A will that may not be published: trying again will not help, as with "unavailable" it might.
    const bool not_authorized = code == ReasonCode::NotAuthorized || code == ReasonCode::Banned ||
                                code == ReasonCode::BadAuthenticationMethod ||
                                code == ReasonCode::TopicNameInvalid;
    return not_authorized ? 5 : 3;  // 3: server unavailable, which is also "for no other reason"
}

std::optional<ReasonCode> reason_from_connack_return_code_3x(std::uint8_t code) {
    switch (code) {
        case 0: return ReasonCode::Success;
        case 1: return ReasonCode::UnsupportedProtocolVersion;
        case 2: return ReasonCode::ClientIdentifierNotValid;
        case 3: return ReasonCode::ServerUnavailable;
        case 4: return ReasonCode::BadUserNameOrPassword;
        case 5: return ReasonCode::NotAuthorized;
        default: return std::nullopt;
    }
}

}  // namespace lotmesh::mqtt
