// Pages of LOT03xx: what a value may be.
#include <array>

#include "compiler/diag/explain.h"

namespace lotmesh::diag {

namespace {

constexpr auto kPages = std::to_array<Page>({
    {
        .code = Code::WrongValueType,
        .text = R"(The key takes a value of another sort. A text stands in double quotes:
`"node1"`. A number has digits only, in single quotes or none: `'1883'`, without
a unit. A boolean is `true` or `false`. The type of a route is a bare word.
Write the value as the message says.)",
        .bad = R"(DEFINE ROUTE ToNode2 WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_PORT 'mqtt'
        WITH CLIENT_ID "node1-to-node2"
)",
        .good = kOneLink,
    },
    {
        .code = Code::OutOfRange,
        .text = R"(The value is a number, and too small or too large for this key. It is not
rounded to the next one that would do, for that is hardly what was meant. Write
a number in the range that the message names.)",
        .bad = R"(DEFINE ROUTE ToNode2 WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_PORT '188300'
        WITH CLIENT_ID "node1-to-node2"
)",
        .good = kOneLink,
    },
    {
        .code = Code::UnknownChoice,
        .text = R"(This key takes one of a few words, and this is none of them. Upper and lower
case make no difference here. Write one of those that the message names; what
they do stands in the table of the language.)",
        .bad = R"(DEFINE ROUTE ToNode2 WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "node1-to-node2"
    ADD ROUTE_CONFIG
        WITH OVERLOAD_POLICY "loosless"
)",
        .good = R"(DEFINE ROUTE ToNode2 WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "node1-to-node2"
    ADD ROUTE_CONFIG
        WITH OVERLOAD_POLICY "lossless"
)",
    },
    {
        .code = Code::BadAddress,
        .text = R"(`BROKER_ADDRESS` is a host name, an IPv4 or an IPv6 address, and nothing else:
no `mqtt://` before it and no port behind it. The port has a key of its own,
`BROKER_PORT`; encryption is `USE_TLS true`. Write the host alone.)",
        .bad = R"(DEFINE ROUTE ToNode2 WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2:1883"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "node1-to-node2"
)",
        .good = kOneLink,
    },
    {
        .code = Code::BadText,
        .text = R"(The text has a length or characters that this key does not take. A `CLIENT_ID`
has 1 to 64 printable characters of ASCII, so that every broker understands it.
A user name or a path has no control characters, such as a tab. Shorten it, or
replace what is marked.)",
        .bad = R"(DEFINE ROUTE ToNode2 WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "the-link-from-node1-in-the-north-hall-to-node2-in-the-south-hall-2"
)",
        .good = kOneLink,
    },
    {
        .code = Code::UnresolvedReference,
        .text = R"(The value is fetched when the routes are loaded, and there is none: the
environment variable or the secret does not exist where the broker runs. A route
with a hole in it is not run. Set it before the broker starts, or mend its name;
a service often has another environment than your shell.)",
        .bad = R"(DEFINE ROUTE ToNode2 WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS GET ENV "NODE2_ADDRESS"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "node1-to-node2"
)",
        .good = R"(DEFINE ROUTE ToNode2 WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS GET ENV "NODE2_ADDRESS"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "node1-to-node2"
)",
        .setup = {.load = true},
        .good_variable = {"NODE2_ADDRESS", "10.0.0.2"},
    },
    {
        .code = Code::BadReferenceValue,
        .text = R"(The reference has a value, but not one that this key takes: a word where a
number belongs, a number out of range, an address with a port. What it is stays
hidden, for it may be a secret. Look at the variable or the secret where the
broker runs; a blank or a line end too much is often the reason.)",
        .bad = R"(DEFINE ROUTE ToNode2 WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_PORT GET ENV "NODE2_PORT"
        WITH CLIENT_ID "node1-to-node2"
)",
        .good = R"(DEFINE ROUTE ToNode2 WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_PORT GET ENV "NODE2_PORT"
        WITH CLIENT_ID "node1-to-node2"
)",
        .setup = {.load = true},
        .bad_variable = {"NODE2_PORT", "mqtt"},
        .good_variable = {"NODE2_PORT", "1883"},
    },
    {
        .code = Code::RandomClientId,
        .text = R"(`RANDOM UUID` is another text at every start. The peer knows this link by its
`CLIENT_ID` and keeps messages for it while it is away: under a new name nobody
would come for them. Write a fixed text; if a file is to serve several nodes,
add what tells them apart, such as `"link-" + GET ENV "SITE"`.)",
        .bad = R"(DEFINE ROUTE ToNode2 WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "node1-" + RANDOM UUID
)",
        .good = kOneLink,
    },
    {
        .code = Code::SelfAddress,
        .text = R"(`SELF` is this very broker, and a cluster route leads to another one: a link to
itself would join nothing. Write the address of the peer. If the file came from
a bridge route, its `SELF` side is not needed here, for every cluster route
begins at this broker.)",
        .bad = R"(DEFINE ROUTE ToNode2 WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS SELF
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "node1-to-node2"
)",
        .good = kOneLink,
    },
    {
        .code = Code::BadTopic,
        .text =
            R"(A mapping takes a topic, or a topic filter: `+` stands for exactly one level and `#`
for all that follow, so both stand alone between slashes and `#` is the last one. A
topic is not empty. Shared subscriptions (`$share/...`) cannot be mapped. Mend the
topic.)",
        .bad = R"(// lot: allow(LOT0402)
DEFINE ROUTE ToCloud WITH TYPE MQTT_BRIDGE
    ADD SOURCE_CONFIG
        WITH BROKER SELF
    ADD DESTINATION_CONFIG
        WITH BROKER_ADDRESS "cloud.example"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "site1"
    ADD MAPPING Sensors
        WITH SOURCE_TOPIC "sensors#"
        WITH DESTINATION_TOPIC "site1/sensors/#"
        WITH DIRECTION "out"
)",
        .good = kOneBridge,
    },
    {
        .code = Code::WildcardMismatch,
        .text =
            R"(What a wildcard of the one topic stands for is put in the place of the same wildcard
of the other, the first `+` for the first and so on, `#` for `#`. So both topics have
the same wildcards in the same order. Where messages go one way only, the topic that
they are sent to may have none: then all of them go to that one topic. Mend one of the
topics.)",
        .bad = R"(// lot: allow(LOT0402)
DEFINE ROUTE ToCloud WITH TYPE MQTT_BRIDGE
    ADD SOURCE_CONFIG
        WITH BROKER SELF
    ADD DESTINATION_CONFIG
        WITH BROKER_ADDRESS "cloud.example"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "site1"
    ADD MAPPING Sensors
        WITH SOURCE_TOPIC "sensors/#"
        WITH DESTINATION_TOPIC "site1/+/sensors/#"
        WITH DIRECTION "out"
)",
        .good = kOneBridge,
    },
});

}  // namespace

std::span<const Page> value_pages() { return kPages; }

}  // namespace lotmesh::diag
