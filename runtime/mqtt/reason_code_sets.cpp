#include "runtime/mqtt/reason_code_sets.h"

#include <algorithm>
#include <initializer_list>

namespace lotmesh::mqtt {
namespace {

using enum ReasonCode;

bool is_in(ReasonCode reason, std::initializer_list<ReasonCode> list) {
    return std::ranges::find(list, reason) != list.end();
}

bool is_between(ReasonCode reason, ReasonCode first, ReasonCode last) {
    return reason >= first && reason <= last;
}

}  // namespace

bool is_connack_reason(ReasonCode reason) {
    return is_between(reason, UnspecifiedError, Banned) ||
           is_in(reason, {Success, BadAuthenticationMethod, TopicNameInvalid, PacketTooLarge,
                          QuotaExceeded, PayloadFormatInvalid, RetainNotSupported, QoSNotSupported,
                          UseAnotherServer, ServerMoved, ConnectionRateExceeded});
}

bool is_ack_reason(PacketType type, ReasonCode reason) {
    if (reason == Success) return true;
    if (type == PacketType::Pubrel || type == PacketType::Pubcomp)  // [MQTT-3.6.2-1] [MQTT-3.7.2-1]
        return reason == PacketIdentifierNotFound;
    // [MQTT-3.4.2-1] [MQTT-3.5.2-1]
    return is_in(reason, {NoMatchingSubscribers, UnspecifiedError, ImplementationSpecificError,
                          NotAuthorized, TopicNameInvalid, PacketIdentifierInUse, QuotaExceeded,
                          PayloadFormatInvalid});
}

bool is_suback_reason(ReasonCode reason, ProtocolVersion version) {
    if (is_in(reason, {Success, GrantedQoS1, GrantedQoS2})) return true;
    switch (version) {
        case ProtocolVersion::V31: return false;
        case ProtocolVersion::V311: return reason == UnspecifiedError;
        case ProtocolVersion::V5: break;
    }
    return is_in(reason,
                 {UnspecifiedError, ImplementationSpecificError, NotAuthorized, TopicFilterInvalid,
                  PacketIdentifierInUse, QuotaExceeded, SharedSubscriptionsNotSupported,
                  SubscriptionIdentifiersNotSupported, WildcardSubscriptionsNotSupported});
}

bool is_unsuback_reason(ReasonCode reason) {
    return is_in(reason,
                 {Success, NoSubscriptionExisted, UnspecifiedError, ImplementationSpecificError,
                  NotAuthorized, TopicFilterInvalid, PacketIdentifierInUse});
}

bool is_disconnect_reason(ReasonCode reason, Sender sender) {
    if (is_in(reason, {Success, UnspecifiedError, MalformedPacket, ProtocolError,
                       ImplementationSpecificError, TopicNameInvalid}) ||
        is_between(reason, ReceiveMaximumExceeded, PayloadFormatInvalid))
        return true;
    if (sender == Sender::Client) return reason == DisconnectWithWill;
    return is_in(reason, {NotAuthorized, ServerBusy, ServerShuttingDown, BadAuthenticationMethod,
                          KeepAliveTimeout, SessionTakenOver, TopicFilterInvalid}) ||
           is_between(reason, RetainNotSupported, WildcardSubscriptionsNotSupported);
}

bool is_auth_reason(ReasonCode reason, Sender sender) {
    if (reason == ContinueAuthentication) return true;  // [MQTT-4.12.0-2] [MQTT-4.12.0-3]
    return reason == (sender == Sender::Server ? Success : ReAuthenticate);
}

}  // namespace lotmesh::mqtt
