// $SYS/broker/...: what the broker says of itself, retained, under mosquitto's names; every ten
// seconds, and only what changed. Core thread; owned by State. `#` never matches these
// [MQTT-4.7.2-1], and they never leave this node.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/time.h"
#include "runtime/broker/counters.h"

namespace lotmesh::broker {

struct Turn;

// Moving averages per minute over 1, 5 and 15 minutes, as uptime(1) shows them.
class LoadAverages {
public:
    void sample(std::uint64_t total, Duration elapsed);
    const std::array<double, 3>& per_minute() const { return per_minute_; }

private:
    std::array<double, 3> per_minute_{};
    std::uint64_t last_total_ = 0;
};

class SysTopics {
public:
    static constexpr Duration kInterval = Duration::seconds(10);

    // Called at least once a second; publishes when it is time.
    void tick(Turn& turn);

private:
    void sample_loads(const Counters& counters, Duration elapsed);
    void publish_broker(Turn& turn) const;
    void publish_clients(Turn& turn) const;
    void publish_traffic(Turn& turn) const;
    void publish_stored(Turn& turn) const;
    void publish_drops(Turn& turn) const;
    void publish_refused(Turn& turn) const;
    void publish_loads(Turn& turn) const;

    std::optional<Instant> started_at_;
    std::optional<Instant> published_at_;
    std::array<LoadAverages, 9> loads_;  // in the order of kLoads in the .cpp
};

}  // namespace lotmesh::broker
