#include "tools/bench/process_usage.h"

#include <unistd.h>

#include <fstream>
#include <sstream>
#include <string>

namespace lotmesh::bench {

std::optional<ProcessUsage> process_usage(int pid) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
    std::string line;
    if (!std::getline(file, line)) return std::nullopt;
    // The name in parentheses may hold spaces; the state follows it as field 3.
    std::istringstream fields(line.substr(line.rfind(')') + 1));
    std::string skipped;
    for (int field = 3; field < 14; ++field)
        fields >> skipped;
    std::int64_t user_ticks = 0;
    std::int64_t system_ticks = 0;
    fields >> user_ticks >> system_ticks;
    for (int field = 16; field < 24; ++field)
        fields >> skipped;
    std::int64_t resident_pages = 0;
    fields >> resident_pages;
    if (!fields) return std::nullopt;
    return ProcessUsage{(user_ticks + system_ticks) * 1'000'000 / sysconf(_SC_CLK_TCK),
                        resident_pages * sysconf(_SC_PAGESIZE)};
}

ProcessUsage total_usage(const std::vector<int>& pids) {
    ProcessUsage total;
    for (const int pid : pids) {
        const ProcessUsage usage = process_usage(pid).value_or(ProcessUsage{});
        total.cpu_us += usage.cpu_us;
        total.rss_bytes += usage.rss_bytes;
    }
    return total;
}

}  // namespace lotmesh::bench
