#include "runtime/broker/publish_rate.h"

#include <algorithm>

#include "runtime/broker/backpressure.h"
#include "runtime/broker/expiry.h"

namespace lotmesh::broker {
namespace {

// Not shorter, so that a busy client is stopped some times a second and not for each message. It
// loses nothing by that: the time counts.
constexpr Duration kPauseMin = Duration::milliseconds(20);

std::optional<TokenBucket> bucket(std::uint64_t per_second) {
    if (per_second == 0) return std::nullopt;
    return TokenBucket(per_second, per_second);
}

}  // namespace

PublishBudget::PublishBudget(const Limits& limits)
    : messages_(bucket(limits.publishes_per_sec)), bytes_(bucket(limits.publish_bytes_per_sec)) {}

void PublishBudget::charge(Instant now, std::size_t bytes) {
    if (messages_) messages_->charge(now, 1);
    if (bytes_) bytes_->charge(now, bytes);
}

Instant PublishBudget::next() const {
    const Instant messages = messages_ ? messages_->next() : Instant();
    return bytes_ ? std::max(messages, bytes_->next()) : messages;
}

bool may_publish(Turn& turn, Connection& connection) {
    const Instant now = turn.now.instant;
    if (connection.publish_budget == nullptr || connection.publish_budget->next() <= now)
        return true;
    connection.reads_again_at = std::max(connection.publish_budget->next(), now + kPauseMin);
    pause_reading(turn, connection, PauseReason::Rate);
    arm_connection_timer(turn.state, connection);
    return false;
}

void note_published(Turn& turn, Connection& connection, std::size_t bytes) {
    const Limits& limits = turn.state.config.limits;
    if (!PublishBudget::is_limited(limits)) return;
    if (connection.publish_budget == nullptr)
        connection.publish_budget = std::make_unique<PublishBudget>(limits);
    connection.publish_budget->charge(turn.now.instant, bytes);
}

}  // namespace lotmesh::broker
