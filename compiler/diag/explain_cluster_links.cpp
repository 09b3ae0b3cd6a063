// Pages of LOT0601 to LOT0608: links between the nodes of a cluster.
#include <array>

#include "compiler/diag/explain_cluster.h"

namespace lotmesh::diag {

namespace {

constexpr auto kPages = std::to_array<Page>({
    {
        .code = Code::SharedClientId,
        .text = R"(Links from two nodes lead into one node under one CLIENT_ID. To the broker that
they reach they are one client, which it holds once: each link that comes up
ends the other, and so they take turns for ever. Give each link a name of its
own; node and target in it, as in `a-to-b`, make that easy.)",
        .bad = R"(// file: node-a/peers.lot
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
        WITH CLIENT_ID "cluster"

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
        WITH CLIENT_ID "cluster"

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
        .code = Code::RouteToItself,
        .text = R"(The address and port of this route are those on which its own node listens: by
address, by name, or by a loopback address of the same machine. A node is no
peer of its own, and such a route never comes up. Most likely the files of
another node were copied; name the address and port of the peer.)",
        .bad = R"(// file: node-a/peers.lot
//! node: a listen: 127.0.0.1:18831
DEFINE ROUTE AToB WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "127.0.0.1"
        WITH BROKER_PORT '18831'
        WITH CLIENT_ID "a-to-b"

// file: node-b/peers.lot
//! node: b listen: 127.0.0.1:18832
DEFINE ROUTE BToA WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "127.0.0.1"
        WITH BROKER_PORT '18831'
        WITH CLIENT_ID "b-to-a"
)",
        .good = R"(// file: node-a/peers.lot
//! node: a listen: 127.0.0.1:18831
DEFINE ROUTE AToB WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "127.0.0.1"
        WITH BROKER_PORT '18832'
        WITH CLIENT_ID "a-to-b"

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
        .code = Code::UnknownTarget,
        .text = R"(No node of this cluster says that it listens on the address and port of this
route. Either they are mistyped, or the target is no node of this folder. Where
the address is that of a known node, the listener that it has is named. If the
target is a broker elsewhere, put `// lot: allow(LOT0603)` behind the line of
its address.)",
        .bad = R"(// file: node-a/peers.lot
//! node: a listen: 10.0.0.1:1883
DEFINE ROUTE AToB WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_PORT '1884'
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
        .code = Code::TransportMismatch,
        .text = R"(The listener that this route leads to speaks TLS and the route does not, or the
other way round, or it is one for WebSocket. Neither side understands the other,
so the link never comes up. Set `USE_TLS` as the listener needs it, or name the
port of a listener that speaks what the route speaks. Links do not speak
WebSocket.)",
        .bad = R"(// file: node-a/peers.lot
//! node: a listen: 10.0.0.1:1883
DEFINE ROUTE AToB WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_PORT '1884'
        WITH CLIENT_ID "a-to-b"

// file: node-b/peers.lot
//! node: b listen: 10.0.0.2:1884 tls
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
        WITH BROKER_PORT '1884'
        WITH CLIENT_ID "a-to-b"
        WITH USE_TLS true

// file: node-b/peers.lot
//! node: b listen: 10.0.0.2:1884 tls
DEFINE ROUTE BToA WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.1"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "b-to-a"
)",
        .setup = {.cluster = true},
    },
    {
        .code = Code::OneWayLink,
        .text = R"(A route leads to this node's peer, and none of the peer's leads back. That works:
one link carries messages in both directions. But only one side dials, so that a
link that was lost waits for that side alone, and a reader of the peer's files
does not see the link. It is a note; `-D LOT0605` makes it an error for those
who want routes on both sides.)",
        .bad = R"(// file: node-a/peers.lot
//! node: a listen: 10.0.0.1:1883
DEFINE ROUTE AToB WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "a-to-b"

// file: node-b/peers.lot
//! node: b listen: 10.0.0.2:1883
)",
        .good = kClusterPair,
        .setup = {.cluster = true},
    },
    {
        .code = Code::Islands,
        .text = R"(The nodes form several parts, and no route leads from one part to another. What
is published in one part is never heard in another. A route is missing, or one
leads to a node that was not meant. Add a route between the parts; for all nodes
to hear each other, each needs a link with each.)",
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

// file: node-c/peers.lot
//! node: c listen: 10.0.0.3:1883
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
        .code = Code::SinglePointOfFailure,
        .text = R"(When this node or this link fails, the rest of the cluster is in parts that have
no link with each other. With links between the other nodes as well, the loss of
one hurts its own clients only. Note that messages are not handed on: a node
hears only those that it has a link with, so that in a star or a chain some do
not hear each other even while all is well.)",
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
        .code = Code::SameNode,
        .text = R"(Two routes of one node lead to the same other node, by different addresses or
ports. One link carries everything in both directions; a second one only waits
for the first to fail. Most likely one of the two was meant for another node.
Mend its address, or remove it.)",
        .bad = R"(// file: node-a/peers.lot
//! node: a listen: 10.0.0.1:1883
DEFINE ROUTE AToB WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "a-to-b"

DEFINE ROUTE AToBAgain WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_PORT '1884'
        WITH CLIENT_ID "a-to-b-again"

// file: node-b/peers.lot
//! node: b listen: 10.0.0.2:1883, 10.0.0.2:1884
DEFINE ROUTE BToA WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.1"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "b-to-a"
)",
        .good = kClusterPair,
        .setup = {.cluster = true},
    },
});

}  // namespace

std::span<const Page> cluster_link_pages() { return kPages; }

}  // namespace lotmesh::diag
