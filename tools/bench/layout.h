// Who publishes to whom. A stream is one (publisher, subscriber) pair between which every message
// is expected; the oracle judges streams.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "tools/bench/options.h"

namespace lotmesh::bench {

class Layout {
public:
    Layout(Workload workload, std::uint32_t clients) : workload_(workload), clients_(clients) {}

    std::uint32_t publishers() const { return workload_ == Workload::FanOut ? 1 : clients_; }
    std::uint32_t subscribers() const { return workload_ == Workload::FanIn ? 1 : clients_; }
    std::uint32_t streams() const { return clients_; }

    // Nothing where that subscriber should never see that publisher's messages.
    std::optional<std::uint32_t> stream(std::uint32_t publisher, std::uint32_t subscriber) const {
        if (publisher >= publishers() || subscriber >= subscribers()) return std::nullopt;
        switch (workload_) {
            case Workload::Pairs:
                if (publisher != subscriber) return std::nullopt;
                return publisher;
            case Workload::FanOut: return subscriber;
            case Workload::FanIn: return publisher;
        }
        return std::nullopt;
    }

    std::uint32_t publisher_of(std::uint32_t stream) const {
        return workload_ == Workload::FanOut ? 0 : stream;
    }
    std::uint32_t subscriber_of(std::uint32_t stream) const {
        return workload_ == Workload::FanIn ? 0 : stream;
    }

    // The one whose subscriber a broker is likely to serve last.
    std::uint32_t last_stream_of(std::uint32_t publisher) const {
        return workload_ == Workload::FanOut ? clients_ - 1 : publisher;
    }

    std::string topic(const std::string& prefix, std::uint32_t publisher) const {
        return prefix + "/" + std::to_string(publisher);
    }
    std::string filter(const std::string& prefix, std::uint32_t subscriber) const {
        if (workload_ == Workload::FanIn) return prefix + "/+";
        return topic(prefix, workload_ == Workload::FanOut ? 0 : subscriber);
    }

private:
    Workload workload_;
    std::uint32_t clients_;
};

}  // namespace lotmesh::bench
