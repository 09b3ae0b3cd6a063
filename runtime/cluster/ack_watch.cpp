#include "runtime/cluster/ack_watch.h"

namespace lotmesh::cluster {

bool AckWatch::overdue(const View& view, const PeerLink& link, Instant now, Duration ack_timeout) {
    if (view.in_flight_bytes() == 0) {
        oldest_.reset();
        return false;
    }
    if (!oldest_ || oldest_->base != view.base() || oldest_->conn != link.conn())
        oldest_ = Oldest{view.base(), link.conn(), link.next_heartbeat(), std::nullopt};
    if (!oldest_->arrived_at && link.has_arrived(oldest_->heartbeat)) oldest_->arrived_at = now;
    return oldest_->arrived_at && now - *oldest_->arrived_at >= ack_timeout;
}

}  // namespace lotmesh::cluster
