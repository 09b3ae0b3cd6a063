#include "runtime/broker/will.h"

#include <algorithm>

#include "base/assert.h"
#include "runtime/broker/auditing.h"
#include "runtime/broker/authorising.h"
#include "runtime/broker/expiry.h"
#include "runtime/broker/publishing.h"

namespace lotmesh::broker {

std::unique_ptr<StoredWill> store_will(const mqtt::Will& will, const Session& session) {
    auto stored = std::make_unique<StoredWill>();
    stored->topic = will.topic;
    stored->payload.assign(will.payload.begin(), will.payload.end());
    stored->forwarded_properties = will.properties.forwarded;  // [MQTT-3.1.3-10]
    stored->message_expiry_interval_sec = will.properties.message_expiry_interval_sec;
    stored->delay_sec = will.properties.will_delay_interval_sec.value_or(0);
    stored->qos = will.qos;
    stored->retain = will.retain;
    stored->publisher = session.publisher;
    return stored;
}

void schedule_will(Turn& turn, Session& session) {
    if (!session.will) return;
    if (session.will->delay_sec == 0) {
        will_delay_passed(turn, session);
        return;
    }
    session.will_at = turn.now.instant + Duration::seconds(session.will->delay_sec);
    arm_session_timer(turn.state, session);
}

void publish_will_at_end(Turn& turn, Session& session) {
    if (session.will) will_delay_passed(turn, session);
}

void will_delay_passed(Turn& turn, Session& session) {
    ASSERT(session.will != nullptr);
    const std::unique_ptr<StoredWill> will = std::move(session.will);  // [MQTT-3.1.2-10]
    session.will_at = std::nullopt;
    if (!may_will(session.authority.get(), will->topic, will->retain)) {
        ++turn.state.counters.denied.wills;
        return audit(turn, AuditKind::WillDenied, session.principal, will->topic);
    }
    const Principal* writer = will->retain ? writer_of(turn.state, session) : nullptr;
    if (writer != nullptr) will->writer = std::make_unique<const Principal>(*writer);
    turn.state.wills_due.push_back(std::move(*will));
}

void publish_due_wills(Turn& turn) {
    std::vector<StoredWill> wills;
    wills.swap(turn.state.wills_due);
    for (const StoredWill& will : wills) {
        std::optional<Instant> expires_at;
        if (will.message_expiry_interval_sec)
            expires_at = turn.now.instant + Duration::seconds(*will.message_expiry_interval_sec);
        // A will cannot be refused: who wrote it is gone. What has no room at a peer is counted.
        (void)publish(turn,
                      {.topic = will.topic,
                       .forwarded_properties = will.forwarded_properties,
                       .payload = will.payload,
                       .qos = will.qos,
                       .retain = will.retain,  // [MQTT-3.1.2-14] [MQTT-3.1.2-15]
                       .expires_at = expires_at,
                       .accepted_at = turn.now.instant,
                       .publisher = will.publisher,
                       .version = std::nullopt},
                      OnQuota::DeliverHere, will.writer.get());
    }
}

}  // namespace lotmesh::broker
