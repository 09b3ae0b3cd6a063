// Parts of the pages about clusters (explain.h). Their samples are several files, each behind a
// line
// `// file: NODE/NAME`.
#pragma once

#include "compiler/diag/explain.h"

namespace lotmesh::diag {

// What most samples are when they are mended.
inline constexpr std::string_view kClusterPair = R"(// file: node-a/peers.lot
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
)";

std::span<const Page> cluster_link_pages();
std::span<const Page> cluster_setting_pages();
std::span<const Page> cluster_name_pages();

}  // namespace lotmesh::diag
