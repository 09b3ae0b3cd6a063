// Sees a peer that hears us and does not ack: a heartbeat that was sent behind the oldest record is
// answered, so the record has arrived, and yet nothing in that view is acked for a long time. A
// machine of its own, one for each lane of each peer.
#pragma once

#include <cstdint>
#include <optional>

#include "base/time.h"
#include "runtime/cluster/peer_link.h"
#include "runtime/cluster/view.h"

namespace lotmesh::cluster {

class AckWatch {
public:
    // Asked now and then. `link` is the one that the view is sent on.
    bool overdue(const View& view, const PeerLink& link, Instant now, Duration ack_timeout);

private:
    struct Oldest {
        std::uint64_t base = 0;  // of the view; moves with each ack
        broker::ConnId conn;
        std::uint32_t heartbeat = 0;  // the first one behind the record
        std::optional<Instant> arrived_at;
    };
    std::optional<Oldest> oldest_;
};

}  // namespace lotmesh::cluster
