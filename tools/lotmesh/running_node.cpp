#include "tools/lotmesh/running_node.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "compiler/topology/model.h"
#include "runtime/server/commands.h"
#include "runtime/server/config_topics.h"

namespace lotmesh::tool {

using Json = nlohmann::json;

namespace {

constexpr const char* kStatus = "$SYS/broker/cluster/status";
constexpr const char* kNodes = "$SYS/broker/cluster/nodes";
constexpr const char* kSync = "$SYS/broker/cluster/sync";

// An empty object where there is none, or what is there is none.
Json document(const MqttClient::Retained& retained, std::string_view topic) {
    const auto found = retained.find(std::string(topic));
    if (found == retained.end()) return Json::object();
    Json json = Json::parse(found->second, nullptr, false);
    return json.is_object() ? json : Json::object();
}

std::string text(const Json& json, const char* key) {
    const auto found = json.find(key);
    if (found == json.end()) return {};
    if (found->is_string()) return found->get<std::string>();
    return found->is_number() ? found->dump() : std::string();
}

std::uint64_t number(const Json& json, const char* key) {
    const auto found = json.find(key);
    return found != json.end() && found->is_number_unsigned() ? found->get<std::uint64_t>() : 0;
}

bool flag(const Json& json, const char* key, bool otherwise) {
    const auto found = json.find(key);
    return found != json.end() && found->is_boolean() ? found->get<bool>() : otherwise;
}

Json list(const Json& json, const char* key) {
    const auto found = json.find(key);
    return found != json.end() && found->is_array() ? *found : Json::array();
}

std::vector<std::string> texts(const Json& json, const char* key) {
    std::vector<std::string> all;
    for (const Json& item : list(json, key))
        if (item.is_string()) all.push_back(item.get<std::string>());
    return all;
}

struct Peer {
    std::string name;
    LinkLoad load;
};

std::map<std::string, Peer> peers_of(const Json& nodes, const Json& sync) {
    std::map<std::string, Peer> peers;
    for (const Json& peer : list(nodes, "peers"))
        peers[text(peer, "uuid")].name = text(peer, "name");
    for (const Json& peer : list(sync, "peers")) {
        LinkLoad& load = peers[text(peer, "uuid")].load;
        load.queued_messages = number(peer, "lag_records");
        load.queued_bytes = number(peer, "lag_bytes");
        const auto interest = peer.find("interest");
        if (interest != peer.end()) load.remote_subscriptions = number(*interest, "filters");
    }
    return peers;
}

void take_links(const Json& nodes, const Json& sync, RunningNode& node) {
    const auto peers = peers_of(nodes, sync);
    for (const Json& route : list(nodes, "routes")) {
        RunningLink link;
        link.route = text(route, "route");
        link.state = text(route, "state");
        link.reason = text(route, "reason");
        link.address = text(route, "address") + ":" + text(route, "port");
        if (const auto peer = peers.find(text(route, "peer")); peer != peers.end()) {
            link.peer = peer->second.name;
            link.load = peer->second.load;
        }
        link.pending = route.contains("pending");
        node.links.push_back(std::move(link));
    }
}

void take_config(const MqttClient::Retained& retained, RunningNode& node) {
    const Json revision = document(retained, server::kConfigRevisionTopic);
    if (!revision.contains("revision")) return;
    RunningConfig config{number(revision, "revision"),
                         text(revision, "hash"),
                         text(revision, "at"),
                         text(revision, "cause"),
                         text(revision, "routes"),
                         std::nullopt,
                         std::nullopt,
                         !document(retained, server::kUnconfirmedTopic).empty()};
    if (auto folder = text(revision, "revisions"); !folder.empty())
        config.revisions = std::move(folder);
    const auto plan = retained.find(std::string(server::kConfigPlanTopic));
    // An empty plan is nothing retained at all.
    const std::string printed = plan == retained.end() ? std::string() : plan->second;
    if (flag(revision, "plan_shown", false))
        if (auto view = server::parse_plan_view(printed)) config.plan = std::move(*view);
    node.config = std::move(config);
}

void take_reload(const Json& json, RunningReload& reload) {
    reload.ok = flag(json, "ok", true);
    reload.result = text(json, "result");
    reload.at = text(json, "at");
    reload.errors = texts(json, "errors");
    const auto counts = json.find("counts");
    if (counts == json.end()) return;
    reload.applied = number(*counts, "applied");
    reload.unchanged = number(*counts, "unchanged");
    reload.refused = number(*counts, "refused");
}

void take_history(const Json& json, std::vector<RunningRevision>& history) {
    for (const Json& item : list(json, "revisions"))
        history.push_back({number(item, "revision"), text(item, "hash"), text(item, "at"),
                           text(item, "cause"), number(item, "links"), number(item, "added"),
                           number(item, "removed"), number(item, "retuned"),
                           number(item, "reconnected"), flag(item, "kept", false)});
}

}  // namespace

const RunningLink* RunningNode::link(std::string_view route) const {
    const auto found = std::ranges::find(links, route, &RunningLink::route);
    return found == links.end() ? nullptr : &*found;
}

Result<RunningNode, std::string> read_running_node(MqttClient& client, const Endpoint& where) {
    const auto retained = client.retained({"$SYS/broker/config/#", kStatus, kNodes, kSync});
    if (!retained) return failure(retained.error());
    const Json status = document(*retained, kStatus);
    if (status.empty())
        return failure(to_string(where) + " says nothing at " + kStatus + ": is it lotmesh?");
    RunningNode node;
    node.where = where;
    node.name = text(status, "name");
    node.version = text(status, "version");
    node.health = text(status, "status");
    node.reasons = texts(status, "reasons");
    take_links(document(*retained, kNodes), document(*retained, kSync), node);
    take_config(*retained, node);
    take_reload(document(*retained, server::kConfigReloadTopic), node.reload);
    take_history(document(*retained, server::kConfigHistoryTopic), node.history);
    return node;
}

Result<RunningNode, std::string> read_running_node(const Endpoint& where) {
    auto client = MqttClient::connect(where);
    if (!client) return failure(client.error());
    return read_running_node(*client, where);
}

bool is_this_machine(const Endpoint& where) { return topology::is_loopback(where.host); }

}  // namespace lotmesh::tool
