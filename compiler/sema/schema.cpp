#include "compiler/sema/schema.h"

#include <algorithm>
#include <array>

namespace lotmesh::sema {

namespace {

using ir::Link;

constexpr std::array<std::string_view, 3> kOverloadPolicies = {"lossless", "balanced", "realtime"};

constexpr std::uint32_t kUnlimited = 4'000'000'000;  // where the language names no upper bound

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
    KeySchema{
        .name = "USERNAME",
        .sample = "\"cluster_user\"",
        .expected = "a user name",
        .meaning = "who this broker is at the peer",
        .apply = [](Link& link, const Setting& setting) { link.username = setting.text; },
    },
    KeySchema{
        .name = "PASSWORD",
        .secret = true,
        .sample = "GET SECRET \"cluster_password\"",
        .expected = "a password",
        .meaning = "proves it",
        .apply = [](Link& link,
                    const Setting& setting) { link.password = ir::Secret(setting.text); },
    },
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
    KeySchema{
        .name = "USE_TLS",
        .type = ValueType::Boolean,
        .portable = false,
        .default_text = "false",
        .sample = "true",
        .expected = "`true` or `false`",
        .meaning = "encrypt the link",
        .apply = [](Link& link, const Setting& setting) { link.tls.enabled = setting.flag; },
    },
    KeySchema{
        .name = "ALLOW_UNTRUSTED_CERTS",
        .type = ValueType::Boolean,
        .portable = false,
        .default_text = "false",
        .sample = "false",
        .expected = "`true` or `false`",
        .meaning = "take any certificate of the peer",
        .apply = [](Link& link,
                    const Setting& setting) { link.tls.allow_untrusted_certs = setting.flag; },
    },
    KeySchema{
        .name = "SERVER_CA_CERT_PATH",
        .portable = false,
        .sample = "\"/etc/lotmesh/ca.pem\"",
        .expected = "a path",
        .meaning = "who may vouch for the peer, in PEM",
        .apply = [](Link& link,
                    const Setting& setting) { link.tls.server_ca_cert_path = setting.text; },
    },
    KeySchema{
        .name = "CLIENT_CERT_PATH",
        .portable = false,
        .sample = "\"/etc/lotmesh/node.pem\"",
        .expected = "a path",
        .meaning = "our certificate and key in one PEM file",
        .apply = [](Link& link,
                    const Setting& setting) { link.tls.client_cert_path = setting.text; },
    },
    KeySchema{
        .name = "CLIENT_CERT_PASS",
        .secret = true,
        .portable = false,
        .sample = "GET SECRET \"node_key\"",
        .expected = "a pass phrase",
        .meaning = "opens the key in CLIENT_CERT_PATH",
        .apply =
            [](Link& link, const Setting& setting) {
                link.tls.client_cert_pass = ir::Secret(setting.text);
            },
    },
    KeySchema{
        .name = "RECONNECTION_RETRIES",
        .type = ValueType::Integer,
        .portable = false,
        .max = 1'000'000,
        .default_text = "5",
        .sample = "'5'",
        .expected = "a number of attempts",
        .meaning = "attempts before the route is shown red; it goes on for ever",
        .apply = [](Link& link,
                    const Setting& setting) { link.reconnection_retries = setting.number; },
    },
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

constexpr std::array kRouteConfigKeys = {
    KeySchema{
        .name = "OVERLOAD_POLICY",
        .type = ValueType::Choice,
        .default_text = "\"balanced\"",
        .sample = "\"balanced\"",
        .expected = "`lossless`, `balanced` or `realtime`",
        .meaning =
            "`lossless`: QoS 0 travels and waits as QoS 1 does; the others: the oldest QoS 0 "
            "message that waits for the link is dropped",
        .choices = kOverloadPolicies,
        .apply =
            [](Link& link, const Setting& setting) {
                link.overload.policy = static_cast<ir::OverloadPolicy>(setting.number);
            },
    },
    KeySchema{
        .name = "OVERLOAD_TIMEOUT",
        .type = ValueType::Integer,
        .max = 3'600'000,
        .default_text = "50",
        .sample = "'50'",
        .expected = "a number of milliseconds",
        .meaning = "no effect on a cluster link",
        .apply = [](Link& link,
                    const Setting& setting) { link.overload.timeout_ms = setting.number; },
    },
    KeySchema{
        .name = "OVERLOAD_CAPACITY",
        .type = ValueType::Integer,
        .max = kUnlimited,
        .default_text = "0",
        .sample = "'10000'",
        .expected = "a number of messages",
        .meaning = "most QoS 0 messages that wait for the link; 0: no limit of its own",
        .apply = [](Link& link,
                    const Setting& setting) { link.overload.capacity = setting.number; },
    },
};

constexpr std::array kClusterBlocks = {
    BlockSchema{.name = "CLUSTER_CONFIG", .required = true, .keys = kClusterKeys},
    BlockSchema{.name = "ROUTE_CONFIG", .portable = false, .keys = kRouteConfigKeys},
};

constexpr std::array<std::string_view, 32> kRouteTypes = {
    "MQTT_CLUSTER",  "MQTT_BRIDGE", "EMAIL",      "POSTGRESQL", "MYSQL",         "MARIADB",
    "SQLSERVER",     "MONGODB",     "OPENSEARCH", "CRATEDB",    "FILE_STORAGE",  "SNOWFLAKE",
    "KAFKA",         "REST_API",    "LLM",        "AGENT",      "MCP",           "MODBUS_TCP",
    "MODBUS_SERIAL", "SIEMENS_S7",  "OPCUA",      "ETHERNETIP", "ALLEN_BRADLEY", "ADS",
    "FINS",          "BACNET",      "BARCODE",    "VIDEO",      "AUDIO",         "VIDEO_AUDIO",
    "ELASTIC",       "OPENAI",
};

constexpr std::array<std::string_view, 16> kForeignBlocks = {
    "SOURCE_CONFIG", "DESTINATION_CONFIG", "MAPPING",      "MQTT_CONFIG",       "SMTP_CONFIG",
    "EVENT",         "SQL_CONFIG",         "TAG",          "POSTGRESQL_CONFIG", "MONGODB_CONFIG",
    "KAFKA_CONFIG",  "REST_API_CONFIG",    "OPCUA_CONFIG", "MODBUS_CONFIG",     "OPENSEARCH_CONFIG",
    "STORE",
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
};

}  // namespace

std::span<const BlockSchema> cluster_blocks() { return kClusterBlocks; }

const BlockSchema* find_cluster_block(std::string_view name) {
    const auto found = std::ranges::find(kClusterBlocks, name, &BlockSchema::name);
    return found == kClusterBlocks.end() ? nullptr : &*found;
}

const KeySchema* find_key(const BlockSchema& block, std::string_view name) {
    const auto found = std::ranges::find(block.keys, name, &KeySchema::name);
    return found == block.keys.end() ? nullptr : &*found;
}

std::span<const std::string_view> route_types() { return kRouteTypes; }
std::span<const std::string_view> foreign_blocks() { return kForeignBlocks; }

std::optional<std::string_view> synonym_of(std::string_view name) {
    const auto found = std::ranges::find(kSynonyms, name, &Synonym::name);
    if (found == kSynonyms.end()) return std::nullopt;
    return found->key;
}

bool contains(std::span<const std::string_view> words, std::string_view word) {
    return std::ranges::find(words, word) != words.end();
}

}  // namespace lotmesh::sema
