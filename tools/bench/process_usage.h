// CPU time and memory of other processes, from /proc.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace lotmesh::bench {

struct ProcessUsage {
    std::int64_t cpu_us = 0;  // user and system, all threads
    std::int64_t rss_bytes = 0;
};

// Nothing where the process is gone. Resolution of CPU time: one clock tick, 10 ms.
std::optional<ProcessUsage> process_usage(int pid);

// The sum of those that are alive.
ProcessUsage total_usage(const std::vector<int>& pids);

}  // namespace lotmesh::bench
