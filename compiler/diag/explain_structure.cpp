// Pages of LOT02xx: what stands where.
#include <array>

#include "compiler/diag/explain.h"

namespace lotmesh::diag {

namespace {

constexpr auto kPages = std::to_array<Page>({
    {
        .code = Code::UnknownType,
        .text = R"(The type behind `WITH TYPE` says what a route does, and there is no such type. A
link to another broker of the cluster is `MQTT_CLUSTER`. Types are written in
upper case, without quotes. Write the type that you mean.)",
        .bad = R"(DEFINE ROUTE ToNode2 WITH TYPE MQTT_CLUSTR
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "node1-to-node2"
)",
        .good = kOneLink,
    },
    {
        .code = Code::MissingType,
        .text = R"(Every route says in its first line of what type it is, for that decides which
blocks and keys it has. This one does not. Write `WITH TYPE MQTT_CLUSTER` behind
the name for a link to another broker of the cluster.)",
        .bad = R"(DEFINE ROUTE ToNode2
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "node1-to-node2"
)",
        .good = kOneLink,
    },
    {
        .code = Code::UnknownDefinition,
        .text = R"(`DEFINE` is followed by what it defines, and there is nothing of this kind in
the language. The whole definition was left out, up to the next `DEFINE`. A link
to another broker is a `ROUTE`.)",
        .bad = R"(DEFINE LINK ToNode2 WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "node1-to-node2"
)",
        .good = kOneLink,
    },
    {
        .code = Code::UnknownBlock,
        .text = R"(`ADD` begins a block of keys, and there is no block of this kind. Its keys were
not taken. A cluster route has `CLUSTER_CONFIG`, and may have `ROUTE_CONFIG`.
Write the kind that you mean.)",
        .bad = R"(DEFINE ROUTE ToNode2 WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "node1-to-node2"
)",
        .good = kOneLink,
    },
    {
        .code = Code::WrongBlock,
        .text = R"(The language knows this block, but routes of another type have it. Either the
type of the route or the block is wrong; often the route was made from a copy of
another one. A cluster route has `CLUSTER_CONFIG`, and may have `ROUTE_CONFIG`.)",
        .bad = R"(DEFINE ROUTE ToNode2 WITH TYPE MQTT_CLUSTER
    ADD MQTT_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "node1-to-node2"
)",
        .good = kOneLink,
    },
    {
        .code = Code::RepeatedBlock,
        .text = R"(A route has each of its blocks once. Of two, nobody could say which one counts.
One route is one link to one peer: for a second peer write a second route, with
a name and a `CLIENT_ID` of its own. If it is the same peer, keep one of the
blocks.)",
        .bad = R"(DEFINE ROUTE ToNode2 WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "node1-to-node2"
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.3"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "node1-to-node3"
)",
        .good = kTwoLinks,
    },
    {
        .code = Code::MissingBlock,
        .text = R"(A cluster route needs the block `CLUSTER_CONFIG`, which says where the peer is.
Without it there is nothing to connect to. Write `ADD CLUSTER_CONFIG` below the
first line of the route, and the keys below that.)",
        .bad = R"(DEFINE ROUTE ToNode2 WITH TYPE MQTT_CLUSTER
    WITH BROKER_ADDRESS "10.0.0.2"
    WITH BROKER_PORT '1883'
    WITH CLIENT_ID "node1-to-node2"
)",
        .good = kOneLink,
    },
    {
        .code = Code::UnknownKey,
        .text = R"(This block has no key of that name. Nothing is guessed: a setting that is left
out in silence would be missed when it is needed. Keys are written in upper
case. Take the one that the message names, or remove the line.)",
        .bad = R"(DEFINE ROUTE ToNode2 WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH HOST "10.0.0.2"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "node1-to-node2"
)",
        .good = kOneLink,
    },
    {
        .code = Code::RepeatedKey,
        .text = R"(A key is set once. Of two values nobody could say which one counts, so none is
preferred. Keep the one that you mean and remove the other. If they are of two
peers, each of them needs a route.)",
        .bad = R"(DEFINE ROUTE ToNode2 WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_ADDRESS "10.0.0.3"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "node1-to-node2"
)",
        .good = kOneLink,
    },
    {
        .code = Code::MissingKey,
        .text = R"(Some keys must be there, for there is no value that would suit everybody: where
the peer is (`BROKER_ADDRESS`, `BROKER_PORT`) and under which name this link is
known there (`CLIENT_ID`). Write the line that the message shows, with your
value.)",
        .bad = R"(DEFINE ROUTE ToNode2 WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH CLIENT_ID "node1-to-node2"
)",
        .good = kOneLink,
    },
    {
        .code = Code::MisplacedKey,
        .text = R"(The key is right, and its place is not: it belongs to another block of the
route. What concerns the connection stands in `CLUSTER_CONFIG`; what happens
when the peer is slower than the traffic stands in `ROUTE_CONFIG`. Move the
line.)",
        .bad = R"(DEFINE ROUTE ToNode2 WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "node1-to-node2"
        WITH OVERLOAD_POLICY "lossless"
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
        .code = Code::UnexpectedLabel,
        .text = R"(Some blocks of the language have a name behind their kind, since a route may
