#include "runtime/cluster/coreflux.h"

#include "base/assert.h"
#include "runtime/cluster/json_writer.h"

namespace lotmesh::cluster {

std::string_view connection_word(RouteState state) {
    switch (state) {
        case RouteState::UpPrimary:
        case RouteState::UpStandby:
        case RouteState::Draining: return "Connected";
        case RouteState::Connecting: return "Connecting";
        case RouteState::Unresolvable:
        case RouteState::Unreachable:
        case RouteState::Refused: return "Reconnecting";
        case RouteState::TlsExpected:
        case RouteState::Foreign:
        case RouteState::Self:
        case RouteState::Cloned:
        case RouteState::Alias:
        case RouteState::TlsFailed:
        case RouteState::Incompatible: return "Disconnected";
    }
    UNREACHABLE();
}

std::string_view health_word(const RouteReport& route) {
    if (is_up(route.state)) return "Green";
    return route.red ? "Red" : "Yellow";
}

std::string route_status_json(const RouteReport& route) {
    JsonWriter json;
    json.begin_object();
    json.field("name", route.name).field("type", "MQTT_CLUSTER");
    json.field("connection", connection_word(route.state)).field("health", health_word(route));
    json.field("state", name(route.state)).field("lastError", route.reason);
    json.key("errors").begin_object();
    json.field("consecutive", std::uint64_t{route.failed_attempts}).end_object();
    json.end_object();
    return json.take();
}

std::string members_json(const Report& report) {
    JsonWriter json;
    json.begin_array();
    const auto member = [&json](const NodeId& id, std::string_view node_name, bool up) {
        json.begin_object();
        json.field("uuid", id.text()).field("name", node_name);
        json.field("status", up ? "Online" : "Offline").end_object();
    };
    member(report.id, report.name, true);
    for (const PeerReport& peer : report.peers)
        member(peer.id, peer.name, peer.reachable);
    json.end_array();
    return json.take();
}

}  // namespace lotmesh::cluster
