// Pages of LOT04xx, what this broker does not run, and LOT05xx, advice.
#include <array>

#include "compiler/diag/explain.h"

namespace lotmesh::diag {

namespace {

constexpr auto kPages = std::to_array<Page>({
    {
        .code = Code::Unsupported,
        .text = R"(The language has more than this broker runs: other types of routes, and actions,
models and rules. Such a definition is left out and the rest works, so it is a
warning; where a file holds nothing else, it is an error. Keep it in a file for
the broker that runs it, or let it pass with `// lot: allow(LOT0401)` above it.)",
        .bad = R"(DEFINE ROUTE ToNode2 WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "node1-to-node2"

DEFINE ROUTE Alarms WITH TYPE EMAIL
    ADD SMTP_CONFIG
        WITH HOST "smtp.example"
)",
        .good = R"(DEFINE ROUTE ToNode2 WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "node1-to-node2"

// lot: allow(LOT0401)
DEFINE ROUTE Alarms WITH TYPE EMAIL
    ADD SMTP_CONFIG
        WITH HOST "smtp.example"
)",
    },
    {
        .code = Code::BridgeInactive,
        .text =
            R"(`MQTT_BRIDGE` routes are read, checked and kept in the plan, and this version of the
broker does not run them: no message crosses. The other routes of the same files are
not affected. Run a bridge of another broker until then, or let this pass with
`// lot: allow(LOT0402)` above the route.)",
        .bad = R"(DEFINE ROUTE ToCloud WITH TYPE MQTT_BRIDGE
    ADD SOURCE_CONFIG
        WITH BROKER SELF
    ADD DESTINATION_CONFIG
        WITH BROKER_ADDRESS "cloud.example"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "site1"
    ADD MAPPING Sensors
        WITH SOURCE_TOPIC "sensors/#"
        WITH DESTINATION_TOPIC "site1/sensors/#"
        WITH DIRECTION "out"
)",
        .good = kOneBridge,
    },
    {
        .code = Code::NumberInString,
        .text = R"(Numbers stand in single quotes, `'1883'`, or in none; double quotes are for
texts. This one was read as a number all the same. Other readers of the language
may not do that, so write it as a number.)",
        .bad = R"(DEFINE ROUTE ToNode2 WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_PORT "1883"
        WITH CLIENT_ID "node1-to-node2"
)",
        .good = kOneLink,
    },
    {
        .code = Code::SamePeer,
        .text = R"(Two routes lead to one address and port. One link carries everything in both
directions; a second one to the same peer brings nothing that the first does not
bring. Most likely a route was copied and its address left as it was. Mend the
address, or remove one of them.)",
        .bad = R"(DEFINE ROUTE ToNode2 WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "node1-to-node2"

