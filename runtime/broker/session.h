// What a client id owns beyond a connection (section 4.1 of MQTT 5.0): subscriptions, the queue,
// the window, inbound QoS 2 identifiers, the will.
//
// Core thread; owned by the SessionTable at an address that does not change. A session and its
// connection know each other; both links are set and cleared together (closing.cpp).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "runtime/broker/inflight.h"
#include "runtime/broker/match_cache.h"
#include "runtime/broker/out_queue.h"
#include "runtime/broker/policy.h"
#include "runtime/broker/small_set.h"
#include "runtime/broker/subscription_index.h"
#include "runtime/mqtt/types.h"

namespace lotmesh::broker {

struct Connection;

inline constexpr std::string_view kSysTopic = "$SYS";

// Of a topic name or a filter: whether it is below that first level, or is that level.
inline bool is_below(std::string_view topic, std::string_view first_level) {
    return topic.starts_with(first_level) &&
           (topic.size() == first_level.size() || topic[first_level.size()] == '/');
}

// As it came in the CONNECT; owned, since it outlives the packet.
struct StoredWill {
    std::string topic;
    Bytes payload;
    Bytes forwarded_properties;
    std::optional<std::uint32_t> message_expiry_interval_sec;
    std::uint32_t delay_sec = 0;
    mqtt::QoS qos = mqtt::QoS::AtMostOnce;
    bool retain = false;
    std::uint64_t publisher = 0;                   // of its session
    std::unique_ptr<const Principal> writer = {};  // of one that is retained, where rules hold
};

struct Session {
    SessionId id;
    std::string client_id;
    // Whose it is, and what they may do: of the last CONNECT, and since the rules changed last. It
    // outlives the connection, as the subscriptions, the queue and the will do.
    Principal principal;
    std::unique_ptr<const Authority> authority;  // none: everything
    // Names the publisher in its messages, for No Local; never 0. Made of the client id, since a
    // retained message may outlive the session that wrote it.
    std::uint64_t publisher = 0;
    Connection* connection = nullptr;  // nothing while the client is away

    SmallSet<FilterId> filters;              // with groups, subscriptions_per_session_max
    SmallSet<GroupId> groups;                // its shared subscriptions
    std::size_t filter_bytes = 0;            // what both cost; filter_bytes_per_session_max
    SmallSet<mqtt::PacketId> received_qos2;  // PUBLISH taken, PUBREL not yet seen; 65,535

    OutQueue qos0_queue;  // held for a SUBACK, or behind what is; only while connected
    OutQueue queue;       // QoS 1 and 2
    std::optional<Instant> searched_at;  // for expired messages all over `queue`
    Inflight inflight;

    std::unique_ptr<StoredWill> will;
    std::optional<Instant> will_at;   // delayed, the client is away
    std::optional<Instant> ends_at;   // the client is away and does not come back in time
    std::optional<Instant> timer_at;  // of its entry in State::deadlines
    std::uint32_t expiry_sec = 0;     // changed by set_expiry() only

    std::uint32_t pending_subacks = 0;  // while there are any, deliveries are held
    bool moves_shared = false;          // in State::moving or moving_later
    std::optional<Instant> moved_shared_at;

    // Backpressure (backpressure.h): only while connected.
    bool over_high = false;
    bool stalled = false;  // has been over_high for so long that it pauses nobody any more
    Instant over_high_since;
    Instant progress_at;  // when the client last took something

    bool has_backlog() const { return !queue.empty() || !inflight.empty(); }
    bool may(Permission permission, std::string_view topic) const {
        return authority == nullptr || authority->may(permission, topic);
    }
    bool may_receive(std::string_view topic) const {
        return authority == nullptr ||
               authority->may(is_below(topic, kSysTopic) ? Permission::Sys : Permission::Receive,
                              topic);
    }
};

}  // namespace lotmesh::broker
