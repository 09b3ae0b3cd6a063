#include "compiler/sema/schema.h"

#include <algorithm>
#include <array>

#include "compiler/sema/schema_keys.h"

namespace lotmesh::sema {

namespace {

using ir::BridgeEnd;
using ir::Link;

constexpr std::array kClusterKeys = {
    KeySchema{
        .name = "BROKER_ADDRESS",
        .type = ValueType::Address,
        .required = true,
        .sample = "\"192.168.1.100\"",
        .expected = "a host name or an IP address",
        .meaning = "where the peer is; looked up at every attempt",
        .apply = [](Link& link, const Setting& setting) { link.address = setting.text; },
    },
    KeySchema{
        .name = "BROKER_PORT",
        .type = ValueType::Integer,
        .required = true,
        .min = 1,
        .max = 65535,
        .sample = "'1883'",
        .expected = "a port number",
        .meaning = "the peer's ordinary MQTT listener",
        .apply =
            [](Link& link, const Setting& setting) {
                link.port = static_cast<std::uint16_t>(setting.number);
            },
    },
    KeySchema{
        .name = "CLIENT_ID",
        .type = ValueType::ClientId,
        .required = true,
        .max = 64,
        .sample = "\"ClusterNode1\"",
        .expected = "a name",
        .meaning = "label of this link on the wire, another one for each route",
        .apply = [](Link& link, const Setting& setting) { link.client_id = setting.text; },
    },
    username_key<Link>(),
    password_key<Link>(),
    KeySchema{
        .name = "MESSAGE_VALIDITY_SEC",
        .type = ValueType::Integer,
        .max = 86400,
        .default_text = "60",
        .sample = "'30'",
        .expected = "a number of seconds",
        .meaning = "longest wait of a message for an absent peer; 0: until the message expires",
        .apply = [](Link& link,
                    const Setting& setting) { link.message_validity_sec = setting.number; },
    },
    use_tls_key<Link>(Documented::No),
    allow_untrusted_certs_key<Link>(Documented::No),
    server_ca_cert_path_key<Link>(Documented::No),
    client_cert_path_key<Link>(Documented::No),
    client_cert_pass_key<Link>(Documented::No),
    reconnection_retries_key<Link>(Documented::No),
    KeySchema{
        .name = "KEEPALIVE_SEC",
        .type = ValueType::Integer,
        .portable = false,
        .min = 1,
        .max = 65535,
        .default_text = "10",
        .sample = "'10'",
        .expected = "a number of seconds",
        .meaning = "MQTT keep alive that the next CONNECT says; heartbeats of 1 s keep it",
        .apply = [](Link& link, const Setting& setting) { link.keepalive_sec = setting.number; },
    },
};

constexpr std::array kClusterOverloadKeys = overload_keys({
    .policy = "`lossless`: QoS 0 travels and waits as QoS 1 does; the others: the oldest QoS 0 "
              "message that waits for the link is dropped",
    .timeout = "no effect on a cluster link",
    .capacity = "most QoS 0 messages that wait for the link; 0: no limit of its own",
});

constexpr std::array kBridgeEndKeys = {
    KeySchema{
        .name = "BROKER",
        .type = ValueType::Self,
        .sample = "SELF",
        .expected = "the word SELF",
        .meaning = "this end is the broker that reads the file; nothing else is set then",
        .apply = [](BridgeEnd& end, const Setting& setting) { end.self = setting.flag; },
    },
    KeySchema{
        .name = "BROKER_ADDRESS",
        .type = ValueType::Address,
        .required = true,
        .spared_by_self = true,
        .takes_self = true,
        .sample = "\"192.168.1.100\"",
        .expected = "a host name or an IP address",
        .meaning = "where the broker is; looked up at every attempt",
        .apply =
            [](BridgeEnd& end, const Setting& setting) {
                end.address = setting.text;
                end.self = end.self || setting.flag;
            },
    },
    KeySchema{
        .name = "BROKER_PORT",
        .type = ValueType::Integer,
        .required = true,
        .spared_by_self = true,
        .min = 1,
        .max = 65535,
        .sample = "'1883'",
        .expected = "a port number",
        .meaning = "its MQTT listener",
        .apply =
            [](BridgeEnd& end, const Setting& setting) {
                end.port = static_cast<std::uint16_t>(setting.number);
            },
    },
    KeySchema{
        .name = "CLIENT_ID",
        .type = ValueType::ClientId,
        .required = true,
        .spared_by_self = true,
        .max = 64,
        .sample = "\"Bridge1\"",
        .expected = "a name",
        .meaning = "who this bridge is at the broker, another one for each of its clients",
        .apply = [](BridgeEnd& end, const Setting& setting) { end.client_id = setting.text; },
    },
    username_key<BridgeEnd>(),
    password_key<BridgeEnd>(),
    use_tls_key<BridgeEnd>(Documented::Yes),
    allow_untrusted_certs_key<BridgeEnd>(Documented::Yes),
    server_ca_cert_path_key<BridgeEnd>(Documented::Yes),
    client_cert_path_key<BridgeEnd>(Documented::Yes),
    client_cert_pass_key<BridgeEnd>(Documented::Yes),
    reconnection_retries_key<BridgeEnd>(Documented::Yes),
};

constexpr std::array kMappingKeys = {
    KeySchema{
        .name = "SOURCE_TOPIC",
        .type = ValueType::Topic,
        .required = true,
        .sample = "\"sensors/#\"",
        .expected = "a topic or a topic filter",
        .meaning = "topic at the broker of SOURCE_CONFIG, whatever the direction",
        .apply = [](ir::Mapping& mapping,
                    const Setting& setting) { mapping.source_topic = setting.text; },
    },
    KeySchema{
        .name = "DESTINATION_TOPIC",
        .type = ValueType::Topic,
        .required = true,
        .sample = "\"site1/sensors/#\"",
        .expected = "a topic or a topic filter",
        .meaning = "topic at the broker of DESTINATION_CONFIG, whatever the direction",
        .apply = [](ir::Mapping& mapping,
                    const Setting& setting) { mapping.destination_topic = setting.text; },
    },
    KeySchema{
        .name = "DIRECTION",
        .type = ValueType::Choice,
        .required = true,
        .sample = "\"out\"",
        .expected = "`out`, `in` or `both`",
        .meaning = "`out`: from the source to the destination; `in`: the other way; `both`",
        .choices = kDirections,
        .apply =
            [](ir::Mapping& mapping, const Setting& setting) {
                mapping.direction = static_cast<ir::Direction>(setting.number);
            },
    },
};

constexpr std::array kBridgeOverloadKeys = overload_keys({
    .policy =
        "`lossless`: whoever publishes is slowed down; `balanced`: for a while, then messages "
        "are dropped; `realtime`: they are dropped at once",
    .timeout = "how long `balanced` waits before it drops",
    .capacity = "most messages in flight; 0: no limit of its own",
});

constexpr std::array kClusterBlocks = {
    BlockSchema{.name = "CLUSTER_CONFIG",
                .target = BlockTarget::Link,
                .required = true,
                .keys = kClusterKeys},
    BlockSchema{.name = "ROUTE_CONFIG",
                .target = BlockTarget::LinkOverload,
                .portable = false,
                .keys = kClusterOverloadKeys},
};

constexpr std::array kBridgeBlocks = {
    BlockSchema{.name = "SOURCE_CONFIG",
                .target = BlockTarget::Source,
                .required = true,
                .keys = kBridgeEndKeys},
    BlockSchema{.name = "DESTINATION_CONFIG",
                .target = BlockTarget::Destination,
                .required = true,
                .keys = kBridgeEndKeys},
    BlockSchema{.name = "MAPPING",
                .target = BlockTarget::Mapping,
                .required = true,
                .named = true,
                .keys = kMappingKeys},
    BlockSchema{
        .name = "ROUTE_CONFIG", .target = BlockTarget::BridgeOverload, .keys = kBridgeOverloadKeys},
};

constexpr std::array kRouteSchemas = {
    RouteSchema{.type = kClusterType,
                .about = "a link to one peer",
                .main_block = "CLUSTER_CONFIG",
                .blocks = kClusterBlocks},
    RouteSchema{.type = kBridgeType,
                .about = "messages between two brokers",
                .main_block = "",
                .blocks = kBridgeBlocks},
};

constexpr std::array<std::string_view, 32> kRouteTypes = {
    "MQTT_CLUSTER",  "MQTT_BRIDGE", "EMAIL",      "POSTGRESQL", "MYSQL",         "MARIADB",
    "SQLSERVER",     "MONGODB",     "OPENSEARCH", "CRATEDB",    "FILE_STORAGE",  "SNOWFLAKE",
    "KAFKA",         "REST_API",    "LLM",        "AGENT",      "MCP",           "MODBUS_TCP",
    "MODBUS_SERIAL", "SIEMENS_S7",  "OPCUA",      "ETHERNETIP", "ALLEN_BRADLEY", "ADS",
    "FINS",          "BACNET",      "BARCODE",    "VIDEO",      "AUDIO",         "VIDEO_AUDIO",
    "ELASTIC",       "OPENAI",
};

// Of types that have no schema here.
constexpr std::array<std::string_view, 13> kForeignBlocks = {
    "MQTT_CONFIG",       "SMTP_CONFIG",       "EVENT",        "SQL_CONFIG",      "TAG",
    "POSTGRESQL_CONFIG", "MONGODB_CONFIG",    "KAFKA_CONFIG", "REST_API_CONFIG", "OPCUA_CONFIG",
    "MODBUS_CONFIG",     "OPENSEARCH_CONFIG", "STORE",
};

struct Synonym {
    std::string_view name;
    std::string_view key;
};

// language.md B.3.3
constexpr std::array kSynonyms = {
    Synonym{"HOST", "BROKER_ADDRESS"},
    Synonym{"HOSTNAME", "BROKER_ADDRESS"},
    Synonym{"SERVER", "BROKER_ADDRESS"},
    Synonym{"IP", "BROKER_ADDRESS"},
    Synonym{"ADDRESS", "BROKER_ADDRESS"},
    Synonym{"BASE_URL", "BROKER_ADDRESS"},
    Synonym{"BASE_ADDRESS", "BROKER_ADDRESS"},
    Synonym{"ENDPOINT_URL", "BROKER_ADDRESS"},
    Synonym{"PORT", "BROKER_PORT"},
    Synonym{"SERVER_PORT", "BROKER_PORT"},
    Synonym{"USE_SSL", "USE_TLS"},
    Synonym{"IGNORE_CERT_ERRORS", "ALLOW_UNTRUSTED_CERTS"},
    Synonym{"USER", "USERNAME"},
    Synonym{"API_KEY", "PASSWORD"},
    Synonym{"CONNECTION_STRING", "PASSWORD"},
    Synonym{"MESSAGE_VALIDITY", "MESSAGE_VALIDITY_SEC"},
    Synonym{"KEEPALIVE", "KEEPALIVE_SEC"},
    Synonym{"KEEP_ALIVE", "KEEPALIVE_SEC"},
    Synonym{"RETRIES", "RECONNECTION_RETRIES"},
    Synonym{"CA_CERT_PATH", "SERVER_CA_CERT_PATH"},
    Synonym{"SOURCE", "SOURCE_TOPIC"},
    Synonym{"LOCAL_TOPIC", "SOURCE_TOPIC"},
    Synonym{"TARGET_TOPIC", "DESTINATION_TOPIC"},
    Synonym{"DESTINATION", "DESTINATION_TOPIC"},
    Synonym{"REMOTE_TOPIC", "DESTINATION_TOPIC"},
};

}  // namespace

std::span<const RouteSchema> route_schemas() { return kRouteSchemas; }

const RouteSchema* find_route(std::string_view type) {
    const auto found = std::ranges::find(kRouteSchemas, type, &RouteSchema::type);
    return found == kRouteSchemas.end() ? nullptr : &*found;
}

const BlockSchema* find_block(const RouteSchema& route, std::string_view name) {
    const auto found = std::ranges::find(route.blocks, name, &BlockSchema::name);
    return found == route.blocks.end() ? nullptr : &*found;
}

const KeySchema* find_key(const BlockSchema& block, std::string_view name) {
    const auto found = std::ranges::find(block.keys, name, &KeySchema::name);
    return found == block.keys.end() ? nullptr : &*found;
}

std::span<const std::string_view> route_types() { return kRouteTypes; }

bool is_foreign_block(const RouteSchema& route, std::string_view name) {
    if (find_block(route, name) != nullptr) return false;
    return contains(kForeignBlocks, name) ||
           std::ranges::any_of(kRouteSchemas, [&](const RouteSchema& other) {
               return find_block(other, name) != nullptr;
           });
}

std::optional<std::string_view> synonym_of(std::string_view name) {
    const auto found = std::ranges::find(kSynonyms, name, &Synonym::name);
    if (found == kSynonyms.end()) return std::nullopt;
    return found->key;
}

bool contains(std::span<const std::string_view> words, std::string_view word) {
    return std::ranges::find(words, word) != words.end();
}

}  // namespace lotmesh::sema