DEFINE ROUTE ToNode3 WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "node1-to-node3"
)",
        .good = kTwoLinks,
    },
    {
        .code = Code::TlsSettingUnused,
        .text = R"(Certificates are set for this route, but it does not encrypt: without
`USE_TLS true` they are not looked at and the link is plain text. If it should
be encrypted, add `WITH USE_TLS true` and see that the port is the peer's port
for TLS. If not, remove the setting.)",
        .bad = R"(DEFINE ROUTE ToNode2 WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_PORT '1884'
        WITH CLIENT_ID "node1-to-node2"
        WITH SERVER_CA_CERT_PATH "/etc/lotmesh/ca.pem"
)",
        .good = R"(DEFINE ROUTE ToNode2 WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_PORT '1884'
        WITH CLIENT_ID "node1-to-node2"
        WITH USE_TLS true
        WITH SERVER_CA_CERT_PATH "/etc/lotmesh/ca.pem"
)",
    },
    {
        .code = Code::PlainTextOnTlsPort,
        .text = R"(Port 8883 is by custom the one on which a broker speaks TLS, and this route
speaks plain text. Such a link does not come up: neither side understands the
other. Add `WITH USE_TLS true`, or write the port for plain text, mostly 1883.
If the peer does speak plain text there, put `// lot: allow(LOT0504)` behind the
line.)",
        .bad = R"(DEFINE ROUTE ToNode2 WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_PORT '8883'
        WITH CLIENT_ID "node1-to-node2"
)",
        .good = R"(DEFINE ROUTE ToNode2 WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_PORT '8883'
        WITH CLIENT_ID "node1-to-node2"
        WITH USE_TLS true
)",
    },
    {
        .code = Code::NotPortable,
        .text = R"(This key or block is an addition of this broker: others do not document it in a
cluster route, and may refuse the file. The warning comes only with
`--portable`, for files that are to work on both. Leave the key out there, or
keep a file for each broker.)",
        .bad = R"(DEFINE ROUTE ToNode2 WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "node1-to-node2"
        WITH KEEPALIVE_SEC '5'
)",
        .good = kOneLink,
        .setup = {.portable = true},
    },
    {
        .code = Code::UnusualValidity,
        .text = R"(`MESSAGE_VALIDITY_SEC` says how long a message waits for a peer that is away.
Below 10 seconds a peer that merely restarts misses messages; above 300 they
pile up in memory while it is away. Take 10 to 30 for fast data, 30 to 60 as a
rule, 60 to 300 for what is critical. If you mean it, put
`// lot: allow(LOT0506)` behind the line.)",
        .bad = R"(DEFINE ROUTE ToNode2 WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "node1-to-node2"
        WITH MESSAGE_VALIDITY_SEC '2'
)",
        .good = R"(DEFINE ROUTE ToNode2 WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "node1-to-node2"
        WITH MESSAGE_VALIDITY_SEC '30'
)",
    },
    {
        .code = Code::UntrustedCertificates,
        .text = R"(The link is encrypted, but whoever answers at the address is believed to be the
peer. So somebody between the two can read and change everything, and learn the
password. Name the authority that signed the peer's certificate with
`SERVER_CA_CERT_PATH` instead. For a first try, put `// lot: allow(LOT0507)`
behind the line.)",
        .bad = R"(DEFINE ROUTE ToNode2 WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_PORT '8883'
        WITH CLIENT_ID "node1-to-node2"
        WITH USE_TLS true
        WITH ALLOW_UNTRUSTED_CERTS true
)",
        .good = R"(DEFINE ROUTE ToNode2 WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_PORT '8883'
        WITH CLIENT_ID "node1-to-node2"
        WITH USE_TLS true
        WITH SERVER_CA_CERT_PATH "/etc/lotmesh/ca.pem"
)",
    },
    {
        .code = Code::PasswordAlone,
        .text = R"(A password proves who somebody is, and here nobody says who. Many brokers refuse
a password without a user name. Add `USERNAME`, or remove `PASSWORD`.)",
        .bad = R"(DEFINE ROUTE ToNode2 WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "node1-to-node2"
        WITH PASSWORD GET SECRET "cluster_password"
)",
        .good = R"(DEFINE ROUTE ToNode2 WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "node1-to-node2"
        WITH USERNAME "cluster_user"
        WITH PASSWORD GET SECRET "cluster_password"
)",
    },
    {
        .code = Code::OverloadSettingUnused,
        .text = R"(The setting does nothing here. With the policy `lossless` nothing is dropped, so
a largest number of messages, `OVERLOAD_CAPACITY`, has no meaning. And no
message waits for a cluster link by time, so that `OVERLOAD_TIMEOUT` has none
whatever the policy. Remove the setting.)",
        .bad = R"(DEFINE ROUTE ToNode2 WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "node1-to-node2"
    ADD ROUTE_CONFIG
        WITH OVERLOAD_POLICY "lossless"
        WITH OVERLOAD_CAPACITY '10000'
)",
        .good = R"(DEFINE ROUTE ToNode2 WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "node1-to-node2"
    ADD ROUTE_CONFIG
        WITH OVERLOAD_POLICY "balanced"
        WITH OVERLOAD_CAPACITY '10000'
)",
    },
    {
        .code = Code::UnusedAllow,
        .text = R"(A comment `// lot: allow(...)` lets a finding pass that is not there, or not
there any more. It reaches over its own line; on a line of its own, over the
statement, block or definition below. Left in place it would hide the next
mistake of that kind. Remove it, or move it to the line that it is for.)",
        .bad = R"(DEFINE ROUTE ToNode2 WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "node1-to-node2"
        WITH MESSAGE_VALIDITY_SEC '30' // lot: allow(LOT0506)
)",
        .good = R"(DEFINE ROUTE ToNode2 WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "node1-to-node2"
        WITH MESSAGE_VALIDITY_SEC '30'
)",
    },
    {
        .code = Code::BadAllow,
        .text = R"(Comments that begin with `lot:` speak to the compiler, and this one it cannot
follow. The only such comment is `// lot: allow(LOT0506)`, with one code or more
in the brackets, divided by commas. Codes of errors cannot be let pass: without
a plan there is nothing to run. Write it like that, or begin the comment with
another word. A file names 10,000 codes at most; what follows is not heeded.)",
        .bad = R"(DEFINE ROUTE ToNode2 WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_PORT '1883' // lot: allow(LOT0302)
        WITH CLIENT_ID "node1-to-node2"
)",
        .good = kOneLink,
    },
    {
        .code = Code::SelfAsAddress,
        .text = R"(Some documents of the language name the broker itself by its address,
`WITH BROKER_ADDRESS SELF`. That is taken and means the same as `WITH BROKER SELF`, which
is the one way to write it everywhere. `lotmesh lint --fix` writes that.)",
        .bad = R"(// lot: allow(LOT0402)
