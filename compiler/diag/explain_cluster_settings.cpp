// Pages of LOT0609 to LOT0615: what routes of a cluster set.
#include <array>

#include "compiler/diag/explain_cluster.h"

namespace lotmesh::diag {

namespace {

constexpr auto kPages = std::to_array<Page>({
    {
        .code = Code::CredentialsRefused,
        .text = R"(The target of this route has a file of who may link with it, and this route's
`USERNAME` and `PASSWORD` do not agree with it: the user is not in there, has
another password, or the route names none. The link would be refused. The file
is that which `node.toml` of the target names: `cluster-credentials`, or
`password-file` with hashes as mosquitto_passwd writes them. Where it cannot be
read, or the password comes from a secret, nothing is said.)",
        .bad = R"(// file: node-a/peers.lot
//! node: a listen: 127.0.0.1:18831
DEFINE ROUTE AToB WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "127.0.0.1"
        WITH BROKER_PORT '18832'
        WITH CLIENT_ID "a-to-b"
        WITH USERNAME "cluster_usr"
        WITH PASSWORD "cluster_password"

// file: node-b/peers.lot
DEFINE ROUTE BToA WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "127.0.0.1"
        WITH BROKER_PORT '18831'
        WITH CLIENT_ID "b-to-a"

// file: node-b/node.toml
name = "b"
listen = "127.0.0.1:18832"
cluster-credentials = "users"

// file: node-b/users
cluster_user:cluster_password
)",
        .good = R"(// file: node-a/peers.lot
//! node: a listen: 127.0.0.1:18831
DEFINE ROUTE AToB WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "127.0.0.1"
        WITH BROKER_PORT '18832'
        WITH CLIENT_ID "a-to-b"
        WITH USERNAME "cluster_user"
        WITH PASSWORD "cluster_password"

// file: node-b/peers.lot
DEFINE ROUTE BToA WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "127.0.0.1"
        WITH BROKER_PORT '18831'
        WITH CLIENT_ID "b-to-a"

// file: node-b/node.toml
name = "b"
listen = "127.0.0.1:18832"
cluster-credentials = "users"

// file: node-b/users
cluster_user:cluster_password
)",
        .setup = {.cluster = true},
    },
    {
        .code = Code::BadCertificate,
        .text = R"(A certificate or a private key that this route or this node names would not let
the link come up: the file cannot be read or is not PEM, a certificate has
expired or is not valid yet, a key is not that of its certificate, or the
certificate that the target shows is not for the address that the route dials.
What a node shows is named in its `node.toml`: `tls-certificate`, and `tls-key`
where the key stands in another file. A certificate that has less than 30 days
left is a warning. A file with an absolute path that is not there is a note,
since lint may run on another machine; with `--deploy` it is an error. What is
behind a reference is not looked at, and names are not compared with
`ALLOW_UNTRUSTED_CERTS`.)",
        .bad = R"(// file: node-a/peers.lot
//! node: a listen: 10.0.0.1:1883
DEFINE ROUTE AToB WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_PORT '8883'
        WITH CLIENT_ID "a-to-b"
        WITH USE_TLS true
        WITH SERVER_CA_CERT_PATH "ca.pem"

// file: node-b/peers.lot
//! node: b listen: 10.0.0.2:8883 tls
DEFINE ROUTE BToA WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.1"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "b-to-a"
)",
        .good = R"(// file: node-a/peers.lot
//! node: a listen: 10.0.0.1:1883
DEFINE ROUTE AToB WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_PORT '8883'
        WITH CLIENT_ID "a-to-b"
        WITH USE_TLS true
        WITH SERVER_CA_CERT_PATH "ca.pem"

// file: node-a/ca.pem
-----BEGIN CERTIFICATE-----
MIIBSjCB8aADAgECAhRTqO0DZPoGwZXbtz0zMsh2n0ZBoTAKBggqhkjOPQQDAjAa
MRgwFgYDVQQDDA9sb3RtZXNoIHRlc3QgQ0EwIBcNMjYwMTAxMDAwMDAwWhgPMjEy
NjAxMDEwMDAwMDBaMBoxGDAWBgNVBAMMD2xvdG1lc2ggdGVzdCBDQTBZMBMGByqG
SM49AgEGCCqGSM49AwEHA0IABHvu2LdrjOgKrEFuOL8gJx9AxjhBh/wbh8MIe3CO
8z0roILDLDxgd+VeEXR7BTJV7sBI01yk0p3E6WURLIPzVm6jEzARMA8GA1UdEwEB
/wQFMAMBAf8wCgYIKoZIzj0EAwIDSAAwRQIgOhC1Qyi8p7q3HgJeQOoHXEmVOF3l
vf5HKrqli84h+cUCIQCerVbvnszS6IbK0CRvchKdHJv/RVFI8kTvXv9mynUDrw==
-----END CERTIFICATE-----

