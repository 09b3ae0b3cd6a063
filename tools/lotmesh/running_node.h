// What a running broker says of itself in $SYS, as values: which plan runs, how its links are, what
// waits for its peers. Read over MQTT; everything in it may be missing where the broker is older,
// runs without --routes, or is another program.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/endpoint.h"
#include "base/result.h"
#include "runtime/server/plan_view.h"
#include "tools/lotmesh/mqtt_client.h"

namespace lotmesh::tool {

// What a change of the link would disturb now.
struct LinkLoad {
    std::uint64_t queued_messages = 0;
    std::uint64_t queued_bytes = 0;
    std::uint64_t remote_subscriptions = 0;
    bool operator==(const LinkLoad&) const = default;
};

struct RunningLink {
    std::string route;
    std::string state;  // up_primary, connecting, ...
    std::string reason;
    std::string address;
    std::string peer;  // its name; empty before it was met
    LinkLoad load;
    bool pending = false;  // a changed address that does not work yet

    bool up() const { return state.starts_with("up_") && !pending; }
    bool operator==(const RunningLink&) const = default;
};

struct RunningConfig {
    std::uint64_t revision = 0;
    std::string hash;
    std::string at;
    std::string cause;
    std::string routes;                    // the path, on the broker's machine
    std::optional<std::string> revisions;  // the folder of kept ones, the same
    std::optional<server::PlanView> plan;
    bool unconfirmed = false;  // waits for `lotmesh confirm`
};

struct RunningReload {
    bool ok = true;
    std::string result;
    std::string at;
    std::vector<std::string> errors;
    std::uint64_t applied = 0;
    std::uint64_t unchanged = 0;
    std::uint64_t refused = 0;
};

struct RunningRevision {
    std::uint64_t number = 0;
    std::string hash;
    std::string at;
    std::string cause;
    std::uint64_t links = 0;
    std::uint64_t added = 0;
    std::uint64_t removed = 0;
    std::uint64_t retuned = 0;
    std::uint64_t reconnected = 0;
    bool kept = false;
};

struct RunningNode {
    Endpoint where;
    std::string name;
    std::string version;
    std::string health;  // healthy, degraded, ...
    std::vector<std::string> reasons;
    std::vector<RunningLink> links;
    std::optional<RunningConfig> config;  // none: started without --routes, or older
    RunningReload reload;
    std::vector<RunningRevision> history;  // the newest first

    const RunningLink* link(std::string_view route) const;
};

// The error is one line.
Result<RunningNode, std::string> read_running_node(MqttClient& client, const Endpoint& where);
Result<RunningNode, std::string> read_running_node(const Endpoint& where);

// Whether what it says of files can be looked at from here.
bool is_this_machine(const Endpoint& where);

}  // namespace lotmesh::tool
