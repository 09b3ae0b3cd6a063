#include "tools/lotmesh/ask_node.h"

#include <algorithm>
#include <utility>

#include "tools/lotmesh/mqtt_client.h"

namespace lotmesh::tool {

namespace {

constexpr const char* kStatus = "$SYS/broker/cluster/status";
constexpr const char* kNodes = "$SYS/broker/cluster/nodes";
constexpr const char* kSync = "$SYS/broker/cluster/sync";

topology::Answer ask(const topology::Node& node) {
    const auto& listeners = node.declaration.listeners;
    const auto plain =
        std::ranges::find(listeners, topology::Transport::Plain, &topology::Listener::transport);
    if (plain == listeners.end())
        return {node.name, failure(std::string("it has no listener for plain text"))};
    Endpoint where = plain->endpoint;
    if (topology::is_wildcard(where.host))
        where.host =
            node.declaration.hosts.empty() ? "127.0.0.1" : node.declaration.hosts.front().text;
    return {node.name, ask_node(where)};
}

}  // namespace

Result<topology::LiveNode, std::string> ask_node(const Endpoint& broker) {
    auto client = MqttClient::connect(broker);
    if (!client) return failure(client.error());
    auto retained = client->retained({kStatus, kNodes, kSync});
    if (!retained) return failure(retained.error());
    auto live = topology::read_live((*retained)[kStatus], (*retained)[kNodes], (*retained)[kSync]);
    if (!live) return failure(to_string(broker) + ": " + live.error());
    return live;
}

std::vector<topology::Answer> ask_nodes(const topology::Model& model) {
    std::vector<topology::Answer> answers;
    answers.reserve(model.nodes.size());
    for (const topology::Node& node : model.nodes)
        answers.push_back(ask(node));
    return answers;
}

}  // namespace lotmesh::tool
