// What a run found, for people and for programs.
#pragma once

#include <string>

#include "tools/bench/options.h"
#include "tools/bench/oracle.h"
#include "tools/bench/process_usage.h"

namespace lotmesh::bench {

struct Report {
    Verdict verdict;
    double publish_sec = 0;   // from the first message to the last
    double measured_sec = 0;  // from the end of the warm-up until all had arrived
    std::uint64_t measured_deliveries = 0;
    std::int64_t latency_p50_us = 0;
    std::int64_t latency_p99_us = 0;
    std::int64_t latency_max_us = 0;
    std::uint64_t disconnects = 0;
    std::uint64_t sessions_lost = 0;  // resumed to find no session
    std::uint64_t unsettled = 0;      // publishers' messages without a final ack at the end
    ProcessUsage broker;              // CPU over the measured part, RSS at its end
};

// Nothing lost, duplicated, reordered or damaged; at QoS 0 losses are allowed.
bool good(const Report& report, mqtt::QoS qos);

std::string to_text(const Report& report, const Options& options);
std::string to_json(const Report& report, const Options& options);

}  // namespace lotmesh::bench