have many of them. The blocks of a cluster route stand there once and have none.
Remove the word behind the kind.)",
        .bad = R"(DEFINE ROUTE ToNode2 WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG main
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "node1-to-node2"
)",
        .good = kOneLink,
    },
    {
        .code = Code::DuplicateRoute,
        .text = R"(A route is known by its name: in topics, in the log, and when a file is edited
and the broker looks for what has changed. Two of one name cannot be told apart.
They may stand in different files; all files that are loaded together count.
Rename one of them, or remove it if it is a copy.)",
        .bad = R"(DEFINE ROUTE ToNode2 WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "node1-to-node2"

DEFINE ROUTE ToNode2 WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.3"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "node1-to-node3"
)",
        .good = kTwoLinks,
    },
    {
        .code = Code::DuplicateClientId,
        .text = R"(A broker knows a connection by its `CLIENT_ID`: when a second one comes with the
same, it closes the first. Two links of one `CLIENT_ID` that meet at a broker
throw each other out for ever. Give each route its own; the names of both nodes
make a good one.)",
        .bad = R"(DEFINE ROUTE ToNode2 WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "node1"

DEFINE ROUTE ToNode3 WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.3"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "node1"
)",
        .good = kTwoLinks,
    },
    {
        .code = Code::NameTooLong,
        .text = R"(The name of a route has 128 characters at most, since it becomes a part of
topics and of lines in the log; so has the name of a mapping. Choose a shorter
one: where the link leads is enough. Details have their place in a comment
above the route.)",
        .bad = R"(DEFINE ROUTE
    Link_from_the_first_node_in_the_north_hall_to_the_second_node_in_the_south_hall_by_way_of_the_)"
               R"(new_fibre_that_was_laid_last_summer
    WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "10.0.0.2"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "node1-to-node2"
)",
        .good = kOneLink,
    },
    {
        .code = Code::DuplicateMapping,
        .text =
            R"(Each mapping of a bridge has a name of its own: by it messages, logs and edits say
which one they mean. Most likely a mapping was copied and its name left as it was.
Give one of them another name.)",
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
        WITH DESTINATION_TOPIC "site1/sensors/#"
        WITH DIRECTION "out"
    ADD MAPPING Sensors
        WITH SOURCE_TOPIC "alarms/#"
        WITH DESTINATION_TOPIC "site1/alarms/#"
        WITH DIRECTION "out"
)",
        .good = R"(// lot: allow(LOT0402)
DEFINE ROUTE ToCloud WITH TYPE MQTT_BRIDGE
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
    ADD MAPPING Alarms
        WITH SOURCE_TOPIC "alarms/#"
        WITH DESTINATION_TOPIC "site1/alarms/#"
        WITH DIRECTION "out"
)",
    },
});

}  // namespace

std::span<const Page> structure_pages() { return kPages; }

}  // namespace lotmesh::diag
