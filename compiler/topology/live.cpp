#include "compiler/topology/live.h"

#include <nlohmann/json.hpp>

#include <algorithm>

#include "compiler/diag/plain_text.h"

namespace lotmesh::topology {

namespace {

using Json = nlohmann::json;

Json parse(std::string_view text) { return Json::parse(text, nullptr, false); }

const Json& at(const Json& object, const char* key) {
    static const Json none;
    if (!object.is_object()) return none;
    const auto found = object.find(key);
    return found == object.end() ? none : *found;
}

std::string text(const Json& object, const char* key) {
    const Json& value = at(object, key);
    if (value.is_string()) return diag::plain_text(value.get<std::string>());
    return value.is_number_integer() ? value.dump() : std::string();
}

std::uint64_t number(const Json& object, const char* key) {
    const Json& value = at(object, key);
    return value.is_number_unsigned() ? value.get<std::uint64_t>() : 0;
}

LiveLink read_link(const Json& peer) {
    LiveLink link{.peer = text(peer, "name"),
                  .state = text(peer, "state"),
                  .reason = {},
                  .rtt_us = std::nullopt};
    for (const Json& connection : at(peer, "links"))
        if (text(connection, "state").find("primary") != std::string::npos || !link.rtt_us)
            if (at(connection, "rtt_us").is_number_unsigned())
                link.rtt_us = number(connection, "rtt_us");
    return link;
}

}  // namespace

Result<LiveNode, std::string> read_live(std::string_view status, std::string_view nodes,
                                        std::string_view sync) {
    const Json about = parse(status);
    const Json cluster = parse(nodes);
    const Json queues = parse(sync);
    if (!about.is_object() || !cluster.is_object() || !queues.is_object())
        return failure("what it says in $SYS/broker/cluster is not understood");
    LiveNode node{.name = text(about, "name"),
                  .uuid = text(about, "uuid"),
                  .status = text(about, "status"),
                  .links = {},
                  .routes = {}};
    for (const Json& route : at(cluster, "routes"))
        node.routes.push_back({text(route, "route"), text(route, "address"), text(route, "port"),
                               text(route, "client_id"), text(route, "state")});
    for (const Json& peer : at(cluster, "peers"))
        node.links.push_back(read_link(peer));
    for (const Json& peer : at(queues, "peers")) {
        const auto link = std::ranges::find(node.links, text(peer, "name"), &LiveLink::peer);
        if (link == node.links.end()) continue;
        link->queued = number(peer, "lag_records");
        link->queued_bytes = number(peer, "lag_bytes");
    }
    return node;
}

}  // namespace lotmesh::topology
