// Pages of LOT0616 to LOT0622: addresses, names and the shape of a cluster.
#include <array>

#include "compiler/diag/explain_cluster.h"

namespace lotmesh::diag {

namespace {

constexpr auto kPages = std::to_array<Page>({
    {
        .code = Code::LoopbackTarget,
        .text = R"(The nodes of this cluster are on several machines, and this route leads to a
loopback address, which never leaves its own machine. What worked while all
nodes were tried on one machine does not work here. Name the address or the name
under which the peer is reached from the other machines.)",
        .bad = R"(// file: node-a/peers.lot
//! node: a listen: 10.0.0.1:1883
DEFINE ROUTE AToB WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "localhost"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "a-to-b"

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
        .code = Code::ClientIdTemplate,
        .text = R"(The CLIENT_ID holds marks like those that a template tool replaces, and here they
stand as they are: the tool did not run, or knows another spelling. Every node
made from the template would have the same CLIENT_ID, and two links of one
CLIENT_ID end each other. Fill it in, or use what this language has for that:
`"node_" + GET ENV "SITE"`.)",
        .bad = R"(// file: node-a/peers.lot
//! node: a listen: 10.0.0.1:1883
DEFINE ROUTE AToB WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "${NODE}-to-b"

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
        .code = Code::FactoryCredentials,
        .text = R"(The route uses the user name and the password that a broker is delivered with.
They stand in public documents and are the first that an intruder tries. Make a
user for the cluster on the target, and keep its password as a secret.)",
        .bad = R"(// file: node-a/peers.lot
//! node: a listen: 127.0.0.1:18831
DEFINE ROUTE AToB WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "127.0.0.1"
        WITH BROKER_PORT '18832'
        WITH CLIENT_ID "a-to-b"
        WITH USERNAME "root"
        WITH PASSWORD "coreflux"

// file: node-b/peers.lot
//! node: b listen: 127.0.0.1:18832
DEFINE ROUTE BToA WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "127.0.0.1"
        WITH BROKER_PORT '18831'
        WITH CLIENT_ID "b-to-a"
)",
        .good = R"(// file: node-a/peers.lot
DEFINE ROUTE AToB WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "127.0.0.1"
        WITH BROKER_PORT '18832'
        WITH CLIENT_ID "a-to-b"
        WITH USERNAME "cluster_user"
        WITH PASSWORD GET SECRET "cluster_password"

// file: node-a/node.toml
name = "a"
listen = "127.0.0.1:18831"
secrets = ["cluster_password"]

// file: node-b/peers.lot
//! node: b listen: 127.0.0.1:18832
DEFINE ROUTE BToA WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "127.0.0.1"
        WITH BROKER_PORT '18831'
        WITH CLIENT_ID "b-to-a"
)",
        .setup = {.cluster = true},
    },
    {
        .code = Code::SameRouteName,
        .text = R"(Routes of one name on two nodes lead to different nodes. Each node keeps its
routes for itself, so that this works. But a name stands in logs, metrics and
`$SYS` of all of them, where it is read without its node. With names like
`AToB` there is no doubt.)",
        .bad = R"(// file: node-a/peers.lot
//! node: a listen: 10.0.0.1:1883
DEFINE ROUTE Peer WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "a-to-b"

DEFINE ROUTE AToC WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.3"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "a-to-c"

// file: node-b/peers.lot
//! node: b listen: 10.0.0.2:1883
DEFINE ROUTE Peer WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.1"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "b-to-a"

DEFINE ROUTE BToC WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.3"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "b-to-c"

// file: node-c/peers.lot
//! node: c listen: 10.0.0.3:1883
DEFINE ROUTE CToA WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.1"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "c-to-a"

DEFINE ROUTE CToB WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "c-to-b"
)",
        .good = R"(// file: node-a/peers.lot
//! node: a listen: 10.0.0.1:1883
DEFINE ROUTE AToB WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "a-to-b"

DEFINE ROUTE AToC WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.3"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "a-to-c"

// file: node-b/peers.lot
//! node: b listen: 10.0.0.2:1883
DEFINE ROUTE BToA WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.1"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "b-to-a"

DEFINE ROUTE BToC WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.3"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "b-to-c"

// file: node-c/peers.lot
//! node: c listen: 10.0.0.3:1883
DEFINE ROUTE CToA WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.1"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "c-to-a"