// file: node-b/peers.lot
//! node: b listen: 10.0.0.2:8883 tls
DEFINE ROUTE BToA WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.1"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "b-to-a"
)",
        .setup = {.cluster = true},
    },
    {
        .code = Code::PasswordInClear,
        .text = R"(The route sends a password and does not encrypt, and its target is not on the
same machine. Whoever can listen on the way learns the password and can then be
a node of the cluster. Use TLS on this link, or let it pass with
`// lot: allow(LOT0611)` behind the line where the network is closed to others.)",
        .bad = R"(// file: node-a/peers.lot
//! node: a listen: 10.0.0.1:1883
DEFINE ROUTE AToB WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "a-to-b"
        WITH USERNAME "cluster_user"
        WITH PASSWORD "cluster_password"

// file: node-b/peers.lot
//! node: b listen: 10.0.0.2:1883
DEFINE ROUTE BToA WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.1"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "b-to-a"
)",
        .good = R"(// file: node-a/peers.lot
//! node: a listen: 10.0.0.1:1883
DEFINE ROUTE AToB WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_PORT '8883'
        WITH CLIENT_ID "a-to-b"
        WITH USERNAME "cluster_user"
        WITH PASSWORD "cluster_password"
        WITH USE_TLS true

// file: node-b/peers.lot
//! node: b listen: 10.0.0.2:1883, 10.0.0.2:8883 tls
DEFINE ROUTE BToA WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.1"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "b-to-a"
)",
        .setup = {.cluster = true},
    },
    {
        .code = Code::ValidityMismatch,
        .text = R"(`MESSAGE_VALIDITY_SEC` does not fit. Either the two directions between two nodes
have different values, so that after a break one side still gets what the other
has given up; or it is shorter than the longest wait between two attempts to
reach a peer, so that what is published during a break never arrives. Write the
same value on both sides, 10 seconds or more.)",
        .bad = R"(// file: node-a/peers.lot
//! node: a listen: 10.0.0.1:1883
DEFINE ROUTE AToB WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "a-to-b"
        WITH MESSAGE_VALIDITY_SEC '30'

// file: node-b/peers.lot
//! node: b listen: 10.0.0.2:1883
DEFINE ROUTE BToA WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.1"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "b-to-a"
        WITH MESSAGE_VALIDITY_SEC '60'
)",
        .good = R"(// file: node-a/peers.lot
//! node: a listen: 10.0.0.1:1883
DEFINE ROUTE AToB WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "a-to-b"
        WITH MESSAGE_VALIDITY_SEC '30'

// file: node-b/peers.lot
//! node: b listen: 10.0.0.2:1883
DEFINE ROUTE BToA WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.1"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "b-to-a"
        WITH MESSAGE_VALIDITY_SEC '30'
)",
        .setup = {.cluster = true},
    },
    {
        .code = Code::MappingLoop,
        .text =
            R"(Bridges carry messages from broker to broker, and the nodes of a cluster have each
other's messages. Together these mappings lead back to where they began, and what
goes round comes again and again, as fast as the brokers can. A bridge by itself
does not read what it has written; two of them, on one node or on two, do. The
other lines show the way. Leave one of the mappings out, or let one write to
topics that none of the others reads.)",
        .bad = R"(// file: node-a/peers.lot
//! node: a listen: 10.0.0.1:1883
DEFINE ROUTE AToB WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "a-to-b"

DEFINE ROUTE Up WITH TYPE MQTT_BRIDGE  // lot: allow(LOT0402)
    ADD SOURCE_CONFIG
        WITH BROKER SELF
    ADD DESTINATION_CONFIG
        WITH BROKER_ADDRESS "plant.example"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "up"
    ADD MAPPING all
        WITH SOURCE_TOPIC "line/#"
        WITH DESTINATION_TOPIC "site/line/#"
        WITH DIRECTION "out"

