// What a running node says of itself in $SYS/broker/cluster: its peers, and how the links to them
// are.
//
// Pure. The texts are a broker's: what is not as expected is left out, and what is no JSON at all
// is told.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace lotmesh::topology {

// A link as one end sees it.
struct LiveLink {
    std::string peer;    // its name
    std::string state;   // up, away, leaving
    std::string reason;  // why it is not up
    std::optional<std::uint64_t> rtt_us;
    std::uint64_t queued = 0;        // records that the peer has not acknowledged
    std::uint64_t queued_bytes = 0;  // what they take
    bool operator==(const LiveLink&) const = default;

    bool is_up() const { return state == "up"; }
};

// A route as it runs.
struct LiveRoute {
    std::string name;
    std::string address;  // as the node shows it: a reference where it came from one
    std::string port;
    std::string client_id;
    std::string state;
    bool operator==(const LiveRoute&) const = default;
};

struct LiveNode {
    std::string name;
    std::string uuid;
    std::string status;
    std::vector<LiveLink> links;
    std::vector<LiveRoute> routes;
    bool operator==(const LiveNode&) const = default;
};

// The payloads of $SYS/broker/cluster/status, /nodes and /sync. The error is one line.
Result<LiveNode, std::string> read_live(std::string_view status, std::string_view nodes,
                                        std::string_view sync);

}  // namespace lotmesh::topology