DEFINE ROUTE CToB WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "c-to-b"
)",
        .setup = {.cluster = true},
    },
    {
        .code = Code::Drift,
        .text = R"(With `--online` the nodes were asked what they run, and it is not what is written
here: a route is missing there, is another one, or is written nowhere; or the
node did not answer. Either these files have not reached the node yet, or
somebody changed the node and not the files. A line `running on` in the sample
stands for the answer of a node.)",
        .bad = R"(// file: node-a/peers.lot
//! node: a listen: 10.0.0.1:1883
DEFINE ROUTE AToB WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "a-to-b"

// file: node-b/peers.lot
//! node: b listen: 10.0.0.2:1883
DEFINE ROUTE BToA WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.1"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "b-to-a"

// running on a: AToB 10.0.0.9 1883 a-to-b
// running on a: AToC 10.0.0.3 1883 a-to-c
)",
        .good = R"(// file: node-a/peers.lot
//! node: a listen: 10.0.0.1:1883
DEFINE ROUTE AToB WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "a-to-b"

// file: node-b/peers.lot
//! node: b listen: 10.0.0.2:1883
DEFINE ROUTE BToA WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.1"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "b-to-a"

// running on a: AToB 10.0.0.2 1883 a-to-b
)",
        .setup = {.cluster = true},
    },
    {
        .code = Code::BadDeclaration,
        .text = R"(A cluster is checked with what is said about each node beside its routes: a file
`node.toml` in its folder, or one comment `//! node: a listen: 10.0.0.1:1883` in
a route file. This one is missing, cannot be read, or does not agree with that
of another node. `node.toml` has lines `name = "a"`, `listen = ["10.0.0.1:1883",
"10.0.0.1:8883 tls"]`, and where they are needed `hosts`, `env`, `secrets`,
`cluster-credentials` and `password-file`.)",
        .bad = R"(// file: node-a/peers.lot
//! node: a listen: 10.0.0.1:1883
DEFINE ROUTE AToB WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "a-to-b"

// file: node-b/peers.lot
//! node: b listen: 10.0.0.2:1883, 10.0.0.2:8883 tsl
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
        .code = Code::NoDirectLink,
        .text = R"(Nodes are in one cluster and have no link with each other. Messages go over one
link and no further, so that what is published on one of the two is not heard on
the other. Add a route on either of them; a cluster in which all hear all has a
link for each pair.)",
        .bad = R"(// file: node-a/peers.lot
//! node: a listen: 10.0.0.1:1883
DEFINE ROUTE AToB WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "a-to-b"

DEFINE ROUTE AToD WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.4"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "a-to-d"

// file: node-b/peers.lot
//! node: b listen: 10.0.0.2:1883
DEFINE ROUTE BToA WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.1"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "b-to-a"

DEFINE ROUTE BToC WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.3"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "b-to-c"

// file: node-c/peers.lot
//! node: c listen: 10.0.0.3:1883
DEFINE ROUTE CToB WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "c-to-b"

DEFINE ROUTE CToD WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.4"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "c-to-d"

// file: node-d/peers.lot
//! node: d listen: 10.0.0.4:1883
DEFINE ROUTE DToA WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.1"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "d-to-a"

DEFINE ROUTE DToC WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.3"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "d-to-c"
)",
        .good = R"(// file: node-a/peers.lot
//! node: a listen: 10.0.0.1:1883
DEFINE ROUTE AToB WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "a-to-b"

DEFINE ROUTE AToC WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.3"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "a-to-c"

DEFINE ROUTE AToD WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.4"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "a-to-d"

// file: node-b/peers.lot
//! node: b listen: 10.0.0.2:1883
DEFINE ROUTE BToA WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.1"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "b-to-a"

DEFINE ROUTE BToC WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.3"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "b-to-c"

DEFINE ROUTE BToD WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.4"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "b-to-d"

// file: node-c/peers.lot
//! node: c listen: 10.0.0.3:1883
DEFINE ROUTE CToA WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.1"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "c-to-a"

DEFINE ROUTE CToB WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "c-to-b"

DEFINE ROUTE CToD WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.4"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "c-to-d"

// file: node-d/peers.lot
//! node: d listen: 10.0.0.4:1883
DEFINE ROUTE DToA WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.1"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "d-to-a"

DEFINE ROUTE DToB WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "d-to-b"

DEFINE ROUTE DToC WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.3"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "d-to-c"
)",
        .setup = {.cluster = true},
    },
});

}  // namespace

std::span<const Page> cluster_name_pages() { return kPages; }

}  // namespace lotmesh::diag
