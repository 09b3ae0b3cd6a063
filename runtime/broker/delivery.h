// One message on its way to one session: what is the session's own beside the shared message.
// Core thread; owned by the queue or the window that it waits in.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/slot_map.h"
#include "runtime/broker/message.h"

namespace lotmesh::broker {

// The identifiers of the subscriptions that matched; nearly always none or one, so that costs no
// memory of its own.
class SubscriptionIdentifiers {
public:
    SubscriptionIdentifiers() = default;
    explicit SubscriptionIdentifiers(std::span<const std::uint32_t> identifiers) {
        if (!identifiers.empty()) first_ = identifiers.front();
        if (identifiers.size() > 1)
            all_ = std::make_unique<std::vector<std::uint32_t>>(identifiers.begin(),
                                                                identifiers.end());
    }

    std::span<const std::uint32_t> get() const {
        if (all_) return *all_;
        if (first_ != 0) return {&first_, 1};
        return {};
    }

private:
    std::unique_ptr<std::vector<std::uint32_t>> all_;  // where there are two and more
    std::uint32_t first_ = 0;
};

struct Delivery {
    MessageRef message;
    SubscriptionIdentifiers identifiers;
    mqtt::QoS qos = mqtt::QoS::AtMostOnce;  // the lesser of published and granted
    bool retain = false;                    // the flag as it goes on the wire
    bool from_snapshot = false;             // of what was retained when the client subscribed
    SlotHandle group = {};                  // the shared subscription that it came by, if one
};

}  // namespace lotmesh::broker