// file: node-b/peers.lot
//! node: b listen: 10.0.0.2:1883
DEFINE ROUTE BToA WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.1"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "b-to-a"

DEFINE ROUTE Down WITH TYPE MQTT_BRIDGE  // lot: allow(LOT0402)
    ADD SOURCE_CONFIG
        WITH BROKER SELF
    ADD DESTINATION_CONFIG
        WITH BROKER_ADDRESS "plant.example"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "down"
    ADD MAPPING all
        WITH SOURCE_TOPIC "line/#"
        WITH DESTINATION_TOPIC "site/line/#"
        WITH DIRECTION "in"
)",
        .good = R"(// file: node-a/peers.lot
//! node: a listen: 10.0.0.1:1883
DEFINE ROUTE AToB WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "a-to-b"

DEFINE ROUTE Up WITH TYPE MQTT_BRIDGE  // lot: allow(LOT0402)
    ADD SOURCE_CONFIG
        WITH BROKER SELF
    ADD DESTINATION_CONFIG
        WITH BROKER_ADDRESS "plant.example"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "up"
    ADD MAPPING all
        WITH SOURCE_TOPIC "line/#"
        WITH DESTINATION_TOPIC "site/line/#"
        WITH DIRECTION "out"

// file: node-b/peers.lot
//! node: b listen: 10.0.0.2:1883
DEFINE ROUTE BToA WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.1"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "b-to-a"

DEFINE ROUTE Down WITH TYPE MQTT_BRIDGE  // lot: allow(LOT0402)
    ADD SOURCE_CONFIG
        WITH BROKER SELF
    ADD DESTINATION_CONFIG
        WITH BROKER_ADDRESS "plant.example"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "down"
    ADD MAPPING all
        WITH SOURCE_TOPIC "orders/#"
        WITH DESTINATION_TOPIC "site/orders/#"
        WITH DIRECTION "in"
)",
        .setup = {.cluster = true},
    },
    {
        .code = Code::DuplicateDelivery,
        .text = R"(This bridge carries topics from one node to another, under the same names, and
the two are linked: each has the other's messages anyway. Who subscribes there
gets everything twice. Leave the mapping out, or let it write to other topics.)",
        .bad = R"(// file: node-a/peers.lot
//! node: a listen: 10.0.0.1:1883
DEFINE ROUTE AToB WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "a-to-b"

DEFINE ROUTE Copy WITH TYPE MQTT_BRIDGE  // lot: allow(LOT0402)
    ADD SOURCE_CONFIG
        WITH BROKER SELF
    ADD DESTINATION_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "copy"
    ADD MAPPING all
        WITH SOURCE_TOPIC "line/#"
        WITH DESTINATION_TOPIC "line/#"
        WITH DIRECTION "out"

// file: node-b/peers.lot
//! node: b listen: 10.0.0.2:1883
DEFINE ROUTE BToA WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.1"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "b-to-a"
)",
        .good = kClusterPair,
        .setup = {.cluster = true},
    },
    {
        .code = Code::UndeclaredReference,
        .text = R"(A value comes from the environment or from a secret, and the declaration of its
node does not say that the node has it. On that node the broker would refuse the
route. Add it to `node.toml`: `env = ["NAME=value"]` or `secrets = ["name"]`, of
a secret only the name. With `--deploy` this is an error, otherwise a warning.)",
        .bad = R"(// file: node-a/peers.lot
DEFINE ROUTE AToB WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS GET ENV "PEER_B"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "a-to-b"

// file: node-a/node.toml
name = "a"
listen = "10.0.0.1:1883"

// file: node-b/peers.lot
//! node: b listen: 10.0.0.2:1883
DEFINE ROUTE BToA WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.1"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "b-to-a"
)",
        .good = R"(// file: node-a/peers.lot
DEFINE ROUTE AToB WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS GET ENV "PEER_B"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "a-to-b"

// file: node-a/node.toml
name = "a"
listen = "10.0.0.1:1883"
env = ["PEER_B=10.0.0.2"]

// file: node-b/peers.lot
//! node: b listen: 10.0.0.2:1883
DEFINE ROUTE BToA WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.1"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "b-to-a"
)",
        .setup = {.cluster = true},
    },
});

}  // namespace

std::span<const Page> cluster_setting_pages() { return kPages; }

}  // namespace lotmesh::diag
