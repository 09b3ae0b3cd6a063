// What a run of lotmesh-bench is asked to do. Values only; parsed from the command line once.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "runtime/mqtt/types.h"

namespace lotmesh::bench {

// Pairs: each publisher has its own subscriber. FanOut: one publisher, many subscribers. FanIn: the
// other way round.
enum class Workload : std::uint8_t { Pairs, FanOut, FanIn };

struct HostPort {
    std::string host;
    std::string port;
};

struct Options {
    Workload workload = Workload::Pairs;
    std::uint32_t clients = 10;  // pairs, subscribers or publishers, as the workload says
    mqtt::QoS qos = mqtt::QoS::AtLeastOnce;
    mqtt::ProtocolVersion version = mqtt::ProtocolVersion::V311;
    std::uint32_t payload_bytes = 64;
    std::uint32_t inflight = 100;  // per publisher
    std::uint64_t rate = 0;        // messages per second of all publishers; 0: flat out
    std::uint64_t count = 0;       // messages of all publishers; 0: until the duration is over
    double duration_sec = 10;      // used where count is 0
    double warmup_sec = 0.5;       // of the run, not measured
    double drain_sec = 10;         // longest wait for what is still on its way
    double connect_sec = 10;       // longest wait until all clients are connected and subscribed
    HostPort publish_host{"127.0.0.1", "1883"};
    HostPort subscribe_host{"127.0.0.1", "1883"};
    std::string topic_prefix = "bench";
    std::string tls_ca;  // PEM file; not empty: with TLS
    std::optional<std::string> username;
    std::optional<std::string> password;
    bool reconnect = false;
    bool json = false;
    bool quiet = false;
    std::vector<int> broker_pids;
};

// Parses, or prints help or one line of error and leaves the process (0, or 78 for a bad option).
Options parse_options(int argc, char** argv);

}  // namespace lotmesh::bench
