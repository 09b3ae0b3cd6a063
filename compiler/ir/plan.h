// The plan: what a set of route files means, as plain values. The only thing that the compiler and
// the runtime share.
//
// No pointers, no positions that change with formatting; == compares meaning. Secrets are resolved
// and wrapped, so that no dump, log or error can show one. Validated where it is made and where it
// is used (validate.h).
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "compiler/ir/rule.h"

namespace lotmesh::ir {

// A value that must never be shown. There is no operator<< and no formatter, on purpose.
class Secret {
public:
    Secret() = default;
    explicit Secret(std::string value) : value_(std::move(value)) {}

    const std::string& reveal() const { return value_; }
    bool empty() const { return value_.empty(); }
    bool operator==(const Secret&) const = default;

private:
    std::string value_;
};

struct Tls {
    bool enabled = false;
    bool allow_untrusted_certs = false;
    std::string server_ca_cert_path;
    std::string client_cert_path;
    Secret client_cert_pass;
    bool operator==(const Tls&) const = default;
};

enum class OverloadPolicy : std::uint8_t { Lossless, Balanced, Realtime };

struct Overload {
    OverloadPolicy policy = OverloadPolicy::Balanced;
    std::uint32_t timeout_ms = 50;
    std::uint32_t capacity = 0;  // messages; 0: no limit of its own
    bool operator==(const Overload&) const = default;
};

// A setting whose value came from a reference. The value is never shown; this is, in its place.
struct Reference {
    std::string key;      // of the language: BROKER_ADDRESS
    std::string written;  // GET ENV "PEER"
    bool operator==(const Reference&) const = default;
};

// One MQTT_CLUSTER route: a link to one peer.
struct Link {
    std::string name;     // the route's; unique in a plan
    std::string address;  // host name, IPv4 or IPv6
    std::uint16_t port = 0;
    std::string client_id;  // label on the wire; unique in a plan
    std::string username;
    Secret password;
    std::uint32_t message_validity_sec = 60;  // 0: until the message itself expires
    std::uint32_t keepalive_sec = 10;
    std::uint32_t reconnection_retries = 5;  // attempts before the route is shown red
    Tls tls;
    Overload overload;
    std::vector<Reference> references;  // settings that only shown() may show (dump.h)
    bool operator==(const Link&) const = default;
};

// A broker at one end of a bridge. One that is this broker has nothing else set.
struct BridgeEnd {
    bool self = false;
    std::string address;  // host name, IPv4 or IPv6
    std::uint16_t port = 0;
    std::string client_id;
    std::string username;
    Secret password;
    std::uint32_t reconnection_retries = 5;
    Tls tls;
    std::vector<Reference> references;
    bool operator==(const BridgeEnd&) const = default;
};

// Out: from the source to the destination. Each topic is one of the broker that it is named for,
// whichever way messages go (docs/lot-language.md).
enum class Direction : std::uint8_t { Out, In, Both };

// What a bridge carries. Both topics have the same wildcards in the same order; the topic of a
// direction that is written to may have none instead.
struct Mapping {
    std::string name;  // unique in a bridge
    std::string source_topic;
    std::string destination_topic;
    Direction direction = Direction::Out;
    std::vector<Reference> references;
    bool operator==(const Mapping&) const = default;
};

// One MQTT_BRIDGE route: messages between two brokers that know nothing of each other.
struct Bridge {
    std::string name;  // the route's; unique in a plan, among links too
    BridgeEnd source;
    BridgeEnd destination;
    std::vector<Mapping> mappings;  // in the order of the text; at least one
    Overload overload;
    std::vector<Reference> references;  // of the overload settings
    bool operator==(const Bridge&) const = default;
};

struct Plan {
    std::vector<Link> links;           // ordered by name
    std::vector<Bridge> bridges = {};  // ordered by name
    std::vector<Rule> rules = {};      // ordered by priority, and of one priority by name
    bool operator==(const Plan&) const = default;
};

}  // namespace lotmesh::ir