DEFINE ROUTE ToCloud WITH TYPE MQTT_BRIDGE
    ADD SOURCE_CONFIG
        WITH BROKER_ADDRESS SELF
    ADD DESTINATION_CONFIG
        WITH BROKER_ADDRESS "cloud.example"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "site1"
    ADD MAPPING Sensors
        WITH SOURCE_TOPIC "sensors/#"
        WITH DESTINATION_TOPIC "site1/sensors/#"
        WITH DIRECTION "out"
)",
        .good = kOneBridge,
    },
    {
        .code = Code::SelfSettingUnused,
        .text = R"(`BROKER SELF` is the broker that reads the file. It needs no address, no port, no
CLIENT_ID, no credentials and no TLS, so what is set beside it does nothing. Remove it,
or remove `BROKER SELF` if another broker is meant.)",
        .bad = R"(// lot: allow(LOT0402)
DEFINE ROUTE ToCloud WITH TYPE MQTT_BRIDGE
    ADD SOURCE_CONFIG
        WITH BROKER SELF
        WITH BROKER_PORT '1884'
    ADD DESTINATION_CONFIG
        WITH BROKER_ADDRESS "cloud.example"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "site1"
    ADD MAPPING Sensors
        WITH SOURCE_TOPIC "sensors/#"
        WITH DESTINATION_TOPIC "site1/sensors/#"
        WITH DIRECTION "out"
)",
        .good = kOneBridge,
    },
    {
        .code = Code::AmbiguousDirection,
        .text =
            R"(A direction is seen from the source: `out` goes from the broker of SOURCE_CONFIG to the
one of DESTINATION_CONFIG, `in` the other way, and each topic belongs to the broker that
it is named for. Samples of the language that name the other broker as the source and
this one as the destination use `in` for what comes in to this one, which is the
opposite. Here it would send. Name this broker in SOURCE_CONFIG, so that there is one
reading only; `lotmesh lint --plan` shows which way each mapping goes.)",
        .bad = R"(// lot: allow(LOT0402)
DEFINE ROUTE FromCloud WITH TYPE MQTT_BRIDGE
    ADD SOURCE_CONFIG
        WITH BROKER_ADDRESS "cloud.example"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "site1"
    ADD DESTINATION_CONFIG
        WITH BROKER SELF
    ADD MAPPING Commands
        WITH SOURCE_TOPIC "site1/commands/#"
        WITH DESTINATION_TOPIC "commands/#"
        WITH DIRECTION "in"
)",
        .good = R"(// lot: allow(LOT0402)
DEFINE ROUTE FromCloud WITH TYPE MQTT_BRIDGE
    ADD SOURCE_CONFIG
        WITH BROKER SELF
    ADD DESTINATION_CONFIG
        WITH BROKER_ADDRESS "cloud.example"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "site1"
    ADD MAPPING Commands
        WITH SOURCE_TOPIC "commands/#"
        WITH DESTINATION_TOPIC "site1/commands/#"
        WITH DIRECTION "in"
)",
    },
    {
        .code = Code::BridgeToItself,
        .text =
            R"(Both ends of this bridge are one broker. What a mapping writes there may be what it, or
another mapping, reads there, and then a message goes round for ever. Most likely an end
was copied and its address left as it was. Mend the address.)",
        .bad = R"(// lot: allow(LOT0402)
DEFINE ROUTE ToCloud WITH TYPE MQTT_BRIDGE
    ADD SOURCE_CONFIG
        WITH BROKER SELF
    ADD DESTINATION_CONFIG
        WITH BROKER SELF
    ADD MAPPING Sensors
        WITH SOURCE_TOPIC "sensors/#"
        WITH DESTINATION_TOPIC "site1/sensors/#"
        WITH DIRECTION "out"
)",
        .good = kOneBridge,
    },
});

}  // namespace

std::span<const Page> advice_pages() { return kPages; }

}  // namespace lotmesh::diag
