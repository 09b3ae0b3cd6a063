#include "runtime/mqtt/property.h"

#include <array>
#include <optional>

#include "base/assert.h"
#include "base/topic.h"

namespace lotmesh::mqtt {
namespace {

constexpr std::array kProperties{
#define LOTMESH_PROPERTY(name, identifier, type, owners) \
    PropertyInfo{PropertyId::name, #name, PropertyType::type, owners},
#include "runtime/mqtt/property.def"
#undef LOTMESH_PROPERTY
};

constexpr std::size_t kIdentifierEnd = 0x2B;

constexpr std::array<const PropertyInfo*, kIdentifierEnd> kByIdentifier = [] {
    std::array<const PropertyInfo*, kIdentifierEnd> table{};
    for (const PropertyInfo& info : kProperties)
        table[static_cast<std::size_t>(info.id)] = &info;
    return table;
}();

struct PropertyValue {
    std::uint32_t number = 0;
    std::string_view text;  // also binary data, and the name of a pair
    std::string_view pair_value;
};

PropertyValue read_value(PacketReader& reader, PropertyType type) {
    PropertyValue value;
    switch (type) {
        case PropertyType::Byte: value.number = reader.u8(); break;
        case PropertyType::TwoByteInteger: value.number = reader.u16(); break;
        case PropertyType::FourByteInteger: value.number = reader.u32(); break;
        case PropertyType::VariableByteInteger:
            value.number = reader.variable_byte_integer();
            break;
        case PropertyType::Utf8String:  // [MQTT-3.3.2-19]
            value.text = reader.text();
            break;
        case PropertyType::BinaryData: value.text = reader.raw_text(); break;
        case PropertyType::Utf8StringPair:  // [MQTT-1.5.7-1]
            value.text = reader.text();
            value.pair_value = reader.text();
            break;
    }
    return value;
}

// What each property says of its own value.
void check_value(PacketReader& reader, const PropertyInfo& info, const PropertyValue& value) {
    // All that are one byte are a yes or no, or QoS 0 or 1.
    if (info.type == PropertyType::Byte)
        reader.require(value.number <= 1, ReasonCode::ProtocolError);
    if (info.id == PropertyId::ReceiveMaximum || info.id == PropertyId::MaximumPacketSize ||
        info.id == PropertyId::SubscriptionIdentifier)
        reader.require(value.number != 0, ReasonCode::ProtocolError);
    if (info.id == PropertyId::TopicAlias)  // [MQTT-3.3.2-8]
        reader.require(value.number != 0, ReasonCode::TopicAliasInvalid);
    if (info.id == PropertyId::ResponseTopic)  // [MQTT-3.3.2-13] [MQTT-3.3.2-14]
        reader.require(is_valid_topic_name(value.text), ReasonCode::ProtocolError);
}

bool may_repeat(PropertyId id, PropertyOwners owner) {
    return id == PropertyId::UserProperty ||
           (id == PropertyId::SubscriptionIdentifier && owner == kInPublish);
}

// Calls store(id, value, raw) for each property of the block; raw is all of it, identifier
// included.
template <typename Store>
void read_block(PacketReader& reader, PropertyOwners owner, Store&& store) {
    PacketReader block(reader.take(reader.variable_byte_integer()));
    std::uint64_t seen = 0;
    while (reader.ok() && block.ok() && !block.at_end()) {
        const std::size_t from = block.position();
        const PropertyInfo* info = find_property(block.variable_byte_integer());
        if (info == nullptr || (info->owners & owner) == 0) {
            block.fail(ReasonCode::MalformedPacket);
            break;
        }
        const std::uint64_t bit = std::uint64_t{1} << static_cast<unsigned>(info->id);
        if ((seen & bit) != 0 && !may_repeat(info->id, owner))
            block.fail(ReasonCode::ProtocolError);
        seen |= bit;
        if (info->id == PropertyId::UserProperty) reader.count_user_property();
        const PropertyValue value = read_value(block, info->type);
        if (block.ok()) check_value(block, *info, value);
        if (block.ok() && reader.ok())
            store(info->id, value, block.between(from, block.position()));
    }
    if (!block.ok()) reader.fail(block.error());
}

void store_property(PropertyId id, const PropertyValue& value, Properties& to) {
    const auto byte = static_cast<std::uint8_t>(value.number);
    const auto two_bytes = static_cast<std::uint16_t>(value.number);
    switch (id) {
        case PropertyId::SessionExpiryInterval:
            to.session_expiry_interval_sec = value.number;
            return;
        case PropertyId::ReceiveMaximum: to.receive_maximum = two_bytes; return;
        case PropertyId::MaximumPacketSize: to.maximum_packet_size = value.number; return;
        case PropertyId::TopicAliasMaximum: to.topic_alias_maximum = two_bytes; return;
        case PropertyId::RequestResponseInformation: to.request_response_information = byte; return;
        case PropertyId::RequestProblemInformation: to.request_problem_information = byte; return;
        case PropertyId::AuthenticationMethod: to.authentication_method = value.text; return;
        case PropertyId::AuthenticationData: to.authentication_data = value.text; return;
        case PropertyId::AssignedClientIdentifier:
            to.assigned_client_identifier = value.text;
            return;
        case PropertyId::ServerKeepAlive: to.server_keep_alive_sec = two_bytes; return;
        case PropertyId::ResponseInformation: to.response_information = value.text; return;
        case PropertyId::ServerReference: to.server_reference = value.text; return;
        case PropertyId::ReasonString: to.reason_string = value.text; return;
        case PropertyId::MaximumQoS: to.maximum_qos = byte; return;
        case PropertyId::RetainAvailable: to.retain_available = byte; return;
        case PropertyId::WildcardSubscriptionAvailable:
            to.wildcard_subscription_available = byte;
            return;
        case PropertyId::SubscriptionIdentifierAvailable:
            to.subscription_identifier_available = byte;
            return;
        case PropertyId::SharedSubscriptionAvailable:
            to.shared_subscription_available = byte;
            return;
        case PropertyId::SubscriptionIdentifier: to.subscription_identifier = value.number; return;
        case PropertyId::UserProperty:  // in order [MQTT-3.1.3-10]
            to.user_properties.push_back({value.text, value.pair_value});
            return;
        case PropertyId::PayloadFormatIndicator:
        case PropertyId::MessageExpiryInterval:
        case PropertyId::ContentType:
        case PropertyId::ResponseTopic:
        case PropertyId::CorrelationData:
        case PropertyId::WillDelayInterval:
        case PropertyId::TopicAlias: UNREACHABLE();  // of PUBLISH and will only
    }
}

// Writes the properties that are there.
class PropertyWriter {
public:
    explicit PropertyWriter(PacketWriter& writer) : writer_(writer) {}

    void put(PropertyId id, const std::optional<std::uint8_t>& value) {
        if (!value) return;
        identifier(id);
        writer_.u8(*value);
    }
    void put(PropertyId id, const std::optional<std::uint16_t>& value) {
        if (!value) return;
        identifier(id);
        writer_.u16(*value);
    }
    void put(PropertyId id, const std::optional<std::uint32_t>& value) {
        if (!value) return;
        identifier(id);
        writer_.u32(*value);
    }
    void put(PropertyId id, const std::optional<std::string_view>& value) {
        if (!value) return;
        identifier(id);
        writer_.text(*value);
    }
    void put_subscription_identifier(std::uint32_t value) {
        ASSERT(value != 0);
        identifier(PropertyId::SubscriptionIdentifier);
        writer_.variable_byte_integer(value);
    }
    void put(const UserProperty& property) {
        identifier(PropertyId::UserProperty);
        writer_.text(property.name);
        writer_.text(property.value);
    }

private:
    void identifier(PropertyId id) { writer_.u8(static_cast<std::uint8_t>(id)); }

    PacketWriter& writer_;
};

// Of a block that has been checked when it was read.
template <typename Visit>
void visit_forwarded(ByteView forwarded, const Visit& visit) {
    PacketReader reader(forwarded);
    while (reader.ok() && !reader.at_end()) {
        const std::size_t from = reader.position();
        const PropertyInfo* info = find_property(reader.variable_byte_integer());
        if (info == nullptr) break;
        const PropertyValue value = read_value(reader, info->type);
        visit(info->id, value, reader.between(from, reader.position()));
    }
}

}  // namespace

const PropertyInfo* find_property(std::uint32_t identifier) {
    return identifier < kIdentifierEnd ? kByIdentifier[identifier] : nullptr;
}

RequestProperties read_request_properties(ByteView forwarded) {
    RequestProperties request;
    visit_forwarded(forwarded, [&](PropertyId id, const PropertyValue& value, ByteView raw) {
        if (id == PropertyId::ResponseTopic) request.response_topic = value.text;
        if (id == PropertyId::CorrelationData) request.correlation_data = raw;
    });
    return request;
}

bool says_utf8(ByteView forwarded) {
    bool says = false;
    visit_forwarded(forwarded, [&](PropertyId id, const PropertyValue& value, ByteView) {
        if (id == PropertyId::PayloadFormatIndicator) says = value.number == 1;
    });
    return says;
}

Properties read_properties(PacketReader& reader, PropertyOwners owner) {
    ASSERT((owner & (kInPublish | kInWill)) == 0);
    Properties properties;
    read_block(reader, owner, [&](PropertyId id, const PropertyValue& value, ByteView) {
        store_property(id, value, properties);
    });
    return properties;
}

PublishProperties read_publish_properties(PacketReader& reader, PropertyOwners owner) {
    ASSERT(owner == kInPublish || owner == kInWill);
    PublishProperties properties;
    read_block(reader, owner, [&](PropertyId id, const PropertyValue& value, ByteView raw) {
        if (id == PropertyId::MessageExpiryInterval)
            properties.message_expiry_interval_sec = value.number;
        else if (id == PropertyId::WillDelayInterval)
            properties.will_delay_interval_sec = value.number;
        else if (id == PropertyId::TopicAlias)
            properties.topic_alias = static_cast<std::uint16_t>(value.number);
        else if (id == PropertyId::SubscriptionIdentifier)
            properties.subscription_identifiers.push_back(value.number);
        else  // unaltered and in order [MQTT-3.3.2-4] [MQTT-3.3.2-15] [MQTT-3.3.2-16]
              // [MQTT-3.3.2-17] [MQTT-3.3.2-18] [MQTT-3.3.2-20]
            properties.forwarded.insert(properties.forwarded.end(), raw.begin(), raw.end());
    });
    return properties;
}

void write_properties(const Properties& properties, PacketWriter& writer) {
    const std::size_t at = writer.size();
    PropertyWriter out(writer);
    if (properties.subscription_identifier)
        out.put_subscription_identifier(*properties.subscription_identifier);
    out.put(PropertyId::SessionExpiryInterval, properties.session_expiry_interval_sec);
    out.put(PropertyId::AssignedClientIdentifier, properties.assigned_client_identifier);
    out.put(PropertyId::ServerKeepAlive, properties.server_keep_alive_sec);
    out.put(PropertyId::AuthenticationMethod, properties.authentication_method);
    out.put(PropertyId::AuthenticationData, properties.authentication_data);
    out.put(PropertyId::RequestProblemInformation, properties.request_problem_information);
    out.put(PropertyId::RequestResponseInformation, properties.request_response_information);
    out.put(PropertyId::ResponseInformation, properties.response_information);
    out.put(PropertyId::ServerReference, properties.server_reference);
    out.put(PropertyId::ReasonString, properties.reason_string);
    out.put(PropertyId::ReceiveMaximum, properties.receive_maximum);
    out.put(PropertyId::TopicAliasMaximum, properties.topic_alias_maximum);
    out.put(PropertyId::MaximumQoS, properties.maximum_qos);
    out.put(PropertyId::RetainAvailable, properties.retain_available);
    out.put(PropertyId::MaximumPacketSize, properties.maximum_packet_size);
    out.put(PropertyId::WildcardSubscriptionAvailable, properties.wildcard_subscription_available);
    out.put(PropertyId::SubscriptionIdentifierAvailable,
            properties.subscription_identifier_available);
    out.put(PropertyId::SharedSubscriptionAvailable, properties.shared_subscription_available);
    for (const UserProperty& property : properties.user_properties)
        out.put(property);
    writer.insert_size_at(at);  // also where there are none [MQTT-2.2.2-1]
}

void write_publish_properties(const PublishProperties& properties, PacketWriter& writer) {
    const std::size_t at = writer.size();
    PropertyWriter out(writer);
    out.put(PropertyId::WillDelayInterval, properties.will_delay_interval_sec);
    out.put(PropertyId::MessageExpiryInterval, properties.message_expiry_interval_sec);
    out.put(PropertyId::TopicAlias, properties.topic_alias);
    for (const std::uint32_t identifier : properties.subscription_identifiers)
        out.put_subscription_identifier(identifier);
    writer.bytes(properties.forwarded);
    writer.insert_size_at(at);
}

bool is_empty(const Properties& properties) { return properties == Properties{}; }

}  // namespace lotmesh::mqtt
