// How much a client publishes in a second: publishes_per_sec and publish_bytes_per_sec.
//
// Whoever is over it is not read from (PauseReason::Rate) until it is his time again, and never
// disconnected; what is sent to him goes on. One message may be more than a second has room for:
// then the next one waits as long as that takes. Peers are the cluster's, and do not come here.
#pragma once

#include <cstddef>
#include <optional>

#include "base/token_bucket.h"
#include "runtime/broker/limits.h"

namespace lotmesh::broker {

struct Connection;
struct Turn;

// Of one connection. Both limits are 0: there is no need for one.
class PublishBudget {
public:
    explicit PublishBudget(const Limits& limits);

    static bool is_limited(const Limits& limits) {
        return limits.publishes_per_sec != 0 || limits.publish_bytes_per_sec != 0;
    }

    void charge(Instant now, std::size_t bytes);
    // When one more message may be taken.
    Instant next() const;

private:
    std::optional<TokenBucket> messages_;
    std::optional<TokenBucket> bytes_;
};

// False: the connection is paused now.
bool may_publish(Turn& turn, Connection& connection);

// A PUBLISH of so many bytes was taken.
void note_published(Turn& turn, Connection& connection, std::size_t bytes);

}  // namespace lotmesh::broker
