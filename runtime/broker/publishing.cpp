#include "runtime/broker/publishing.h"

#include "base/assert.h"
#include "base/utf8.h"
#include "runtime/broker/fan_out.h"
#include "runtime/mqtt/property.h"

namespace lotmesh::broker {
namespace {

// [MQTT-3.3.1-5] [MQTT-3.3.1-6] [MQTT-3.3.1-7]
void retain(Turn& turn, const MessageRef& message, const Principal* writer) {
    if (turn.state.retained.apply(message, turn.now, writer) == RetainedStore::Applied::Full)
        ++turn.state.counters.drops.retained_full;
}

}  // namespace

Published publish(Turn& turn, MessageParts parts, OnQuota on_quota, const Principal* writer) {
    State& state = turn.state;
    if (parts.retain) parts.version = Version{state.hlc.next(turn.now.wall), state.config.node};
    const MessageRef message = MessageRef::make(parts);

    Published published;
    if (on_quota == OnQuota::Refuse && state.config.limits.queue_refuses &&
        is_wanted_by_a_full_queue(turn, message)) {
        published.quota_full = true;
        return published;
    }
    const Forwarded forwarded = state.cluster.forward(message, turn.now);
    if (forwarded == Forwarded::QuotaFull) {
        if (on_quota == OnQuota::Refuse) {
            published.quota_full = true;
            return published;
        }
        ++state.counters.drops.quota;
    }
    if (message->version()) retain(turn, message, writer);  // and no other one [MQTT-3.3.1-8]
    const FanOut here = fan_out(turn, message);             // [MQTT-4.5.0-1]
    published.matched = here.matched || forwarded == Forwarded::Accepted;
    published.above_high = here.above_high;
    return published;
}

const Principal* writer_of(const State& state, const Session& session) {
    const bool ruled = session.authority != nullptr && state.config.limits.retained_checks_source;
    return ruled ? &session.principal : nullptr;
}

bool checked_source(Turn& turn, const MessageRef& message) {
    State& state = turn.state;
    if (state.policy_changes == 0 ||
        state.retained.may_still_be_written(message, state.policy, state.policy_changes))
        return true;
    ++state.counters.denied.retained_sources;
    return false;
}

bool has_payload_as_said(const mqtt::PublishProperties& properties, ByteView payload) {
    return properties.forwarded.empty() || !mqtt::says_utf8(properties.forwarded) ||
           is_utf8(as_text(payload));
}

void publish_sys_message(Turn& turn, std::string_view topic, std::string_view payload) {
    ASSERT(topic.starts_with("$SYS/"));
    State& state = turn.state;
    const MessageRef message =
        MessageRef::make({.topic = topic,
                          .forwarded_properties = {},
                          .payload = as_bytes(payload),
                          .retain = true,
                          .expires_at = std::nullopt,
                          .accepted_at = turn.now.instant,
                          .version = Version{HlcTime{++state.sys_versions}, state.config.node}});
    state.sys_retained.apply(message, turn.now);
    fan_out(turn, message);
}

void publish_sys_line(Turn& turn, std::string_view topic, std::string_view payload) {
    MessageParts parts;
    parts.topic = topic;
    parts.payload = as_bytes(payload);
    parts.accepted_at = turn.now.instant;
    fan_out(turn, MessageRef::make(parts));
}

void publish_command_answer(Turn& turn, const ReplyTo& to, std::string_view answer) {
    MessageParts parts;
    parts.topic = kCommandOutputTopic;
    parts.payload = as_bytes(answer);
    parts.qos = mqtt::QoS::AtLeastOnce;
    parts.accepted_at = turn.now.instant;
    parts.forwarded_properties = to.properties;
    fan_out(turn, MessageRef::make(parts));
    if (to.topic.empty() || to.topic.starts_with('$')) return;
    parts.topic = to.topic;
    publish(turn, parts, OnQuota::DeliverHere);
}

void deliver_from_peer(Turn& turn, const MessageRef& message) {
    // A clock too far ahead: delivered, since it was published, but not kept.
    if (message->version() && turn.state.hlc.observe(message->version()->time, turn.now.wall))
        retain(turn, message, nullptr);
    fan_out(turn, message);
}

Merged merge_retained_from_peer(Turn& turn, const RetainedEntry& entry) {
    State& state = turn.state;
    if (!state.hlc.observe(entry.version.time, turn.now.wall)) return Merged::Refused;
    MessageRef message = entry.message;
    if (!message) {
        message = MessageRef::make({.topic = entry.topic,
                                    .forwarded_properties = {},
                                    .payload = {},
                                    .qos = mqtt::QoS::AtLeastOnce,
                                    .retain = true,
                                    .expires_at = std::nullopt,
                                    .accepted_at = turn.now.instant,
                                    .version = entry.version});
    }
    ASSERT(message->version() == entry.version && message->topic() == entry.topic);
    // A deletion of what was never here is no news to anybody.
    const bool was_missed = entry.message ? true : state.retained.has_live(entry.topic);
    const bool is_news = was_missed && !entry.follows_in_log;
    switch (state.retained.apply(message, turn.now)) {
        case RetainedStore::Applied::Changed:
            if (is_news) fan_out(turn, message);
            return Merged::Changed;
        case RetainedStore::Applied::NotNewer: return Merged::Known;
        case RetainedStore::Applied::Full: ++state.counters.drops.retained_full; break;
    }
    return Merged::Full;
}

}  // namespace lotmesh::broker
